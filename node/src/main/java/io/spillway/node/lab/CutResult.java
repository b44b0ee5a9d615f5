package io.spillway.node.lab;

import java.util.List;

/**
 * One cut and the return after it.
 *
 * @param number from 1
 * @param recoveredMs from the cut until all sites said RECOVERY; -1: not in time
 * @param returnedMs from the return of the PoP until all sites said CLOUD for all peers; -1: not in
 *     time
 * @param throughputGbps of the burst in recovery; NaN: nothing came through
 * @param returnLost packets of all streams lost in the return
 */
record CutResult(
        int number,
        CutKind kind,
        long cutEpochMs,
        long restoredEpochMs,
        long recoveredMs,
        long returnedMs,
        List<Outage> outages,
        double throughputGbps,
        long returnLost) {

    /** What one direction lost by the cut. */
    record Outage(Direction direction, double ms, long lost) {}

    double outageMaxMs() {
        return outages.stream().mapToDouble(Outage::ms).max().orElse(0);
    }

    long lost() {
        return outages.stream().mapToLong(Outage::lost).sum();
    }

    /** Something must have been felt, else the PoP was not really away. */
    boolean wasCut() {
        return lost() > 0 || recoveredMs >= 0;
    }
}
