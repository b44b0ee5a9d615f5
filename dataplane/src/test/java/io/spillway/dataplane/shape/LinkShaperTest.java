package io.spillway.dataplane.shape;

import static io.spillway.dataplane.shape.ShapeFixture.MS;
import static io.spillway.dataplane.shape.ShapeFixture.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Sim;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkShaperTest {
    private static final long RATE = 20_000_000;
    private static final int EF = 46 << 2;
    private static final int CS1 = 8 << 2;
    private static final int ECT = 2;
    private static final int CE = 3;
    private static final int SEGMENTS = 44;

    @Test
    void shouldKeepTheRateWithinAPercent() {
        for (long rate : new long[] {1_000_000, RATE, 200_000_000}) {
            ShapeFixture fixture = new ShapeFixture(rate, 32);
            long bytes = 0;
            for (int i = 0; i < 4_000; i++) {
                while (fixture.used() < 24) {
                    fixture.offer(fixture.superFrame(ECT, SEGMENTS)); // marked, so never dropped
                }
                bytes += fixture.send(MS);
            }

            double carried = bytes * 8 / 4.0;
            assertEquals(rate, carried, rate / 100.0);
        }
    }

    @Test
    void shouldSendALongSuperFrameInPartsOfAMoment() {
        ShapeFixture fixture = new ShapeFixture(RATE, 8);
        PacketBuffer superFrame = fixture.superFrame(0, SEGMENTS);
        fixture.offer(superFrame);

        int packets = 0;
        long sentNs = 0;
        while (packets < SEGMENTS) {
            fixture.advance(MS / 4);
            sentNs += MS / 4;
            for (PacketBuffer part = fixture.poll(); part != null; part = fixture.poll()) {
                assertTrue(WireLength.of(part) <= RATE / 8 / 500, () -> "longer than 2 ms");
                packets += part.packetCount();
                fixture.pool.release(part);
            }
        }

        assertEquals(SEGMENTS, packets);
        assertTrue(sentNs > 15 * MS, () -> "all at once");
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldSendASuperFrameWholeWhereTheLinkIsFastOrNoSlotIsLeft() {
        ShapeFixture fast = new ShapeFixture(1_000_000_000, 8);
        PacketBuffer whole = fast.superFrame(0, SEGMENTS);
        fast.offer(whole);
        ShapeFixture poor = new ShapeFixture(RATE, 8, 1);
        PacketBuffer only = poor.superFrame(0, SEGMENTS);
        poor.offer(only);

        assertSame(whole, fast.poll());
        assertSame(only, poor.poll());
        assertNull(poor.poll());
    }

    @Test
    void shouldLetAThinFlowPassABulkFlow() {
        ShapeFixture fixture = new ShapeFixture(RATE, 64);
        long worstNs = 0;
        int arrived = 0;
        for (int ms = 0; ms < 2_000; ms++) {
            while (fixture.used() < 40) {
                fixture.offer(fixture.superFrame(ECT, SEGMENTS));
            }
            fixture.offer(fixture.udp(7, 0, 200));
            fixture.advance(MS);
            for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
                if (ShapeFixture.destinationPort(each) == 1007) {
                    arrived++;
                    worstNs = Math.max(worstNs, fixture.clock.nanoTime() - each.queuedNs);
                }
                fixture.pool.release(each);
            }
        }

        assertTrue(arrived > 1_990, "arrived " + arrived);
        assertTrue(worstNs <= 5 * MS, "waited " + worstNs / 1e6 + " ms");
    }

    @Test
    void shouldShareFairlyAmongFlowsThatAreAlwaysThere() {
        ShapeFixture fixture = new ShapeFixture(RATE, 64);
        long[] bytes = new long[2];
        for (int ms = 0; ms < 2_000; ms++) {
            for (int flow = 0; flow < 2; flow++) {
                for (int i = 0; i < 2 * (flow + 1); i++) {
                    fixture.offer(fixture.udp(flow, 0, 1_200)); // 20 and 40 Mbit/s
                }
            }
            fixture.advance(MS);
            for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
                bytes[ShapeFixture.destinationPort(each) - 1000] += WireLength.of(each);
                fixture.pool.release(each);
            }
        }

        assertEquals(bytes[0], bytes[1], bytes[0] / 50.0);
    }

    @Test
    void shouldServePriorityFirstButNotAlone() {
        ShapeFixture fixture = new ShapeFixture(RATE, 64);
        long[] bytes = new long[3];
        int[] traffic = {EF, 0, CS1};
        for (int ms = 0; ms < 4_000; ms++) {
            for (int flow = 0; flow < 3; flow++) {
                for (int i = 0; i < 3; i++) {
                    fixture.offer(fixture.udp(flow, traffic[flow], 1_200));
                }
            }
            fixture.advance(MS);
            for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
                bytes[ShapeFixture.destinationPort(each) - 1000] += WireLength.of(each);
                fixture.pool.release(each);
            }
        }

        double all = bytes[0] + bytes[1] + bytes[2];
        assertEquals(8 / 16.0, bytes[0] / all, 0.02);
        assertEquals(7 / 16.0, bytes[1] / all, 0.02);
        assertEquals(1 / 16.0, bytes[2] / all, 0.02);
    }

    @Test
    void shouldNotStarveAClassThatHadTheLinkAlone() {
        ShapeFixture fixture = new ShapeFixture(RATE, 64);
        for (int ms = 0; ms < 1_000; ms++) {
            fixture.offer(fixture.udp(1, 0, 1_200));
            fixture.offer(fixture.udp(1, 0, 1_200));
            fixture.send(MS);
        }
        int quiet = 0;
        for (int ms = 0; ms < 200; ms++) {
            fixture.offer(fixture.udp(0, EF, 1_200));
            fixture.offer(fixture.udp(0, EF, 1_200));
            fixture.offer(fixture.udp(1, 0, 1_200));
            fixture.advance(MS);
            quiet++;
            for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
                quiet = ShapeFixture.destinationPort(each) == 1001 ? 0 : quiet;
                fixture.pool.release(each);
            }
            assertTrue(quiet < 150, "150 ms of nothing");
        }
    }

    @Test
    void shouldDropWhatWaitsForLong() {
        ShapeFixture fixture = new ShapeFixture(RATE, 64);

        overload(fixture, 0);

        assertTrue(fixture.dropped(DropReason.LINK_QUEUE_DELAY) > 3);
        assertEquals(
                fixture.dropped(DropReason.LINK_QUEUE_DELAY),
                fixture.shaper.state().dropped().packets());
        assertEquals(0, fixture.shaper.state().marked().packets());
    }

    @Test
    void shouldMarkInsteadWhereTheSenderUnderstands() {
        ShapeFixture fixture = new ShapeFixture(RATE, 64);

        int marked = overload(fixture, ECT);

        assertEquals(0, fixture.dropped(DropReason.LINK_QUEUE_DELAY));
        assertTrue(marked > 3);
        assertEquals(marked, fixture.shaper.state().marked().packets());
    }

    /** Two seconds with 40 super-frames waiting; returns how many packets came out marked. */
    private static int overload(ShapeFixture fixture, int traffic) {
        int marked = 0;
        for (int ms = 0; ms < 2_000; ms++) {
            while (fixture.used() < 40) {
                fixture.offer(fixture.superFrame(traffic, SEGMENTS));
            }
            fixture.advance(MS);
            for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
                int tos = each.memory().getByte(each.offset() + 1) & CE;
                marked += tos == CE ? each.packetCount() : 0;
                fixture.pool.release(each);
            }
        }
        return marked;
    }

    @Test
    void shouldTakeFromTheLongestFlowWhenTooMuchWaits() {
        ShapeFixture fixture = new ShapeFixture(RATE, 16);
        PacketBuffer thin = fixture.udp(7, 0, 100);
        fixture.offer(thin);

        for (int i = 0; i < 40; i++) {
            fixture.offer(fixture.udp(1, 0, 1_200));
        }

        assertTrue(fixture.used() <= 16, () -> "waiting " + fixture.used());
        assertEquals(41 - fixture.used(), fixture.dropped(DropReason.LINK_QUEUE_FULL));
        assertSame(thin, fixture.poll());
    }

    @Test
    void shouldTakeATrainApartInOrder() {
        ShapeFixture fixture = new ShapeFixture(RATE, 16);
        PacketBuffer train = fixture.udp(1, 0, 100);
        train.exit = 5;
        train.isAnswer = true;
        for (int length = 101; length < 110; length++) {
            train.append(fixture.udp(1, 0, length));
        }
        fixture.offer(train);

        for (int length = 100; length < 110; length++) {
            PacketBuffer each = fixture.poll();
            assertNotNull(each, "packet of " + length);
            assertEquals(28 + length, each.length());
            assertNull(each.next());
            assertEquals(5, each.exit);
            assertTrue(each.isAnswer);
            fixture.pool.release(each);
        }
        assertNull(fixture.poll());
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldSendOrCountEachPacketAndKeepEachFlowInOrder() {
        SplittableRandom random = new SplittableRandom(Sim.seed());
        ShapeFixture fixture = new ShapeFixture(RATE, 24, 256);
        int[] nextOfFlow = new int[4];
        long[] lastOfFlow = {-1, -1, -1, -1};
        long offered = 0;
        long sent = 0;
        for (int i = 0; i < Sim.count(4_000, 200_000) || fixture.used() > 0; i++) {
            String where = "seed " + Sim.seed() + " #" + i;
            if (i < Sim.count(4_000, 200_000)) {
                PacketBuffer packet = any(fixture, random, nextOfFlow);
                offered += packet.packetCount();
                fixture.offer(packet);
            }
            fixture.advance(random.nextLong(8 * MS));
            for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
                sent += each.packetCount();
                if (each.protocol == 17) {
                    int flow = ShapeFixture.destinationPort(each) - 1000;
                    long number = each.memory().getLong(each.offset() + 28);
                    assertTrue(number > lastOfFlow[flow], where);
                    lastOfFlow[flow] = number;
                }
                fixture.pool.release(each);
            }
        }

        long dropped =
                fixture.dropped(DropReason.LINK_QUEUE_FULL)
                        + fixture.dropped(DropReason.LINK_QUEUE_DELAY);
        assertEquals(offered, sent + dropped, "seed " + Sim.seed());
        assertEquals(sent, fixture.shaper.state().sent().packets());
        assertEquals(dropped, fixture.shaper.state().dropped().packets());
        assertEquals(0, fixture.shaper.state().length().get());
        assertTrue(dropped > 0 && sent > 0, "dropped " + dropped + ", sent " + sent);
    }

    /** A packet, a train or a super-frame of some flow; UDP has its number in front. */
    private static PacketBuffer any(
            ShapeFixture fixture, SplittableRandom random, int[] nextOfFlow) {
        if (random.nextInt(3) == 0) {
            return fixture.superFrame(random.nextInt(3), random.nextInt(2, SEGMENTS));
        }
        int flow = random.nextInt(4);
        PacketBuffer first = numbered(fixture, random, flow, nextOfFlow[flow]++);
        for (int more = random.nextInt(2) * random.nextInt(9); more > 0; more--) {
            first.append(numbered(fixture, random, flow, nextOfFlow[flow]++));
        }
        return first;
    }

    private static PacketBuffer numbered(
            ShapeFixture fixture, SplittableRandom random, int flow, long number) {
        int[] traffic = {0, EF, CS1, ECT};
        PacketBuffer packet = fixture.udp(flow, traffic[flow], random.nextInt(8, 1_300));
        packet.memory().putLong(packet.offset() + 28, number);
        return packet;
    }

    @Test
    void shouldSayWhenItIsToBeAskedAgain() {
        ShapeFixture fixture = new ShapeFixture(RATE, 16);
        long laterNs = fixture.clock.nanoTime() + SECOND;
        assertFalse(fixture.shaper.isDue());
        assertEquals(laterNs, fixture.shaper.soonest(laterNs));
        for (int i = 0; i < 16; i++) {
            fixture.offer(fixture.udp(1, 0, 1_234));
        }
        for (PacketBuffer each = fixture.poll(); each != null; each = fixture.poll()) {
            fixture.pool.release(each);
        }

        long deadlineNs = fixture.shaper.soonest(laterNs);

        long waitNs = deadlineNs - fixture.clock.nanoTime();
        assertFalse(fixture.shaper.isDue());
        assertTrue(waitNs >= MS && waitNs < 2 * MS, () -> "wait " + waitNs);
        fixture.advance(waitNs);
        assertTrue(fixture.shaper.isDue());
    }

    @Test
    void shouldCountWhatDoesNotWait() {
        ShapeFixture fixture = new ShapeFixture(RATE, 16);
        fixture.offer(fixture.udp(1, 0, 1_200));

        fixture.shaper.spend((int) (RATE / 8 / 100)); // 10 ms, of which 4 are there after a pause

        assertNull(fixture.poll());
        fixture.advance(6 * MS);
        assertNotNull(fixture.poll());
    }

    @Test
    void shouldAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ShapeFixture fixture = new ShapeFixture(RATE, 24, 64);
        PacketBuffer[] waiting = new PacketBuffer[6];
        long bytes = Long.MAX_VALUE;
        for (int attempt = 0; bytes > 0 && attempt < 20; attempt++) {
            bytes = 0;
            for (int round = 0; round < Sim.count(200, 2_000); round++) {
                for (int i = 0; i < waiting.length; i++) {
                    waiting[i] = i < 3 ? fixture.superFrame(0, 20) : fixture.udp(i, EF, 1_200);
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                for (PacketBuffer each : waiting) {
                    fixture.offer(each);
                }
                fixture.send(20 * MS);
                bytes += threads.getCurrentThreadAllocatedBytes() - before;
            }
        }

        assertEquals(0, bytes);
        assertTrue(fixture.dropped(DropReason.LINK_QUEUE_FULL) > 0);
        assertTrue(fixture.dropped(DropReason.LINK_QUEUE_DELAY) > 0);
    }
}
