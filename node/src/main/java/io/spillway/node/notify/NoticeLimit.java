package io.spillway.node.notify;

/** How many notices one target gets: some at once, then one now and then. One owner. */
final class NoticeLimit {
    static final int BURST = 30;
    static final long EACH_NS = 20_000_000_000L;

    private long paidNs;

    NoticeLimit(long nowNs) {
        paidNs = nowNs - BURST * EACH_NS;
    }

    /** Whether one more may go now. */
    boolean take(long nowNs) {
        long floorNs = nowNs - BURST * EACH_NS;
        if (paidNs - floorNs < 0) {
            paidNs = floorNs;
        }
        if (nowNs - paidNs < EACH_NS) {
            return false;
        }
        paidNs += EACH_NS;
        return true;
    }
}
