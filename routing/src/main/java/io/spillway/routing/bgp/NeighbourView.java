package io.spillway.routing.bgp;

/**
 * A neighbour as it is shown. Immutable.
 *
 * @param establishedNs when, by the clock of the speaker's caller; meaningful while it is
 * @param holdTimeS negotiated; 0: none, or not established
 * @param isKeptStale its routes are kept while it restarts
 * @param lastEnd why the last connection ended; empty: none has
 * @param lastSent the last NOTIFICATION that we sent, in words; empty: none
 * @param lastReceived likewise
 */
public record NeighbourView(
        NeighbourConfig config,
        BgpState state,
        long establishedNs,
        int holdTimeS,
        int peerIdentifier,
        String capabilities,
        int ipv4Received,
        int ipv6Received,
        int advertised,
        boolean isKeptStale,
        NeighbourCounters counters,
        String lastEnd,
        String lastSent,
        String lastReceived) {}
