package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandOverTest {
    private final PacketPool pool = new PacketPool(8);
    private final Counters counters = new Counters();
    private final PacketRing ring = new PacketRing(pool, 4);
    private final Doorbell doorbell = new Doorbell();
    private final HandOver handOver = new HandOver(ring, doorbell, new Drops(counters, pool));
    private final PacketBatch batch = new PacketBatch(8);
    private int rings;

    HandOverTest() {
        doorbell.onRing(() -> rings++);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldWakeTheSleeperOnceABatch() {
        doorbell.announceSleep();

        offer(3);

        assertEquals(1, rings);
        assertEquals(3, ring.size());
        assertTrue(batch.isEmpty());
    }

    @Test
    void shouldNotRingWhereNobodySleepsOrNothingIsGiven() {
        offer(2);
        doorbell.announceSleep();
        handOver.flush();
        offer(0);

        assertEquals(0, rings);
    }

    @Test
    void shouldNotRingOnceTheSleeperIsAwake() {
        doorbell.announceSleep();
        doorbell.awake();

        offer(1);

        assertEquals(0, rings);
    }

    @Test
    void shouldDropAndCountWhatTheRingDoesNotHold() {
        offer(7);

        assertEquals(4, ring.size());
        assertEquals(3, counters.dropped(DropReason.RING_FULL));
        assertEquals(4, pool.freeCount());
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            batch.add(pool.acquire());
        }
        handOver.process(batch);
    }
}
