package io.spillway.routing.rib;

import io.spillway.routing.fib.Prefix;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** All routes of one site in one generation of the PoP's state; immutable. */
record SiteState(long generation, Set<Prefix> prefixes) {
    static final SiteState NONE = new SiteState(0, Set.of());

    SiteState {
        prefixes = Set.copyOf(prefixes);
    }

    static SiteState of(long generation, Collection<Prefix> prefixes) {
        return new SiteState(generation, Set.copyOf(prefixes));
    }

    SiteState with(long generation, Collection<Prefix> withdrawn, Collection<Prefix> announced) {
        Set<Prefix> prefixes = new HashSet<>(this.prefixes);
        withdrawn.forEach(prefixes::remove);
        prefixes.addAll(announced);
        return new SiteState(generation, prefixes);
    }
}
