package io.spillway.control.readiness;

/**
 * Keeps the proofs of one WAN link under 64 kbit/s: what was not used is saved up to ten seconds
 * long, so that the tunnels of a site that starts are proven at once. Owned by control.
 */
public final class ProofBudget {
    public static final long BITS_PER_SECOND = 64_000;

    private static final long SAVED_NS = 10_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    /** Outer headers, record and tag around the packet, bytes, with IPv6 outside. */
    private static final int OVERHEAD = 40 + 8 + 13 + 4 + 8 + 2 + 16;

    /** The peer proves the tunnel too, and is answered. */
    private static final int ECHOES = 2;

    private long spentNs;

    /** Begins with all saved. */
    public ProofBudget(long nowNs) {
        spentNs = nowNs - SAVED_NS;
    }

    /** Whether an echo with that packet may go out now, which is then paid for. */
    public boolean take(int packetLength, long nowNs) {
        long floorNs = nowNs - SAVED_NS;
        if (spentNs - floorNs < 0) {
            spentNs = floorNs;
        }
        if (spentNs - nowNs > 0) {
            return false;
        }
        spentNs += costNs(packetLength);
        return true;
    }

    /** For how long the link is taken by one echo there and one of the peer's. */
    public static long costNs(int packetLength) {
        return (long) (packetLength + OVERHEAD) * Byte.SIZE * ECHOES * NS_PER_S / BITS_PER_SECOND;
    }
}
