package io.spillway.routing.rib;

/**
 * Where a route was learned. The order is the preference: for an equal prefix the earlier source is
 * used, so that everything local goes before what other sites announce.
 */
public enum RouteSource {
    /** An address or network of one of our own ports. */
    CONNECTED,
    /** Configured by hand. */
    STATIC,
    /** Announced by a router on the LAN. */
    BGP,
    /** Announced by another site, through the PoP. */
    CLOUD,
    /** Configured by hand: what the PoP is to know of that no site announces. */
    POP;

    public boolean isLocal() {
        return this != CLOUD;
    }
}
