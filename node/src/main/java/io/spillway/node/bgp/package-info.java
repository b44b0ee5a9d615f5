/** The TCP connections of BGP: bytes between the site's speaker and the routers on its LAN. */
package io.spillway.node.bgp;
