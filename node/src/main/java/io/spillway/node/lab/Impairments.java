package io.spillway.node.lab;

import java.util.HashMap;
import java.util.Map;

/**
 * What every path through the lab's Internet does. That of the sender's address goes before that of
 * the receiver's, and that before the common one: a packet suffers one of them, once.
 *
 * @param from by the sender's IPv4 address
 * @param to by the receiver's
 */
record Impairments(Impairment common, Map<Integer, Impairment> from, Map<Integer, Impairment> to) {
    private static final int SOURCE_OFFSET = 12; // RFC 791 §3.1
    private static final int DESTINATION_OFFSET = 16;

    Impairments {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }

    static Impairments everywhere(Impairment common) {
        return new Impairments(common, Map.of(), Map.of());
    }

    /** Whatever that address sends. */
    Impairments from(String address, Impairment impairment) {
        return new Impairments(common, with(from, address, impairment), to);
    }

    /** Whatever is sent to that address. */
    Impairments to(String address, Impairment impairment) {
        return new Impairments(common, from, with(to, address, impairment));
    }

    private static Map<Integer, Impairment> with(
            Map<Integer, Impairment> before, String address, Impairment impairment) {
        Map<Integer, Impairment> after = new HashMap<>(before);
        after.put(CapturedPacket.address(address), impairment);
        return after;
    }

    /** For the IPv4 packet that is first in the line's free slot. */
    Impairment of(DelayLine line) {
        if (from.isEmpty() && to.isEmpty()) return common;
        Impairment bySource = from.get(line.incomingInt(SOURCE_OFFSET));
        if (bySource != null) return bySource;
        return to.getOrDefault(line.incomingInt(DESTINATION_OFFSET), common);
    }
}
