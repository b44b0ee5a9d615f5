package io.spillway.node.tunnel;

import io.spillway.crypto.record.RecordSealer;

/**
 * How much one session's keys may protect before a handshake makes new ones.
 *
 * @param afterNs since the session began
 * @param bytes of packets, both directions together
 */
public record RekeyLimits(long afterNs, long bytes) {
    /** DESIGN §4: before 24 hours, before 2^36 bytes. */
    public static final RekeyLimits DEFAULT =
            new RekeyLimits(23 * 3_600_000_000_000L, RecordSealer.REKEY_BYTES);
}
