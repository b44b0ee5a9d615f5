/** BFD with the routers of a site's LAN: sockets, thread and clock for the speaker. */
package io.spillway.node.bfd;
