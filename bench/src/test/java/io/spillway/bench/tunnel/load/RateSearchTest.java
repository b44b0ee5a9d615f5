package io.spillway.bench.tunnel.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RateSearchTest {
    private static final double SECONDS = 1;

    @Test
    void shouldFindTheHighestRateWithoutLoss() throws IOException, InterruptedException {
        for (double limit : new double[] {7, 39, 41, 100, 777}) {
            double found = new RateSearch(40).highest(kpps -> lossy(kpps, limit));

            assertEquals(limit, found, limit * 0.05);
        }
    }

    @Test
    void shouldCountWhatASlowSenderReached() throws IOException, InterruptedException {
        double found = new RateSearch(40).highest(kpps -> tally(Math.min(kpps, 90), 1));

        assertEquals(90, found, 1);
    }

    @Test
    void shouldTryAgainBeforeItBelievesALoss() throws IOException, InterruptedException {
        boolean[] hasHiccuped = {false};

        double found =
                new RateSearch(40)
                        .highest(
                                kpps -> {
                                    if (kpps > 70 && !hasHiccuped[0]) {
                                        hasHiccuped[0] = true;
                                        return tally(kpps, 0.9);
                                    }
                                    return lossy(kpps, 300);
                                });

        assertEquals(300, found, 15);
    }

    @Test
    void shouldGiveUpOnADeadPath() throws IOException, InterruptedException {
        assertEquals(0, new RateSearch(40).highest(kpps -> tally(kpps, 0)));
    }

    @Test
    void shouldAcceptHalfAPercentOfLoss() {
        assertTrue(new UdpTally(1000, 995, SECONDS).loss() <= RateSearch.LOSS_MAX);
        assertTrue(new UdpTally(1000, 994, SECONDS).loss() > RateSearch.LOSS_MAX);
        assertEquals(1, new UdpTally(0, 0, SECONDS).loss());
    }

    private static UdpTally lossy(double kpps, double limit) {
        return tally(kpps, Math.min(1, limit / kpps));
    }

    private static UdpTally tally(double kpps, double arriving) {
        long sent = Math.round(kpps * 1000 * SECONDS);
        return new UdpTally(sent, Math.round(sent * arriving), SECONDS);
    }
}
