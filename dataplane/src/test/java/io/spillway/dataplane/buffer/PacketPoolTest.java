package io.spillway.dataplane.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.sim.Sim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketPoolTest {
    private final PacketPool pool = new PacketPool(8);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void shouldHandOutEverySlotOnceAndThenNone() {
        Set<Integer> slots = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            slots.add(pool.acquire().number());
        }

        assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7), slots);
        assertNull(pool.acquire());
        assertEquals(0, pool.freeCount());
    }

    @Test
    void shouldHandOutTheWarmestSlotFirst() {
        PacketBuffer first = pool.acquire();
        PacketBuffer second = pool.acquire();
        pool.release(second);
        pool.release(first);

        assertSame(first, pool.acquire());
        assertSame(second, pool.acquire());
    }

    @Test
    void shouldGiveEverySlotMemoryOfItsOwn() {
        List<PacketBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            PacketBuffer buffer = pool.acquire();
            buffer.reset(PacketPool.CONTENT_LENGTH_MAX);
            int from = buffer.offset() - PacketPool.HEADROOM;
            int length = PacketPool.HEADROOM + PacketPool.CONTENT_LENGTH_MAX + PacketPool.TAILROOM;
            buffer.memory().setMemory(from, length, (byte) (i + 1));
            buffers.add(buffer);
        }

        for (int i = 0; i < 8; i++) {
            PacketBuffer buffer = buffers.get(i);
            int offset = buffer.offset();
            assertEquals(i + 1, buffer.memory().getByte(offset - PacketPool.HEADROOM));
            int last = offset + PacketPool.CONTENT_LENGTH_MAX + PacketPool.TAILROOM - 1;
            assertEquals(i + 1, buffer.memory().getByte(last));
            assertEquals(buffer.memory().addressOffset() + offset, buffer.address());
        }
    }

    @Test
    void shouldKeepHeadersOfDifferentSlotsInDifferentCacheSets() {
        int setBytes = 64 * 64; // first-level cache: 64 sets of lines of 64 bytes
        Set<Integer> sets = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            sets.add(pool.acquire().offset() % setBytes);
        }

        assertEquals(8, sets.size());
    }

    @Test
    void shouldForgetWhatTheLastOwnerFoundOut() {
        PacketBuffer buffer = pool.acquire();
        buffer.ingressTunnel = 7;
        buffer.ingressInterface = 3;
        buffer.isFromHost = true;
        buffer.isFramed = true;
        buffer.isFragment = true;
        buffer.nextHopMac = 5;
        buffer.ingressMac = 6;
        buffer.nextHopHigh = 1;
        buffer.nextHopLow = 2;
        buffer.exit = Exit.tunnel(9);
        buffer.reset(100);
        buffer.pull(10);
        pool.release(buffer);

        PacketBuffer again = pool.acquire();

        assertSame(buffer, again);
        assertEquals(PacketBuffer.NONE, again.ingressTunnel);
        assertEquals(PacketBuffer.NONE, again.ingressInterface);
        assertEquals(PacketBuffer.NONE, again.exit);
        assertFalse(again.isFromHost || again.isFramed || again.isFragment);
        assertEquals(0, again.nextHopMac | again.nextHopHigh | again.nextHopLow);
        assertEquals(0, again.ingressMac);
        assertEquals(0, again.length());
    }

    @Test
    void shouldMoveTheBoundsOfTheContent() {
        PacketBuffer buffer = pool.acquire();
        buffer.reset(100);
        int start = buffer.offset();

        buffer.pull(14);
        buffer.truncate(60);
        buffer.push(18);

        assertEquals(start - 4, buffer.offset());
        assertEquals(78, buffer.length());
    }

    @Test
    void shouldNotLetTheContentLeaveItsSlot() {
        PacketBuffer buffer = pool.acquire();
        buffer.reset(10);

        assertThrows(AssertionError.class, () -> buffer.push(PacketPool.HEADROOM + 1));
        assertThrows(AssertionError.class, () -> buffer.pull(11));
        assertThrows(AssertionError.class, () -> buffer.truncate(11));
        assertThrows(AssertionError.class, () -> buffer.reset(PacketPool.STRIDE));
    }

    @Test
    void shouldNoticeASlotThatComesHomeTwice() {
        PacketBuffer buffer = pool.acquire();
        pool.release(buffer);

        assertThrows(AssertionError.class, () -> pool.release(buffer));
    }

    @Test
    void shouldRefuseAnImpossibleSize() {
        assertThrows(IllegalArgumentException.class, () -> new PacketPool(0));
        assertThrows(IllegalArgumentException.class, () -> new PacketPool(1 << 20));
    }

    @Test
    void shouldFindTheBufferOfANumber() {
        PacketBuffer buffer = pool.acquire();

        assertSame(buffer, pool.buffer(buffer.number()));
        assertNotNull(pool.buffer(7));
        assertTrue(pool.slotCount() == 8);
    }

    @Test
    void shouldFreeASlotWithTheLastOfItsBuffers() {
        PacketBuffer message = pool.acquire();
        message.reset(3000);
        PacketBuffer datagram = pool.share(message);
        datagram.set(message.offset() + 1500, 1500);

        pool.release(message);

        assertEquals(7, pool.freeCount());
        assertEquals(datagram.endpointAddress(), message.endpointAddress());
        pool.release(datagram);
        assertEquals(8, pool.freeCount());
    }

    @Test
    void shouldRunOutOfBuffersBeforeMemoryIsShared() {
        PacketBuffer message = pool.acquire();
        int shared = 0;
        while (pool.share(message) != null) {
            shared++;
        }

        assertEquals(8 * 8 - 1, shared);
        assertNull(pool.acquire());
    }

    @Test
    void shouldReleaseAWholeTrain() {
        PacketBuffer head = pool.acquire();
        head.append(pool.acquire());
        head.append(pool.acquire());

        assertEquals(3, head.packetCount());
        pool.release(head);

        assertEquals(8, pool.freeCount());
    }

    @Test
    void shouldLeaveATrainFromItsFront() {
        PacketBuffer head = pool.acquire();
        PacketBuffer second = pool.acquire();
        PacketBuffer third = pool.acquire();
        head.append(second);
        head.append(third);

        PacketBuffer rest = head.detach();

        assertSame(second, rest);
        assertSame(third, rest.last());
        assertEquals(2, rest.packetCount());
        assertEquals(1, head.packetCount());
        assertSame(third, rest.detach());
        assertNull(third.detach());
    }

    @Test
    void shouldSendAForeignSlotHomeInsteadOfKeepingIt() {
        List<PacketPool> pools = PacketPool.ofAgents(2, 3);
        PacketPool first = pools.getFirst();
        PacketPool second = pools.getLast();
        PacketBuffer foreign = first.acquire();

        second.release(foreign);

        assertEquals(3, second.freeCount());
        assertEquals(1, first.freeCount());
        assertEquals(1, first.takeHome());
        assertEquals(2, first.freeCount());
        assertEquals(0, second.takeHome());
        first.close();
    }

    @Test
    void shouldHandOutOnlySlotsOfItsOwn() {
        List<PacketPool> pools = PacketPool.ofAgents(2, 3);
        Set<Integer> slots = new HashSet<>();
        for (PacketPool each : pools) {
            for (int i = 0; i < each.slotCount(); i++) {
                PacketBuffer buffer = each.acquire();
                slots.add(buffer.slot());
                assertSame(buffer, pools.getFirst().buffer(buffer.number()));
            }
            assertNull(each.acquire());
            assertTrue(each.isShort());
        }

        assertEquals(Set.of(0, 1, 2, 3, 4), slots);
        pools.getFirst().close();
    }

    @Test
    void shouldTakeASharedSlotAndATrainHomeWhole() {
        List<PacketPool> pools = PacketPool.ofAgents(3, 1);
        PacketPool home = pools.getFirst();
        PacketPool other = pools.getLast();
        PacketBuffer message = home.acquire();
        PacketBuffer datagram = home.share(message);
        PacketBuffer train = home.acquire();
        train.append(home.acquire());

        other.release(datagram);
        other.release(train);
        home.release(message);
        assertEquals(0, home.freeCount());
        assertEquals(2, home.takeHome());

        assertEquals(3, home.freeCount());
        home.close();
    }

    /** Agents that take, share, hand on and release at random, each on a thread of its own. */
    @Test
    void shouldLoseNoSlotBetweenThreads() throws Exception {
        List<PacketPool> pools = PacketPool.ofAgents(16, 16, 16);
        PacketRing[][] rings = new PacketRing[3][3];
        for (PacketRing[] from : rings) {
            Arrays.setAll(from, to -> new PacketRing(pools.getFirst(), 8));
        }
        List<Callable<Void>> agents = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int own = i;
            agents.add(
                    () -> {
                        exchange(pools.get(own), rings, own);
                        return null;
                    });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<Void> done : threads.invokeAll(agents)) {
                done.get();
            }
        }
        for (PacketRing[] from : rings) {
            for (PacketRing ring : from) {
                for (PacketBuffer left = ring.poll(); left != null; left = ring.poll()) {
                    pools.get(left.home()).release(left);
                }
            }
        }
        for (PacketPool each : pools) {
            while (each.takeHome() > 0) {
                assertTrue(each.freeCount() <= 16);
            }
            assertEquals(16, each.freeCount());
        }
        pools.getFirst().close();
    }

    private static void exchange(PacketPool own, PacketRing[][] rings, int index) {
        SplittableRandom random = new SplittableRandom(Sim.seed() + index);
        for (int i = 0; i < Sim.count(200_000, 5_000_000); i++) {
            own.takeHome();
            PacketBuffer buffer = random.nextBoolean() ? own.acquire() : null;
            PacketBuffer more = buffer != null && random.nextInt(4) == 0 ? own.share(buffer) : null;
            if (buffer != null && random.nextInt(4) == 0) {
                PacketBuffer second = own.acquire();
                if (second != null) {
                    buffer.append(second);
                }
            }
            give(own, rings[index][random.nextInt(3)], more);
            give(own, rings[index][random.nextInt(3)], buffer);
            PacketBuffer got = rings[random.nextInt(3)][index].poll();
            if (got != null && random.nextInt(3) == 0) {
                give(own, rings[index][random.nextInt(3)], got);
            } else if (got != null) {
                own.release(got);
            }
        }
    }

    private static void give(PacketPool own, PacketRing ring, PacketBuffer buffer) {
        if (buffer != null && !ring.offer(buffer)) {
            own.release(buffer);
        }
    }
}
