package io.spillway.bench.tunnel.load;

/** What one UDP run sent and what arrived. */
public record UdpTally(long sent, long received, double seconds) {
    private static final double PER_KILO = 1e3;

    public double offeredKpps() {
        return sent / seconds / PER_KILO;
    }

    public double deliveredKpps() {
        return received / seconds / PER_KILO;
    }

    /** Between 0 and 1. */
    public double loss() {
        return sent == 0 ? 1 : Math.max(0, sent - received) / (double) sent;
    }
}
