package io.spillway.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DpdkReferenceTest {
    private static final String OUTPUT =
            """
            RTE>>fib_perf_autotest
            Average FIB Add: 2349.78 cycles
            BULK FIB Lookup: 62.4 cycles (fails = 12.5%)
            Average FIB Delete: 4524.16 cycles
            Average LPM Lookup: 31.0 cycles (fails = 12.5%)
            BULK LPM Lookup: 23.5 cycles (fails = 12.5%)
            LPM LookupX4: 24.0 cycles (fails = 12.5%)
            Test OK
            """;

    @Test
    void shouldFindTheLookupsInWhatDpdkSays() {
        assertEquals(
                Map.of(
                        "BULK FIB Lookup",
                        62.4,
                        "Average LPM Lookup",
                        31.0,
                        "BULK LPM Lookup",
                        23.5),
                DpdkReference.lookups(OUTPUT));
    }

    @Test
    void shouldTakeTheCounterFromTheBogomips() throws IOException {
        assertEquals(2.6, DpdkReference.cyclesPerNs("cpu MHz : 1\nbogomips\t: 5200.00\n"), 1e-9);
        assertThrows(IOException.class, () -> DpdkReference.cyclesPerNs("BogoMIPS : 50\n"));
    }
}
