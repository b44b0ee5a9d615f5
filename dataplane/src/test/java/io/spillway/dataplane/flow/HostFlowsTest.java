package io.spillway.dataplane.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.sim.Sim;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** No host begins more flows than its share, and none pays for another's. */
class HostFlowsTest {
    private static final int MAX = 10;
    private static final long COST_NS = HostFlows.WINDOW_NS / MAX;
    private static final long START_NS = -5_000_000_000_000L;
    private static final int FLOOD = 1;

    private final FiveTuple tuple = new FiveTuple();

    private FiveTuple from(long host) {
        tuple.sourceLow = host;
        return tuple;
    }

    @Test
    void shouldLetAnAddressBeginSoManyAndThenAsTimePays() {
        HostFlows hosts = new HostFlows(MAX, 1);
        for (int i = 0; i < MAX; i++) {
            assertTrue(hosts.mayBegin(from(FLOOD), START_NS), "flow " + i);
        }

        assertFalse(hosts.mayBegin(from(FLOOD), START_NS));
        assertTrue(hosts.mayBegin(from(FLOOD + 1), START_NS));
        assertFalse(hosts.mayBegin(from(FLOOD), START_NS + COST_NS - 1));
        assertTrue(hosts.mayBegin(from(FLOOD), START_NS + COST_NS));
        assertFalse(hosts.mayBegin(from(FLOOD), START_NS + COST_NS));
    }

    @Test
    void shouldLetAnyNumberBeginWhereThereIsNoLimit() {
        HostFlows hosts = new HostFlows(0, 1);

        for (int i = 0; i < 100_000; i++) {
            assertTrue(hosts.mayBegin(from(FLOOD), START_NS));
        }
    }

    /** Forged addresses, each with a flow of its own. */
    @Test
    void shouldNotForgetWhoOwesMuchForOthers() {
        HostFlows hosts = new HostFlows(MAX, 1);
        for (int i = 0; i < MAX; i++) {
            hosts.mayBegin(from(FLOOD), START_NS);
        }

        for (int host = FLOOD + 1; host < 100_000; host++) {
            assertTrue(hosts.mayBegin(from(host), START_NS));
        }

        assertFalse(hosts.mayBegin(from(FLOOD), START_NS));
    }

    /** The twin keeps every address in a map. */
    @Test
    void shouldCountAsAMapDoes() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        HostFlows hosts = new HostFlows(MAX, random.nextInt());
        Map<Long, Long> paidNs = new HashMap<>();
        long nowNs = random.nextLong();
        for (int i = 0; i < Sim.count(100_000, 5_000_000); i++) {
            nowNs += random.nextLong(COST_NS / 20);
            long host = random.nextInt(40);
            long owedNs = Math.max(0, paidNs.getOrDefault(host, nowNs) - nowNs) + COST_NS;
            boolean expected = owedNs <= HostFlows.WINDOW_NS;
            if (expected) {
                paidNs.put(host, nowNs + owedNs);
            }
            assertEquals(expected, hosts.mayBegin(from(host), nowNs), "seed " + seed + " #" + i);
        }
    }

    /** What is known goes on, as does what comes from elsewhere, or is another's. */
    @Test
    void shouldRefuseOnlyTheNewFlowsOfOneHostOfTheLan() {
        FlowTable flows = new FlowTable(1 << 10, MAX, 1);
        try (PacketPool pool = new PacketPool(1)) {
            PacketBuffer packet = pool.acquire();
            packet.ingressInterface = 0;
            int first = touch(flows, packet, FLOOD, 0);
            for (int port = 1; port < MAX; port++) {
                assertTrue(touch(flows, packet, FLOOD, port) >= 0);
            }

            assertEquals(FlowTable.REFUSED, touch(flows, packet, FLOOD, MAX));
            assertEquals(first, touch(flows, packet, FLOOD, 0));
            assertTrue(touch(flows, packet, FLOOD + 1, MAX) >= 0);
            packet.ingressInterface = PacketBuffer.NONE;
            assertTrue(touch(flows, packet, FLOOD, MAX) >= 0);
        }
    }

    private static int touch(FlowTable flows, PacketBuffer packet, long host, int port) {
        packet.tuple.sourceLow = host;
        packet.tuple.destinationLow = 1_000;
        packet.tuple.sourcePort = port;
        PacketBatch batch = new PacketBatch(1);
        batch.add(packet);
        flows.look(batch, 0);
        return flows.touch(0, packet, 0);
    }
}
