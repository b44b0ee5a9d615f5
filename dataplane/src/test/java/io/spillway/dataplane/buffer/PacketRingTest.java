package io.spillway.dataplane.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.sim.Sim;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketRingTest {
    private final PacketPool pool = new PacketPool(16);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldHandOnInOrder() {
        PacketRing ring = new PacketRing(pool, 4);
        PacketBuffer first = pool.acquire();
        PacketBuffer second = pool.acquire();

        assertTrue(ring.offer(first) && ring.offer(second));

        assertSame(first, ring.poll());
        assertSame(second, ring.poll());
        assertNull(ring.poll());
    }

    @Test
    void shouldRefuseWhenFullAndTakeAgainAfterAPoll() {
        PacketRing ring = new PacketRing(pool, 3);
        assertEquals(4, ring.capacity());
        for (int i = 0; i < 4; i++) {
            assertTrue(ring.offer(pool.acquire()));
        }
        PacketBuffer fifth = pool.acquire();

        assertFalse(ring.offer(fifth));
        ring.poll();

        assertTrue(ring.offer(fifth));
        assertEquals(4, ring.size());
    }

    @Test
    void shouldFillABatchAndLeaveTheRest() {
        PacketRing ring = new PacketRing(pool, 8);
        for (int i = 0; i < 5; i++) {
            ring.offer(pool.acquire());
        }
        PacketBatch batch = new PacketBatch(3);

        assertEquals(3, ring.poll(batch));

        assertTrue(batch.isFull());
        assertEquals(2, ring.size());
        batch.clear();
        assertEquals(2, ring.poll(batch));
        assertTrue(ring.isEmpty());
    }

    /** Two rings in a circle, so that every slot passes both threads again and again. */
    @Test
    void shouldHandBuffersWithTheirContentsBetweenTwoThreads() throws Exception {
        int handOvers = Sim.count(300_000, 10_000_000);
        PacketRing there = new PacketRing(pool, 8);
        PacketRing back = new PacketRing(pool, 8);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread consumer =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((t, e) -> failure.set(e))
                        .start(() -> consume(there, back, handOvers));
        for (int i = 0; i < 8; i++) {
            back.offer(pool.acquire());
        }

        for (int i = 0; i < handOvers && failure.get() == null; ) {
            PacketBuffer buffer = back.poll();
            if (buffer == null) {
                Thread.yield();
                continue;
            }
            buffer.reset(Integer.BYTES);
            buffer.memory().putInt(buffer.offset(), i);
            buffer.flow = i;
            assertTrue(there.offer(buffer));
            i++;
        }
        consumer.join(30_000);

        assertFalse(consumer.isAlive());
        assertNull(failure.get());
        assertEquals(8, back.size());
    }

    private static void consume(PacketRing there, PacketRing back, int handOvers) {
        for (int i = 0; i < handOvers; ) {
            PacketBuffer buffer = there.poll();
            if (buffer == null) {
                Thread.yield();
                continue;
            }
            assertEquals(i, buffer.memory().getInt(buffer.offset()));
            assertEquals(i, buffer.flow);
            assertTrue(back.offer(buffer));
            i++;
        }
    }
}
