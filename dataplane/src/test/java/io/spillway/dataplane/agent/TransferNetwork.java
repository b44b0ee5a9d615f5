package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.forward.ContentType;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.sim.DisturbedLink;
import io.spillway.dataplane.sim.DisturbedLink.Disturbance;
import io.spillway.dataplane.sim.KernelErrors;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.tap.UdpSocket;
import io.spillway.tap.VirtioNetHeader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Two sites joined by a {@link TransferWan}; each host has a namespace of its own, so that no
 * kernel knows a shorter way.
 *
 * <pre>
 *   host 10.1.0.7 -- tap0 -- data plane == WAN == data plane -- tap0 -- host 10.2.0.7
 * </pre>
 */
final class TransferNetwork implements AutoCloseable {
    /**
     * One way to build it.
     *
     * @param receiveCoalescing UDP_GRO on both WAN sockets
     */
    record Shape(
            TransferSite.Lan first,
            TransferSite.Lan second,
            int lanMtu,
            boolean receiveCoalescing,
            Disturbance disturbance,
            TransferWan.Kind wan) {
        boolean isDisturbed() {
            return disturbance.lost() > 0;
        }
    }

    private static final int WAN_MTU_MAX = 10_000;
    private static final int FRAME_HEADERS_LENGTH = VirtioNetHeader.LENGTH + EthernetHeader.LENGTH;
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final TransferWan wan;
    final TransferSite first;
    final TransferSite second;
    private final Shape shape;
    private int joined;
    private int linkMtu;

    TransferNetwork(Shape shape, long seed) throws Exception {
        this.shape = shape;
        wan = new TransferWan(shape.wan);
        first = site(1, shape.first, seed);
        second = site(2, shape.second, seed + 1);
    }

    private TransferSite site(int number, TransferSite.Lan lan, long seed) throws Exception {
        UdpSocket socket = wan.open(number, shape.receiveCoalescing);
        return new TransferSite(
                number, lan, shape.lanMtu, new DisturbedLink(socket, shape.disturbance, seed));
    }

    /**
     * New tunnels that take packets of {@code innerMtu} bytes and not one more, over a WAN that
     * takes their records and not one byte more.
     */
    void join(int innerMtu) throws Exception {
        joined++;
        SessionPair pair = SessionPair.of(joined, 2 * joined, 2 * joined + 1);
        int overhead = pair.client().sealer().overhead() + ContentType.LENGTH + wan.headersLength();
        linkMtu = innerMtu + overhead;
        wan.mtu(WAN_MTU_MAX); // so that no message of before is refused
        Tunnel there = first.join(second, pair.client(), linkMtu);
        Tunnel back = second.join(first, pair.server(), linkMtu);
        await(() -> there.mtu() == innerMtu && back.mtu() == innerMtu, "tunnels of " + innerMtu);
        wan.mtu(linkMtu);
        calm(true);
        sites().forEach(site -> site.wan.forgetLengths());
        // The first record lets the second site seal.
        first.plane.commands().sendProbe(there, Probe.of(0, 1, 0));
    }

    /** While calm nothing is lost: connecting, whose retransmission takes a second. */
    void calm(boolean calm) {
        sites().forEach(site -> site.wan.calm(calm));
    }

    /** The last join's tunnels were used to their full size, in both directions. */
    void assertFilled() {
        for (TransferSite site : sites()) {
            assertEquals(linkMtu - wan.headersLength(), site.wan.lengthMax(), "longest datagram");
        }
    }

    List<TransferSite> sites() {
        return List.of(first, second);
    }

    long disturbed() {
        return first.wan.disturbed() + second.wan.disturbed();
    }

    /** Super-frames came from and went to the LANs that have them, and to no other. */
    void assertSuperFrames() {
        assertSuperFrames(first, shape.first);
        assertSuperFrames(second, shape.second);
    }

    private void assertSuperFrames(TransferSite site, TransferSite.Lan lan) {
        int frameMax = shape.lanMtu + FRAME_HEADERS_LENGTH;
        boolean expected = lan == TransferSite.Lan.SEGMENTS;
        assertEquals(expected, site.readMax() > frameMax, "read " + site.readMax());
        boolean hasWritten = site.writtenMax() > frameMax;
        assertEquals(expected, hasWritten, "written " + site.writtenMax());
    }

    /** Nobody died, no kernel saw a wrong checksum, and every slot is home. Ends the sites. */
    void assertSound() throws Exception {
        for (TransferSite site : sites()) {
            assertNull(site.failure());
            assertEquals(Map.of(), KernelErrors.of(site.host));
            assertEquals(0, site.usedSlotsAtTheEnd());
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, String what) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "never came: " + what);
            LockSupport.parkNanos(20_000);
        }
    }

    @Override
    public String toString() {
        return "drops " + first.plane.counters().dropped() + second.plane.counters().dropped();
    }

    @Override
    public void close() {
        sites().forEach(TransferSite::close);
        wan.close();
    }
}
