package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A cause outside every process, and what one site must say of it.
 *
 * @param cause for people
 * @param expected what must be said, of each of the peers
 * @param before codes that are true too until that one can be known
 * @param observed the site that is asked
 * @param peers those it must miss over the link, no others; empty: it is the link that is asked
 * @param link that is at fault; of the others nothing may be said
 * @param limitMs within which it must be said
 */
record ReasonCase(
        String cause,
        Said expected,
        Set<String> before,
        NodeProcess observed,
        List<NodeProcess> peers,
        String link,
        double limitMs,
        Deed make,
        Deed clear) {
    static final String FIRST_LINK = LabUplink.FIRST.link();

    /** What is done to the world. */
    interface Deed {
        void run() throws IOException, InterruptedException, LabException;
    }

    /** What a site says of one of its peers, or of a link. */
    record Said(String code, String side) {
        @Override
        public String toString() {
            return side.isEmpty() ? code : code + " " + side;
        }
    }

    ReasonCase {
        before = Set.copyOf(before);
        peers = List.copyOf(peers);
    }

    static ReasonCase of(
            String code,
            String side,
            NodeProcess observed,
            List<NodeProcess> peers,
            String cause,
            Deed make,
            Deed clear) {
        return new ReasonCase(
                cause,
                new Said(code, side),
                Set.of(),
                observed,
                peers,
                FIRST_LINK,
                2.0 * ReasonsStory.WINDOW_MS,
                make,
                clear);
    }

    ReasonCase after(String... codes) {
        return new ReasonCase(
                cause, expected, Set.of(codes), observed, peers, link, limitMs, make, clear);
    }

    ReasonCase over(LabUplink uplink) {
        return new ReasonCase(
                cause, expected, before, observed, peers, uplink.link(), limitMs, make, clear);
    }

    String name() {
        return expected.code() + ", " + cause;
    }
}
