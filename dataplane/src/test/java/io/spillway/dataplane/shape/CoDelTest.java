package io.spillway.dataplane.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By the text of RFC 8289. */
class CoDelTest {
    private static final long MS = 1_000_000;
    private static final int MUCH = 100_000;

    private final CoDel coDel = new CoDel(CoDel.TARGET_NS);
    private long nowNs = Long.MAX_VALUE - 150 * MS; // the clock may overflow

    @Test
    void shouldWaitAnIntervalBeforeTheFirst() {
        assertEquals(List.of(100L), due(100, 10 * MS));
    }

    @Test
    void shouldComeFasterByTheSquareRoot() {
        List<Long> due = due(400, 10 * MS);

        // 100, then 100/sqrt(1), 100/sqrt(2), 100/sqrt(3), 100/sqrt(4) later
        assertEquals(List.of(100L, 200L, 271L, 329L, 379L), due);
    }

    @Test
    void shouldLetAQueuePassThatIsQuickNowAndThen() {
        for (int i = 0; i < 50; i++) {
            assertEquals(List.of(), due(90, 10 * MS));
            assertFalse(coDel.isDue(4 * MS, MUCH, nowNs));
        }
    }

    @Test
    void shouldSpareTheLastPacketOfAQueue() {
        for (int i = 0; i < 500; i++) {
            assertFalse(coDel.isDue(500 * MS, CoDel.MTU, nowNs));
            nowNs += MS;
        }
    }

    @Test
    void shouldGoOnWhereItEndedAMomentAgo() {
        due(1000, 10 * MS);
        coDel.isDue(MS, MUCH, nowNs);

        List<Long> due = due(200, 10 * MS);

        assertEquals(100L, due.get(0));
        assertTrue(due.size() > 3, due::toString);
    }

    /** When within so many milliseconds, a packet each, all of that sojourn. */
    private List<Long> due(int ms, long sojournNs) {
        List<Long> due = new ArrayList<>();
        for (long i = 0; i <= ms; i++) {
            if (coDel.isDue(sojournNs, MUCH, nowNs)) {
                due.add(i);
            }
            nowNs += MS;
        }
        return due;
    }
}
