package io.spillway.bench.tunnel.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class IperfTest {
    private static final String REPORT =
            """
            nice: cannot set niceness: Permission denied
            {"intervals": [
               {"sum": {"bytes": 125000000, "omitted": true}},
               {"sum": {"bytes": 250000000}}, {"sum": {"bytes": 250000000}}],
             "end": {"sum_sent": {"bits_per_second": 2.1e9},
                     "sum_received": {"bits_per_second": 2.0e9}}}
            """;

    @Test
    void shouldTellTheReceiversRateAndAllThatWasMoved() throws IOException {
        Iperf.Throughput throughput = Iperf.parse(REPORT);

        assertEquals(2.0, throughput.gbps());
        assertEquals(5.0, throughput.gigabits(), 1e-9);
    }

    @Test
    void shouldPassOnWhatIperfComplainsOf() {
        String report = "{\"error\": \"unable to connect to server\"}";

        IOException refused = assertThrows(IOException.class, () -> Iperf.parse(report));

        assertEquals("iperf3: unable to connect to server", refused.getMessage());
    }

    @Test
    void shouldNotTakeSilenceForAReport() {
        for (String output : new String[] {"", "Killed\n", "{\"end\": {}}", "{\"end\": "}) {
            IOException refused = assertThrows(IOException.class, () -> Iperf.parse(output));
            assertTrue(refused.getMessage().startsWith("iperf3: "), refused.getMessage());
        }
    }
}
