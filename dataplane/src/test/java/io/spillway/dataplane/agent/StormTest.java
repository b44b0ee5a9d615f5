package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random packets, damage, replays, refusals of the kernel and a small pool: never an exception, and
 * when the storm is over every slot is back and traffic passes.
 */
@ParameterizedClass
@MethodSource("threadings")
class StormTest {
    private static final int[] ERRORS = {
        Errno.EAGAIN, Errno.EIO, Errno.EMSGSIZE, Errno.ENOBUFS, Errno.ENETUNREACH
    };

    private final SplittableRandom random = new SplittableRandom(Sim.seed());
    private final SimulatedNetwork network;
    private final List<byte[]> captured = new ArrayList<>();

    StormTest(Threading threading) {
        network = new SimulatedNetwork(threading, 64);
    }

    static List<Threading> threadings() {
        return SimulatedNetwork.threadings();
    }

    @Test
    void shouldHaveEverySlotBackAfterAStorm() {
        String where = "seed " + Sim.seed();
        for (int i = 0; i < Sim.count(3_000, 200_000); i++) {
            try {
                disturb();
                if (random.nextInt(3) == 0) {
                    network.turn();
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(where + " #" + i, e);
            }
        }
        calm();

        for (SimulatedNode node : network.nodes()) {
            assertEquals(0, node.usedSlots(), where + " site " + node.siteId);
        }
        assertTrafficPasses(where);
        assertSawWorst();
        network.close();
    }

    private void disturb() {
        SimulatedNode node = network.nodes().get(random.nextInt(3));
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> lan(node, 1 + random.nextInt(40));
            case 3 -> node.lan.deliverRaw(Packets.random(random, random.nextInt(200)));
            case 4 -> node.host.deliver(randomPacket());
            case 5 -> node.wan.deliver(source(), Packets.random(random, random.nextInt(200)));
            case 6 -> handshakes(node, random.nextInt(60));
            case 7 -> replay(node);
            case 8 -> node.wan.failSends(ERRORS[random.nextInt(ERRORS.length)], 0);
            case 9 -> node.lan.failWrites(random.nextBoolean() ? 0 : Errno.EIO);
            case 10 -> network.route(random.nextInt(2));
            case 11 -> network.pass(random.nextLong(3_000_000_000L));
            case 12 -> probe(node);
            default -> listen(node);
        }
    }

    private void lan(SimulatedNode node, int count) {
        for (int i = 0; i < count; i++) {
            node.fromLan(random.nextInt(4) == 0 ? 30 : 0, randomPacket());
        }
    }

    private byte[] randomPacket() {
        String source = "10." + random.nextInt(1, 4) + ".0." + random.nextInt(2, 250);
        String target =
                "10."
                        + random.nextInt(1, 4)
                        + "."
                        + (random.nextInt(2) * 30)
                        + "."
                        + random.nextInt(1, 250);
        byte[] packet =
                udp(source, target, random.nextInt(1 << 16), new byte[random.nextInt(3000)]);
        return switch (random.nextInt(6)) {
            case 0 -> Frames.dontFragment(packet);
            case 1 -> Frames.withTtl(packet, random.nextInt(3));
            case 2 -> damage(packet);
            default -> packet;
        };
    }

    private byte[] damage(byte[] bytes) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private void handshakes(SimulatedNode node, int count) {
        for (int i = 0; i < count; i++) {
            byte[] hello = Packets.random(random, 60);
            hello[0] = 22;
            hello[3] = 0;
            hello[4] = 0;
            node.wan.deliver(source(), hello);
        }
    }

    /** Real records, some damaged, again and elsewhere. */
    private void replay(SimulatedNode node) {
        network.nodes().stream().filter(other -> other != node).forEach(SimulatedNode::turn);
        List<byte[]> fresh =
                node.wan.takeUnreceived().stream().filter(bytes -> bytes.length > 0).toList();
        for (byte[] record : fresh) {
            byte[] forged = record.clone();
            forged[forged.length - 1] ^= 1;
            node.wan.deliver(source(), forged); // first: a later one would count as replayed
            node.wan.deliver(source(), record);
            node.wan.deliver(source(), record);
        }
        captured.addAll(fresh);
        for (int i = 0; i < 10 && !captured.isEmpty(); i++) {
            byte[] record = captured.get(random.nextInt(captured.size())).clone();
            node.wan.deliver(source(), random.nextInt(3) == 0 ? damage(record) : record);
        }
        if (captured.size() > 200) {
            captured.subList(0, 100).clear();
        }
    }

    private void probe(SimulatedNode node) {
        Tunnel tunnel = node.tunnels.get(random.nextInt(2));
        int length = random.nextInt(32, 4000);
        var probe = new Probe(0, random.nextInt(), random.nextInt(4), length);
        node.plane.commands().sendProbe(tunnel, probe);
    }

    private void listen(SimulatedNode node) {
        node.plane.events().drain(new Recorder(new ArrayList<>()), random.nextInt(100));
        node.lan.take();
    }

    private InetSocketAddress source() {
        return new InetSocketAddress("198.51.100." + random.nextInt(1, 4), 20060);
    }

    private void calm() {
        for (int i = 0; i < 10; i++) {
            for (SimulatedNode node : network.nodes()) {
                node.lan.failWrites(0);
                node.wan.stopFailing();
                node.plane.events().drain(new Recorder(new ArrayList<>()), 1000);
            }
            network.turn();
            network.pass(1_000_000_000L);
        }
        for (SimulatedNode node : network.nodes()) {
            while (node.lan.take() != null || node.host.take() != null) {
                assertTrue(node.siteId != 0);
            }
        }
    }

    private void assertTrafficPasses(String where) {
        byte[] data = Sim.text("after the storm");
        network.route(SimulatedNetwork.BY_POP);
        network.first.greet("10.1.0.7", 0);
        network.second.greet("10.2.0.7", 0);
        network.turn();
        network.first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, data));
        network.turn();
        assertArrayEquals(data, Frames.data(Frames.content(network.second.takeFromLan())), where);
    }

    /** Else the storm would prove little. */
    private void assertSawWorst() {
        for (DropReason reason :
                List.of(
                        DropReason.POOL_EXHAUSTED,
                        DropReason.HANDSHAKE_RING_FULL,
                        DropReason.RECORD_REPLAYED,
                        DropReason.RECORD_BAD_TAG,
                        DropReason.NEIGHBOUR_UNRESOLVED,
                        DropReason.SOURCE_NOT_FROM_PEER,
                        DropReason.WAN_MESSAGE_SIZE,
                        DropReason.TTL_EXCEEDED,
                        DropReason.PACKET_TOO_BIG)) {
            long count = network.nodes().stream().mapToLong(node -> node.dropped(reason)).sum();
            assertTrue(count > 0, reason + " never happened, seed " + Sim.seed());
        }
    }
}
