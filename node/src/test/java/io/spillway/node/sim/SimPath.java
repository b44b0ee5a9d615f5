package io.spillway.node.sim;

/** What the simulated network does to datagrams of one direction between two places. */
public final class SimPath {
    private static final long MS = 1_000_000L;

    long delayNs = 5 * MS;
    long jitterNs;
    long reorderNs;
    double reorder;
    double loss;
    double duplicate;
    boolean isCut;
    long lastArrivalNs;
    boolean isUsed;

    /** Datagrams that set out on it, those that were lost on the way included. */
    int carried;

    public SimPath delayMs(long ms) {
        delayNs = ms * MS;
        return this;
    }

    /** Up to so much more, order kept. */
    public SimPath jitterMs(long ms) {
        jitterNs = ms * MS;
        return this;
    }

    /** Share of datagrams that come up to so much later than those behind them. */
    public SimPath reorder(double share, long ms) {
        reorder = share;
        reorderNs = ms * MS;
        return this;
    }

    public SimPath loss(double share) {
        loss = share;
        return this;
    }

    public SimPath duplicate(double share) {
        duplicate = share;
        return this;
    }
}
