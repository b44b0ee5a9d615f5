package io.spillway.dataplane.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.sim.Sim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    private static final long WINDOW_NS = 1_000_000_000;
    private static final long GRAIN_NS = 1 << 20;
    private static final long MS = 1_000_000;
    private static final int WAYS = 8; // places of the smallest table

    private record Key(long sourceLow, long destinationLow, int sourcePort, int destinationPort) {
        Key reversed() {
            return new Key(destinationLow, sourceLow, destinationPort, sourcePort);
        }

        Key canonical() {
            boolean isReversed =
                    sourceLow == destinationLow
                            ? sourcePort > destinationPort
                            : Long.compareUnsigned(sourceLow, destinationLow) > 0;
            return isReversed ? reversed() : this;
        }

        FiveTuple tuple(int protocol) {
            FiveTuple tuple = new FiveTuple();
            tuple.sourceLow = sourceLow;
            tuple.destinationLow = destinationLow;
            tuple.sourcePort = sourcePort;
            tuple.destinationPort = destinationPort;
            tuple.protocol = protocol;
            return tuple;
        }
    }

    private final FlowTable flows = new FlowTable(1 << 12, 0x5eed);

    /** A packet whose source is its destination is always from who began. */
    @Test
    void shouldNotTurnAFlowOfOneEnd() {
        FiveTuple tuple = new Key(7, 7, 443, 443).tuple(6);
        int flow = flows.touch(tuple, 0);
        FiveTuple other = new Key(7, 7, 443, 444).tuple(6);
        int twoEnds = flows.touch(other, 0);

        flows.turn(flow);
        flows.turn(twoEnds);

        assertTrue(flows.isFromBeginner(flow, tuple));
        assertFalse(flows.isFromBeginner(twoEnds, other));
    }

    @Test
    void shouldFindOneFlowInBothDirections() {
        Key key = new Key(1, 2, 1000, 53);

        int flow = flows.touch(key.tuple(17), 0);

        assertEquals(flow, flows.touch(key.tuple(17), 1));
        assertEquals(flow, flows.touch(key.reversed().tuple(17), 2));
        assertNotEquals(flow, flows.touch(key.tuple(6), 3));
        assertNotEquals(flow, flows.touch(new Key(1, 2, 53, 1000).tuple(17), 4));
    }

    @Test
    void shouldRememberTheArrivalTunnelForTheWindow() {
        int flow = flows.touch(new Key(1, 2, 3, 4).tuple(17), 0);

        assertEquals(PacketBuffer.NONE, flows.arrivalTunnel(flow, 0, WINDOW_NS));
        flows.arrived(flow, 7, 100);

        assertEquals(7, flows.arrivalTunnel(flow, 100 + WINDOW_NS - 2 * GRAIN_NS, WINDOW_NS));
        assertEquals(
                PacketBuffer.NONE,
                flows.arrivalTunnel(flow, 100 + WINDOW_NS + GRAIN_NS, WINDOW_NS));
    }

    @Test
    void shouldRememberTheDepartureTunnelOfEachDirection() {
        Key key = new Key(1, 2, 3, 4);
        int flow = flows.touch(key.tuple(17), 0);
        assertEquals(PacketBuffer.NONE, flows.departureTunnel(flow, key.tuple(17)));

        flows.departed(flow, key.tuple(17), 7);
        flows.departed(flow, key.reversed().tuple(17), 9);

        assertEquals(7, flows.departureTunnel(flow, key.tuple(17)));
        assertEquals(9, flows.departureTunnel(flow, key.reversed().tuple(17)));
    }

    @Test
    void shouldForgetTheArrivalOfAnEvictedFlow() {
        FlowTable small = new FlowTable(1, 1);
        int flow = small.touch(new Key(1, 2, 3, 4).tuple(17), 0);
        small.arrived(flow, 7, 0);
        small.departed(flow, new Key(1, 2, 3, 4).tuple(17), 7);
        for (int i = 1; i <= WAYS; i++) {
            small.touch(new Key(100 + i, 2, 3, 4).tuple(17), i * GRAIN_NS);
        }

        int again = small.touch(new Key(1, 2, 3, 4).tuple(17), 9 * GRAIN_NS);

        assertEquals(PacketBuffer.NONE, small.arrivalTunnel(again, 9 * GRAIN_NS, WINDOW_NS));
        assertEquals(
                PacketBuffer.NONE, small.departureTunnel(again, new Key(1, 2, 3, 4).tuple(17)));
    }

    @Test
    void shouldEvictTheFlowThatWasSilentLongest() {
        FlowTable small = new FlowTable(1, 1);
        int[] flow = new int[WAYS];
        for (int i = 0; i < WAYS; i++) {
            flow[i] = small.touch(new Key(i + 1, 99, 3, 4).tuple(17), i * GRAIN_NS);
        }
        small.touch(new Key(1, 99, 3, 4).tuple(17), 10 * GRAIN_NS);

        int ninth = small.touch(new Key(9, 99, 3, 4).tuple(17), 11 * GRAIN_NS);

        assertEquals(flow[1], ninth);
        assertEquals(flow[0], small.touch(new Key(1, 99, 3, 4).tuple(17), 12 * GRAIN_NS));
    }

    /** The clock's origin is arbitrary: its numbers may be negative (System.nanoTime). */
    @Test
    void shouldUseEmptyPlacesFirstWhateverTheClockSays() {
        FlowTable small = new FlowTable(1, 1);
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < WAYS; i++) {
            used.add(small.touch(new Key(i + 1, 99, 3, 4).tuple(17), -1_000 * MS + i * MS));
        }

        assertEquals(WAYS, used.size());
    }

    @Test
    void shouldForgetNoFlowWithinItsCapacity() {
        int count = 60_000;
        for (int seed = 0; seed < 5; seed++) {
            FlowTable table = new FlowTable(count, seed);
            Set<Integer> used = new HashSet<>();
            for (int i = 0; i < count; i++) {
                used.add(table.touch(new Key(i, 2, 3, 4).tuple(17), i * GRAIN_NS));
            }

            assertEquals(count, used.size(), "seed " + seed);
        }
    }

    /** A million spoofed sources, none of which ever answers, while those flows speak at times. */
    @Test
    void shouldKeepAnsweredFlowsInAFlood() {
        int count = 60_000;
        FlowTable table = new FlowTable(count, 1);
        int[] flow = new int[count];
        for (int i = 0; i < count; i++) {
            Key key = new Key(i, 1L << 24, 3, 4);
            flow[i] = table.touch(key.tuple(6), i);
            table.touch(key.reversed().tuple(6), i);
        }
        for (int i = 0; i < 1_000_000; i++) {
            table.touch(new Key(i + count, 1L << 24, 3, 4).tuple(6), i * 1_000L);
        }

        for (int i = 0; i < count; i++) {
            assertEquals(flow[i], table.find(new Key(i, 1L << 24, 3, 4).tuple(6)), "flow " + i);
        }
    }

    @Test
    void shouldRememberNothingOfAFlowForWhichAllPlacesAreInUse() {
        FlowTable small = new FlowTable(1, 1);
        Set<Integer> inUse = new HashSet<>();
        for (int i = 0; i < WAYS; i++) {
            Key key = new Key(i + 1, 99, 3, 4);
            inUse.add(small.touch(key.tuple(17), 0));
            small.touch(key.reversed().tuple(17), 0);
        }
        Key late = new Key(100, 99, 3, 4);

        int place = small.touch(late.tuple(17), MS);
        small.decided(place, 7, 1);

        assertTrue(inUse.add(place));
        assertEquals(PacketBuffer.NONE, small.find(late.tuple(17)));
        assertEquals(FlowTable.NO_EPOCH, small.epoch(small.touch(late.tuple(17), 2 * MS)));
    }

    @Test
    void shouldRatherEvictADeadAnsweredFlowThanANewOneWithoutAnswer() {
        FlowTable small = new FlowTable(1, 1);
        int dead = small.touch(new Key(1, 99, 3, 4).tuple(17), 0);
        small.touch(new Key(99, 1, 4, 3).tuple(17), 0);
        for (int i = 1; i < WAYS; i++) {
            Key key = new Key(i + 1, 99, 3, 4);
            small.touch(key.tuple(17), i * GRAIN_NS);
            if (i > 1) {
                small.touch(key.reversed().tuple(17), i * GRAIN_NS);
            }
        }

        int next = small.touch(new Key(9, 99, 3, 4).tuple(17), 60_000 * MS);

        assertEquals(dead, next);
        assertEquals(1, small.evictedCount());
    }

    /** As long as few flows share a set, the table answers as a map does. */
    @Test
    void shouldAnswerAsAMapDoes() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        FlowTable table = new FlowTable(1 << 16, random.nextInt());
        Map<Key, Integer> twin = new HashMap<>();
        Key[] keys = new Key[2_000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] =
                    new Key(
                            random.nextLong(1L << 32),
                            random.nextLong(1L << 32),
                            random.nextInt(1 << 16),
                            random.nextInt(1 << 16));
        }

        for (int i = 0; i < Sim.count(200_000, 5_000_000); i++) {
            Key key = keys[random.nextInt(keys.length)];
            Key seen = random.nextBoolean() ? key : key.reversed();
            int flow = table.touch(seen.tuple(17), i);
            Integer known = twin.putIfAbsent(key.canonical(), flow);
            assertTrue(known == null || known == flow, "seed " + seed + " #" + i);
        }
        assertEquals(twin.size(), new HashSet<>(twin.values()).size(), "seed " + seed);
    }

    /** Else a remote host could push the flows of others out by choosing its ports. */
    @Test
    void shouldNotLetFlowsCollideUnderOneSeedThatCollideUnderAnother() {
        FlowTable known = new FlowTable(1 << 16, 1);
        FlowTable secret = new FlowTable(1 << 16, 2);
        Set<Integer> set = new HashSet<>();
        int chosen = 0;
        for (int port = 0; chosen < 40; port++) {
            FiveTuple tuple = new Key(1, 2, port & 0xFFFF, port >>> 16).tuple(17);
            if (known.touch(tuple, port) / WAYS == 0) {
                set.add(secret.touch(tuple, port) / WAYS);
                chosen++;
            }
        }

        assertTrue(set.size() > 30, set.size() + " sets for 40 flows");
    }
}
