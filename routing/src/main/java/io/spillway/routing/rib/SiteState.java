package io.spillway.routing.rib;

/** All routes of one site in one generation of the PoP's state; immutable. */
record SiteState(long generation, PrefixSet prefixes) {
    static final SiteState NONE = new SiteState(0, PrefixSet.EMPTY);
}
