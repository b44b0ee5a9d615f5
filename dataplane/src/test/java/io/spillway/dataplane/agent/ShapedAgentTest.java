package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.SimulatedLink;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A site whose WAN link carries 8 Mbit/s, a byte in a microsecond; the clock moved by hand. */
class ShapedAgentTest {
    private static final long MS = 1_000_000;
    private static final long RATE = 8_000_000;
    private static final int PACKETS = 24;
    private static final int DATA_LENGTH = 1_200;

    /** IP and UDP inside, our type, record with connection ID, IP and UDP outside. */
    private static final int WIRE_LENGTH_MIN = DATA_LENGTH + 28 + 1 + 13 + 4 + 8 + 16 + 28;

    private final SimulatedLink.Network internet = new SimulatedLink.Network();
    private final CachedNanoClock clock = new CachedNanoClock();
    private SimulatedNode site;
    private SimulatedNode peer;
    private Tunnel tunnel;

    static List<Threading> threadings() {
        return SimulatedNetwork.threadings();
    }

    @AfterEach
    void close() {
        site.close();
        peer.close();
    }

    @ParameterizedTest
    @MethodSource("threadings")
    void shouldSendAtTheLinksRateAndSleepMeanwhile(Threading threading) {
        start(threading);
        int part = threading.wanThreads(); // one tunnel has its thread's part of the link
        long startNs = clock.nanoTime();
        for (int i = 0; i < PACKETS; i++) {
            site.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, new byte[DATA_LENGTH]));
        }

        site.turn();

        int atOnce = sent();
        assertTrue(atOnce >= 1 && atOnce <= 1 + 5_000 / part / WIRE_LENGTH_MIN, "sent " + atOnce);
        while (sent() < PACKETS) {
            assertSleepsUntilTheLinkIsFree(part);
            site.turn();
        }
        double ms = (clock.nanoTime() - startNs) / 1e6;
        double expectedMs = PACKETS * WIRE_LENGTH_MIN * part / 1e3;
        assertTrue(ms > expectedMs - 8 * part && ms < expectedMs + 4 * part, "took " + ms);
        assertEquals(0, site.usedSlots());
        assertEquals(0, site.dropped(DropReason.LINK_QUEUE_FULL));
        LinkQueue queue = site.plane.linkQueues().get("wan1").get(tunnel.wanThread());
        assertEquals(PACKETS, queue.sent().packets());
        assertEquals(0, queue.length().get());
    }

    @ParameterizedTest
    @MethodSource("threadings")
    void shouldSendProbesAtOnce(Threading threading) {
        start(threading);
        for (int i = 0; i < PACKETS; i++) {
            site.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, new byte[DATA_LENGTH]));
        }
        site.turn();
        int before = site.wan.sent().size();

        site.plane.commands().sendProbe(tunnel, Probe.of(0, 1, 0));
        site.turn();

        assertEquals(before + 1, site.wan.sent().size());
    }

    private void start(Threading threading) {
        clock.update(1_000 * MS);
        SimulatedLink own = internet.link("198.51.100.1", 20060);
        site = new SimulatedNode(1, threading, 512, own, RATE, clock);
        SimulatedLink other = internet.link("198.51.100.2", 20060);
        peer = new SimulatedNode(2, threading, 512, other, clock);
        tunnel = site.tunnelTo(peer);
        site.install(tunnel, SessionPair.of(1, 0x10, 0x20).client());
        site.publish(1, 0, 0);
        site.turn();
        site.greet("10.1.0.7", 0);
        site.turn();
    }

    private void assertSleepsUntilTheLinkIsFree(int part) {
        long deadlineNs = Long.MAX_VALUE;
        for (LoopAgent agent : site.plane.agents()) {
            assertTrue(agent.isDrained(), agent.name() + " would not sleep");
            deadlineNs = Math.min(deadlineNs, agent.deadlineNs());
        }
        long waitNs = deadlineNs - clock.nanoTime();
        assertTrue(waitNs >= MS && waitNs <= 4 * part * MS, "wait " + waitNs);
        clock.update(deadlineNs);
    }

    /** Datagrams of packets. */
    private int sent() {
        return (int) tunnel.packetsSent().packets();
    }
}
