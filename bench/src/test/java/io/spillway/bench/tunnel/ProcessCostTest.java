package io.spillway.bench.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProcessCostTest {
    @Test
    void shouldAddUserAndSystemTimeWhateverTheProcessIsCalled() {
        String stat = "42 (a b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 150 9 9 20 0 1 0 5";

        assertEquals(4.0, ProcessCost.cpuSeconds(stat));
    }

    @Test
    void shouldReadResidentMemory() {
        assertEquals(
                5120, ProcessCost.residentKib("Name:\tx\nVmPeak:\t 9 kB\nVmRSS:\t    5120 kB\n"));
        assertEquals(0, ProcessCost.residentKib("Name:\tzombie\n"));
    }
}
