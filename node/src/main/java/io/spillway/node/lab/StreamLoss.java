package io.spillway.node.lab;

/**
 * What a window of a stream lost.
 *
 * @param longestGapNs the longest time, by the sender's clock, between two neighbours among the
 *     packets that arrived
 */
record StreamLoss(long sent, long lost, long longestGapNs) {
    /**
     * The outage: the longest gap, or the sum of all that was lost if that is more (an outage in
     * several pieces). 0 without loss.
     */
    double outageMs() {
        if (lost == 0) return 0;
        return Math.max(longestGapNs / 1e6, lost * UdpHost.INTERVAL_NS / 1e6);
    }
}
