package io.spillway.bench.tunnel.load;

/**
 * Says how many packets are due at a rate. Who was late may catch up on a little only: the rest is
 * forgiven, since a burst would measure queues.
 */
final class PacingClock {
    private static final double NS_PER_S = 1e9;

    private final double packetsPerNs;
    private final long burstMax;
    private final long startNs;
    private long given;
    private long forgiven;

    /**
     * @param burstMax most packets due at once
     */
    PacingClock(double packetsPerSecond, long burstMax, long startNs) {
        this.packetsPerNs = packetsPerSecond / NS_PER_S;
        this.burstMax = burstMax;
        this.startNs = startNs;
    }

    /** Packets to be sent now; they count as sent. */
    long take(long nowNs) {
        long due = (long) ((nowNs - startNs) * packetsPerNs) - given - forgiven;
        if (due > burstMax) {
            forgiven += due - burstMax;
            due = burstMax;
        }
        given += due;
        return due;
    }
}
