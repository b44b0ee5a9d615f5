package io.spillway.dataplane.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacketBatchTest {
    private final PacketPool pool = new PacketPool(4);
    private final PacketBatch batch = new PacketBatch(4);

    @BeforeEach
    void fill() {
        while (!batch.isFull()) {
            batch.add(pool.acquire());
        }
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldKeepSurvivorsInOrder() {
        PacketBuffer second = batch.get(1);
        PacketBuffer fourth = batch.get(3);

        batch.set(0, second);
        batch.set(1, fourth);
        batch.truncate(2);

        assertEquals(2, batch.size());
        assertSame(second, batch.get(0));
        assertSame(fourth, batch.get(1));
    }

    @Test
    void shouldTakePacketsAwayFromTheFront() {
        PacketBuffer fourth = batch.get(3);

        batch.removeFirst(3);

        assertEquals(1, batch.size());
        assertSame(fourth, batch.get(0));
    }

    @Test
    void shouldBeEmptyWhenAllAreTakenAway() {
        batch.removeFirst(4);

        assertTrue(batch.isEmpty());
        assertThrows(AssertionError.class, () -> batch.get(0));
    }
}
