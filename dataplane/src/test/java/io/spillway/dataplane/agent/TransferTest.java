package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.agent.TransferNetwork.Shape;
import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.Sim;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What two kernels' hosts say to each other through two data planes arrives as it was said: byte by
 * byte, and with checksums that the kernels find right.
 */
class TransferTest {
    private static final int INNER_MTU_MIN = 576;
    private static final int LAN_MTU = 1500;
    private static final int JUMBO_MTU = 9000;
    private static final int IPV6_MTU_MIN = 1280;
    private static final int IPV4_UDP_LENGTH = 28;
    private static final int IPV6_UDP_LENGTH = 48;

    private final SplittableRandom random = new SplittableRandom(Sim.seed());

    static List<Shape> shapes() {
        return Sim.count(0, 1) == 0 ? TransferShapes.few(LAN_MTU) : TransferShapes.all(LAN_MTU);
    }

    static List<Shape> jumboShapes() {
        return Sim.count(0, 1) == 0 ? TransferShapes.few(JUMBO_MTU) : TransferShapes.all(JUMBO_MTU);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldCarryStreamsAtEveryInnerMtu(Shape shape) throws Throwable {
        inNetwork(
                shape,
                network -> {
                    try (var streams = new StreamTransfer(network, random.nextLong())) {
                        for (int mtu = INNER_MTU_MIN; mtu <= LAN_MTU; mtu++) {
                            carry(streams, network, mtu, 100_000);
                        }
                    }
                    network.assertSuperFrames();
                });
    }

    @ParameterizedTest
    @MethodSource("jumboShapes")
    void shouldCarryStreamsOfAJumboLan(Shape shape) throws Throwable {
        inNetwork(
                shape,
                network -> {
                    try (var streams = new StreamTransfer(network, random.nextLong())) {
                        int stepMax = Sim.count(900, 40);
                        int mtu = LAN_MTU;
                        while (mtu < JUMBO_MTU) {
                            carry(streams, network, mtu, 1_000_000);
                            mtu += random.nextInt(1, stepMax);
                        }
                        carry(streams, network, JUMBO_MTU, 3_000_000);
                    }
                    network.assertSuperFrames();
                });
    }

    /** The hosts learn of it by ICMP, or are fragmented where they allow it. */
    @ParameterizedTest
    @MethodSource("shapes")
    void shouldCarryStreamsThroughTunnelsThatShrink(Shape shape) throws Throwable {
        inNetwork(
                shape,
                network -> {
                    for (int i = 0; i < Sim.count(6, 100); i++) {
                        boolean mayFragment = i % 2 == 0;
                        for (TransferSite site : network.sites()) {
                            site.host.sysctl("net/ipv4/ip_no_pmtu_disc", mayFragment ? "1" : "0");
                            site.host.ip("route flush cache");
                            site.host.ip("-6 route flush cache");
                        }
                        shrinkWhileStreaming(network);
                    }
                });
    }

    private void shrinkWhileStreaming(TransferNetwork network) throws Exception {
        network.join(LAN_MTU);
        try (var streams = new StreamTransfer(network, random.nextLong())) {
            streams.run(
                    () -> {
                        int mtu = LAN_MTU;
                        for (int i = 0; i < 3; i++) {
                            mtu -= random.nextInt(1, 70); // not below IPv6's least
                            LockSupport.parkNanos(random.nextInt(5_000_000));
                            network.join(mtu);
                            network.calm(false);
                        }
                    },
                    3_000_000,
                    3_000_000);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldCarryDatagramsAndFragments(Shape shape) throws Throwable {
        inNetwork(
                shape,
                network -> {
                    // Downwards, since the hosts keep the smallest MTU that they were told.
                    int mtu = LAN_MTU;
                    while (mtu >= INNER_MTU_MIN) {
                        carryDatagrams(network, mtu);
                        mtu -= random.nextInt(1, Sim.count(100, 10));
                    }
                });
    }

    static List<Shape> wiredShapes() {
        return TransferShapes.wired(LAN_MTU);
    }

    /** IPv6 needs a wire of 1280 bytes, more than any of these tunnels needs. */
    @ParameterizedTest
    @MethodSource("wiredShapes")
    void shouldCarryStreamsAndDatagramsOverAWire(Shape shape) throws Throwable {
        inNetwork(
                shape,
                network -> {
                    int mtu = LAN_MTU;
                    while (mtu >= IPV6_MTU_MIN) {
                        try (var streams = new StreamTransfer(network, random.nextLong())) {
                            carry(streams, network, mtu, 1_000_000);
                        }
                        carryDatagrams(network, mtu);
                        mtu -= random.nextInt(1, Sim.count(100, 10));
                    }
                    network.assertSuperFrames();
                });
    }

    /** Two streams of each family at once. */
    private void carry(StreamTransfer streams, TransferNetwork network, int mtu, int lengthMax)
            throws Exception {
        network.join(mtu);
        int[] lengths = new int[4];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = random.nextInt(i < 2 ? lengthMax / 2 : 1, lengthMax);
        }
        try {
            streams.run(lengths);
            network.assertFilled();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("inner MTU " + mtu, e);
        }
    }

    private void carryDatagrams(TransferNetwork network, int mtu) throws Exception {
        network.join(mtu);
        network.calm(false);
        for (int i = 0; i < 4; i++) {
            boolean isIpv6 = i % 2 == 1;
            TransferSite from = i < 2 ? network.first : network.second;
            TransferSite to = i < 2 ? network.second : network.first;
            try (var datagrams = new DatagramTransfer(from, to, isIpv6, random.nextLong())) {
                if (!isIpv6 || mtu >= IPV6_MTU_MIN) {
                    datagrams.run(20, 8_000);
                }
                datagrams.runSegmented(20, mtu - (isIpv6 ? IPV6_UDP_LENGTH : IPV4_UDP_LENGTH));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("inner MTU " + mtu + ", " + from + " IPv6 " + isIpv6, e);
            }
        }
    }

    private interface Body {
        void run(TransferNetwork network) throws Exception;
    }

    private void inNetwork(Shape shape, Body body) throws Throwable {
        long seed = random.nextLong();
        PrivateNetwork.run(
                () -> {
                    try (TransferNetwork network = new TransferNetwork(shape, seed)) {
                        try {
                            body.run(network);
                            assertEquals(shape.isDisturbed(), network.disturbed() > 0);
                            network.assertSound();
                        } catch (Exception | AssertionError e) {
                            throw new AssertionError("seed " + Sim.seed() + " " + network, e);
                        }
                    }
                });
    }
}
