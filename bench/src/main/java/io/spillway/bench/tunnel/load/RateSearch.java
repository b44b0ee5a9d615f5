package io.spillway.bench.tunnel.load;

import java.io.IOException;

/**
 * Looks for the highest rate that gets through with little loss: doubles until it does not, then
 * halves the gap.
 */
public final class RateSearch {
    /** The share that may be lost. */
    public static final double LOSS_MAX = 0.005;

    private static final double OFFERED_MIN = 0.97;
    private static final double RESOLUTION = 1.04;
    private static final int TRIALS_MAX = 24;
    private static final int ATTEMPTS = 2;

    private final double startKpps;
    private double best;
    private int trials;

    public RateSearch(double startKpps) {
        this.startKpps = startKpps;
    }

    /** Sends at a rate. */
    @FunctionalInterface
    public interface Trial {
        UdpTally at(double kpps) throws IOException, InterruptedException;
    }

    /**
     * @return delivered kpps of the best trial, 0 when not even {@code startKpps / 16} gets through
     */
    public double highest(Trial trial) throws IOException, InterruptedException {
        double good = startKpps;
        while (good >= startKpps / 16 && !passes(trial, good)) {
            good /= 2;
        }
        double bad = good * 2;
        while (trials < TRIALS_MAX && passes(trial, bad)) {
            good = bad;
            bad *= 2;
        }
        while (trials < TRIALS_MAX && bad / good > RESOLUTION) {
            double middle = Math.sqrt(good * bad);
            if (passes(trial, middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return best;
    }

    /** A rate the sending host does not reach does not pass, but what it reached counts. */
    private boolean passes(Trial trial, double kpps) throws IOException, InterruptedException {
        for (int i = 0; i < ATTEMPTS; i++) {
            trials++;
            UdpTally tally = trial.at(kpps);
            if (tally.loss() <= LOSS_MAX) {
                best = Math.max(best, tally.deliveredKpps());
                return tally.offeredKpps() >= OFFERED_MIN * kpps;
            }
        }
        return false;
    }
}
