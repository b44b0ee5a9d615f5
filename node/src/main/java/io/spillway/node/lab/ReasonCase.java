package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A cause outside every process, and what one site must say of it.
 *
 * @param code that must be said, of each of {@code peers}
 * @param side at which it must be said to be
 * @param before codes that are true too until that one can be known
 * @param observed the site that is asked
 * @param peers those it must miss over its link, no others; empty: it is the link that is asked
 * @param limitMs within which it must be said
 */
record ReasonCase(
        String code,
        String side,
        Set<String> before,
        NodeProcess observed,
        List<NodeProcess> peers,
        double limitMs,
        Deed make,
        Deed clear) {
    /** What is done to the world. */
    interface Deed {
        void run() throws IOException, InterruptedException, LabException;
    }

    ReasonCase {
        before = Set.copyOf(before);
        peers = List.copyOf(peers);
    }
}
