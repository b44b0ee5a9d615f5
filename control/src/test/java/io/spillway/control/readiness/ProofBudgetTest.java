package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProofBudgetTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int LENGTH = 1400;

    @Test
    void shouldStayUnder64KbitPerSecondHoweverManyAsk() {
        ProofBudget budget = new ProofBudget(0);
        long bytes = 0;
        for (long nowNs = 0; nowNs < 600 * SECOND; nowNs += SECOND / 100) {
            bytes += budget.take(LENGTH, nowNs) ? 2 * LENGTH : 0; // ours, and one of the peer's
        }
        double kbitPerS = bytes * 8 / 600.0 / 1000;

        assertTrue(kbitPerS < 64, () -> kbitPerS + " kbit/s");
        assertTrue(kbitPerS > 50, () -> kbitPerS + " kbit/s");
    }

    @Test
    void shouldProveTheTunnelsOfASmallSiteAtOnce() {
        ProofBudget budget = new ProofBudget(0);
        int proven = 0;
        while (budget.take(LENGTH, 0)) {
            proven++;
        }
        int atOnce = proven;

        assertTrue(atOnce >= 25, () -> atOnce + " at once");
    }

    @Test
    void shouldStretchIntervalAndWindowTogether() {
        long costNs = 100 * ProofBudget.costNs(LENGTH);

        ProofConfig stretched = ProofConfig.DEFAULT.stretched(costNs);

        assertEquals(costNs, stretched.intervalNs());
        assertEquals(ProofConfig.CHANCES * costNs, stretched.windowNs());
        assertEquals(ProofConfig.DEFAULT, ProofConfig.DEFAULT.stretched(SECOND));
    }
}
