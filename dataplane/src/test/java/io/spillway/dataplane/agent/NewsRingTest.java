package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NewsRingTest {
    private static final int MAX = 4096;

    private final PacketPool pool = new PacketPool(4);
    private final PacketRing handshakes = new PacketRing(pool, 4);
    private final NewsRing ring = new NewsRing(handshakes, pool.newWayHome());
    private final List<String> heard = new ArrayList<>();
    private int ringCount;

    NewsRingTest() {
        ring.onNews(() -> ringCount++);
    }

    @AfterEach
    void free() {
        pool.close();
    }

    @Test
    void shouldLetProbesWaitUntilControlLooks() {
        ring.onProbe(1, 0, 0, 2);
        ring.onProbeReply(1, 0, 7, 2, 0, 0);
        ring.announce();

        assertEquals(0, ringCount);
        assertFalse(ring.isUrgent());
        assertEquals(2, ring.drain(new Recorder(heard), MAX));
    }

    @Test
    void shouldRingForWhatIsUrgentOnce() {
        ring.onProbe(1, 1, 0, 2);
        ring.hurry();
        ring.announce();
        assertEquals(1, ringCount);

        ring.drain(new Recorder(heard), MAX);
        ring.onProbe(1, 1, 0, 2);
        ring.announce();
        assertEquals(1, ringCount);
    }

    @Test
    void shouldRingForSessionsAndHandshakes() {
        ring.onAuthenticated(1, 9);
        assertTrue(ring.isUrgent());
        ring.drain(new Recorder(heard), MAX);
        ring.onClose(1);
        assertTrue(ring.isUrgent());
        ring.drain(new Recorder(heard), MAX);
        assertFalse(ring.isUrgent());

        handshakes.offer(pool.acquire());
        assertTrue(ring.isUrgent());
    }

    /** Also where the next message begins at the start of the ring's memory again. */
    @Test
    void shouldLeaveNothingBehind() {
        for (int i = 0; i < 10_000; i++) {
            ring.onProbe(1, 0, 0, 2);
            ring.hurry();
            assertEquals(1, ring.drain(new Recorder(heard), MAX), "probe " + i);
        }
    }

    /** Thousands of tunnels would fill it before control looks by itself. */
    @Test
    void shouldRingBeforeNewsAreLost() {
        while (!ring.isUrgent()) {
            ring.onProbe(1, 0, 0, 2);
            assertEquals(0, ring.lost());
        }
        ring.announce();

        assertEquals(1, ringCount);
        ring.drain(new Recorder(heard), MAX);
        assertFalse(ring.isUrgent());
    }
}
