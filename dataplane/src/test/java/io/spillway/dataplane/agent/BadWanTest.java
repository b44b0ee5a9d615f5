package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.SlowSegments;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.Errno;
import io.spillway.tap.TapConfig;
import io.spillway.tap.VirtioNetHeader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A WAN whose kernel refuses, or says nonsense of what it brings, and a LAN that does not take what
 * a peer sends: every packet is counted or arrives, every slot comes home, and traffic goes on.
 */
@ParameterizedClass
@MethodSource("threadings")
class BadWanTest {
    private static final int SEGMENTS = 10;
    private static final int SEGMENT_LENGTH = 1000;

    private final SplittableRandom random = new SplittableRandom(Sim.seed());
    private final SimulatedNetwork network;
    private final SimulatedNode first;
    private final SimulatedNode second;

    BadWanTest(Threading threading) {
        network = new SimulatedNetwork(threading, 128);
        first = network.first;
        second = network.second;
    }

    static List<Threading> threadings() {
        return SimulatedNetwork.threadings();
    }

    @BeforeEach
    void meet() {
        second.greet("10.2.0.9", 0);
        network.turn();
        first.fromLan(0, Frames.udp("10.1.0.7", "10.2.0.9", 53, new byte[1]));
        network.turn();
        second.lan.deliver(answer()); // the gateway is sure of its neighbour now
        network.turn();
        emptyLan();
    }

    private static byte[] answer() {
        long gateway = SimulatedNode.GATEWAY_MAC;
        long host = SimulatedNode.HOST_MAC;
        byte[] arp = Frames.arp(false, host, "10.2.0.9", gateway, "10.2.0.1");
        return Frames.ethernet(gateway, host, 0, Frames.ARP, arp);
    }

    @AfterEach
    void leave() {
        network.close();
    }

    /** The numbers of Linux: EAGAIN, ENOBUFS, ENETUNREACH, ENETDOWN, EPERM. */
    @ParameterizedTest
    @CsvSource({
        "11, WAN_SOCKET_FULL",
        "105, WAN_SOCKET_FULL",
        "101, WAN_UNREACHABLE",
        "100, WAN_UNREACHABLE",
        "1, WAN_UNREACHABLE"
    })
    void shouldCountEveryPacketOfARefusedSuperFrame(int errno, DropReason reason) {
        first.wan.failSends(errno);

        superFrame();
        network.turn();

        assertEquals(SEGMENTS, first.dropped(reason));
        assertEquals(0, second.lan.writtenCount());
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMSGSIZE, Errno.EIO, Errno.EINVAL})
    void shouldSendSinglyWhatTheKernelDoesNotSegment(int errno) {
        first.wan.failSends(errno);

        superFrame();
        network.turn();

        assertEquals(SEGMENTS, second.lan.writtenCount());
        assertEquals(0, first.wan.sent().getLast().segmentLength());
        assertGoesOn();
    }

    @ParameterizedTest
    @CsvSource({
        "90, WAN_MESSAGE_SIZE",
        "5, WAN_UNREACHABLE",
        "22, WAN_UNREACHABLE",
        "105, WAN_SOCKET_FULL"
    })
    void shouldCountWhatTheKernelRefusesSinglyToo(int errno, DropReason reason) {
        first.wan.failSends(Errno.EIO, errno, 0, errno, 0);

        superFrame();
        network.turn();

        assertEquals(2, first.dropped(reason));
        assertEquals(SEGMENTS - 2, second.lan.writtenCount());
        assertGoesOn();
    }

    @Test
    void shouldCutAMessageOfDatagramsByItsSegmentLength() {
        List<byte[]> records = records();

        coalesced(records, records.getFirst().length);

        assertEquals(SEGMENTS, second.lan.writtenCount());
        assertGoesOn();
    }

    /** 0 also stands for a control message that is missing. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 1 << 20, Integer.MAX_VALUE})
    void shouldTakeAMessageWithoutASoundSegmentLengthForOneDatagram(int segmentLength) {
        coalesced(records(), segmentLength);

        assertEquals(1, second.lan.writtenCount() + lost(second));
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 13, 500, 1001, 1042, 1044, 5000})
    void shouldCountWhatAWrongSegmentLengthMakesOfAMessage(int segmentLength) {
        coalesced(records(), segmentLength);

        assertTrue(lost(second) > 0);
        assertGoesOn();
    }

    @Test
    void shouldSurviveAnySegmentLength() {
        for (int i = 0; i < Sim.count(300, 20_000); i++) {
            coalesced(records(), random.nextInt(-5, 12_000));
            emptyLan();
        }

        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EIO, Errno.EINVAL, Errno.ENOBUFS})
    void shouldCountWhatTheLanDoesNotTake(int errno) {
        for (int offloads : new int[] {0, TapConfig.OFFLOAD_ALL}) {
            second.lan.offer(offloads);
            long before = lost(second);
            second.lan.failWrites(errno);
            for (int i = 0; i < 100; i++) {
                superFrame();
            }
            network.turn();
            second.lan.failWrites(0);

            assertEquals(100 * SEGMENTS, lost(second) - before, "offloads " + offloads);
            assertEquals(0, second.lan.writtenCount());
        }
        assertGoesOn();
    }

    /** More than pool and rings hold comes before the LAN's turn. */
    @Test
    void shouldDropAtTheRingWhatComesFasterThanTheLanTakes() {
        List<byte[]> flood = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            flood.addAll(records());
        }
        flood.forEach(record -> second.wan.deliver(first.wan.localEndpoint(), record));
        network.turn();

        assertEquals(500 * SEGMENTS, second.lan.writtenCount() + lost(second));
        emptyLan();
        assertGoesOn();
    }

    /** DESIGN's bound: what waits for neighbours takes at most a quarter of the pool. */
    @Test
    void shouldLeaveRoomWhereSuperFramesWaitForNeighbours() {
        for (int i = 0; i < 20; i++) {
            superFrame("10.2.0." + (100 + i));
            network.turn();
        }

        assertTrue(second.usedSlots() <= 128 / 4, second.usedSlots() + " slots wait");
    }

    /** What the first site sends of a super-frame, taken from the second's socket. */
    private List<byte[]> records() {
        superFrame();
        first.turn();
        return second.wan.takeUnreceived();
    }

    private void coalesced(List<byte[]> records, int segmentLength) {
        byte[] message = Packets.join(records.toArray(byte[][]::new));
        second.wan.deliver(first.wan.localEndpoint(), message, segmentLength);
        network.turn();
    }

    /** UDP, so that no flag ends a train. */
    private void superFrame() {
        superFrame("10.2.0.9");
    }

    private void superFrame(String target) {
        byte[] packet = Frames.udp("10.1.0.7", target, 53, new byte[SEGMENTS * SEGMENT_LENGTH]);
        byte[] frame =
                Frames.packet(
                        SimulatedNode.GATEWAY_MAC,
                        SimulatedNode.HOST_MAC,
                        0,
                        SlowSegments.partial(packet));
        UnsafeBuffer header = new UnsafeBuffer(new byte[VirtioNetHeader.LENGTH]);
        VirtioNetHeader.partialChecksum(header, 0, 34, 6);
        VirtioNetHeader.segmentation(header, 0, VirtioNetHeader.GSO_UDP, 42, SEGMENT_LENGTH);
        first.lan.deliverRaw(Packets.join(header.byteArray(), frame));
    }

    private static long lost(SimulatedNode node) {
        return node.plane.counters().dropped().values().stream().mapToLong(Long::longValue).sum();
    }

    private void emptyLan() {
        while (second.lan.writtenCount() > 0) {
            second.lan.take();
        }
    }

    private void assertGoesOn() {
        second.plane.events().drain(new Recorder(new ArrayList<>()), 1000); // taken for handshakes
        network.turn();
        assertEquals(Collections.nCopies(3, 0), usedSlots());
        emptyLan();
        byte[] data = Sim.text("and on");
        first.fromLan(0, Frames.udp("10.1.0.7", "10.2.0.9", 53, data));
        network.turn();
        assertArrayEquals(data, Frames.data(Frames.content(second.takeFromLan())));
    }

    private List<Integer> usedSlots() {
        return network.nodes().stream().map(SimulatedNode::usedSlots).toList();
    }
}
