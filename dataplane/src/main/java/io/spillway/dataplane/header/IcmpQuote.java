package io.spillway.dataplane.header;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The part of a packet that an ICMP error gives back to its sender. */
final class IcmpQuote {
    private IcmpQuote() {}

    /** Copies the beginning of a packet; returns how many bytes, at most {@code max}. */
    static int write(
            DirectBuffer packet,
            int offset,
            int length,
            int max,
            MutableDirectBuffer out,
            int outOffset) {
        int quoted = Math.min(length, max);
        out.putBytes(outOffset, packet, offset, quoted);
        return quoted;
    }
}
