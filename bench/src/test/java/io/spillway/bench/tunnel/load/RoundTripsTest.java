package io.spillway.bench.tunnel.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    @Test
    void shouldTellQuantiles() {
        long[] sortedNs = LongStream.rangeClosed(1, 1000).map(us -> us * 1000).toArray();
        UdpEcho.RoundTrips trips = new UdpEcho.RoundTrips(sortedNs, 0);

        assertEquals(500, trips.quantileUs(0.50));
        assertEquals(990, trips.quantileUs(0.99));
        assertEquals(1, trips.quantileUs(0));
    }
}
