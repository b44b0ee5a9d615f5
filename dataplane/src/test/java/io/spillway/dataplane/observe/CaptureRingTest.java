package io.spillway.dataplane.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CaptureRingTest {
    private static final int ALL = (1 << CapturePoint.values().length) - 1;
    private static final int SNAP_LENGTH = 60_000;

    private final CapturePlan plan = new CapturePlan(ALL, SNAP_LENGTH, 2, 3);
    private final CaptureRing ring = new CaptureRing(plan, CaptureRing.LENGTH_MIN);
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[70_000]);
    private final List<Long> read = new ArrayList<>();

    @AfterEach
    void close() {
        ring.close();
    }

    @Test
    void shouldNumberPlacesInTheOrderOfTheWay() {
        List<Integer> places = new ArrayList<>();
        for (CapturePoint point : CapturePoint.values()) {
            places.add(plan.place(point, 0));
        }

        assertEquals(List.of(0, 2, 4, 5, 8, 11, 12, 14), places);
        assertEquals(18, plan.placeCount());
    }

    @Test
    void shouldNumberOnlyChosenPoints() {
        int points = CapturePoint.WAN_OUT.bit() | CapturePoint.DROP.bit();
        CapturePlan some = new CapturePlan(points, SNAP_LENGTH, 2, 3);

        assertEquals(2, some.place(CapturePoint.WAN_OUT, 2));
        assertEquals(3 + CapturePlan.PACKETS, some.place(CapturePoint.DROP, CapturePlan.PACKETS));
        assertEquals(7, some.placeCount());
        assertFalse(some.isChosen(CapturePoint.LAN_IN));
    }

    @Test
    void shouldHandOverWhatWasCommittedInOrder() {
        assertTrue(offer(1, 100));
        assertTrue(offer(2, 70_000));

        assertTrue(ring.hasNext());
        assertEquals(1, ring.nextNs());
        ring.take(this::onEntry);
        assertTrue(ring.hasNext());
        assertEquals(2, ring.nextNs());
        ring.take(this::onEntry);

        assertFalse(ring.hasNext());
        assertEquals(List.of(1L, 100L, 100L, 2L, 70_000L, (long) SNAP_LENGTH), read);
    }

    @Test
    void shouldCountWhatFindsNoRoom() {
        int taken = 0;
        while (offer(taken, 60_000)) {
            taken++;
        }
        offer(taken, 60_000);

        assertEquals(CaptureRing.LENGTH_MIN / (60_000 + CaptureEntry.LENGTH + 8), taken);
        assertEquals(2, ring.lost(3));
        assertEquals(0, ring.lost(4));
    }

    /** Many times around its end, where an entry may find too little room and begin anew. */
    @Test
    void shouldLoseNothingWhileItIsRead() {
        int entries = 2_000;
        for (int i = 0; i < entries; i++) {
            assertTrue(offer(i, 37 * i % 50_000));
            assertTrue(ring.hasNext(), "at " + i);
            assertEquals(i, ring.nextNs());
            ring.take(this::onEntry);
        }

        assertEquals(3 * entries, read.size());
        assertEquals(0, ring.lost(3));
    }

    private boolean offer(long timeNs, int length) {
        int entry = ring.claim(3, packet, 0, length);
        if (entry == CaptureRing.FULL) {
            return false;
        }
        CaptureEntry.packet(ring.memory(), entry, timeNs, 1);
        ring.commit(entry);
        return true;
    }

    private void onEntry(MutableDirectBuffer memory, int entry, int kept) {
        assertEquals(3, CaptureEntry.place(memory, entry));
        assertEquals(CaptureEntry.NONE, CaptureEntry.tunnel(memory, entry));
        read.add(CaptureEntry.timeNs(memory, entry));
        read.add((long) CaptureEntry.packetLength(memory, entry));
        read.add((long) kept);
    }
}
