/**
 * How the routes of a site travel: as a whole first, as differences from then on, in parts that fit
 * a frame. The same between site and PoP, either way, and between PoP nodes. No sockets, no
 * threads.
 */
package io.spillway.control.route;
