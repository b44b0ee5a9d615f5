package io.spillway.node.pop.api;

import java.time.Instant;
import java.util.List;

/**
 * The account as the PoP knew it at one moment. Names are those of the schema; what it has not got
 * is answered with null. Immutable, as all that it is made of.
 */
public record AccountSnapshot(String id, Instant timestamp, List<SiteSnapshot> sites) {
    public AccountSnapshot {
        sites = List.copyOf(sites);
    }
}
