package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Session;
import io.spillway.crypto.record.RecordHeader;
import io.spillway.dataplane.forward.ContentType;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.UdpSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * A lan thread and two WAN threads with real UDP sockets that the kernel steers: site 2's sessions
 * are the first WAN thread's, site 3's the second's.
 */
class DedicatedThreadsTest {
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final int STRANGERS = 100;

    private final SplittableRandom random = new SplittableRandom(Sim.seed());
    private RealNode node;
    private int key = 100;

    private interface Body {
        void run() throws Exception;
    }

    private void inNode(Body body) throws Throwable {
        PrivateNetwork.run(
                () -> {
                    EventLoopKind kind = EventLoopKind.choose("auto").kind();
                    try (RealNode running =
                            new RealNode(
                                    Threading.dedicated(2),
                                    kind,
                                    false,
                                    UnaryOperator.identity())) {
                        node = running;
                        body.run();
                    }
                });
    }

    /** A record at the wrong socket would be missing, and counted. */
    @Test
    void shouldSteerEverySessionToItsThreadAlsoAfterARekey() throws Throwable {
        inNode(
                () -> {
                    Session second = node.second.session();
                    Session third = node.third.session();
                    long expected = 0;
                    for (int round = 0; round < Sim.count(20, 500); round++) {
                        for (int burst : new int[] {1, 32, 1, 200}) {
                            from(node.second, second, "10.3.0.9").send(burst);
                            from(node.third, third, "10.2.0.9").send(burst);
                            expected += burst;
                            awaitReceived(node.second, expected);
                            awaitReceived(node.third, expected);
                        }
                        second = rekey(node.second);
                        third = rekey(node.third);
                    }
                    assertEquals(0, node.plane.counters().dropped(DropReason.RECORD_WRONG_THREAD));
                    assertEquals(
                            0, node.plane.counters().dropped(DropReason.RECORD_UNKNOWN_SESSION));
                });
    }

    @Test
    void shouldGiveTheFirstThreadGarbageAndHandshakesOfAnySender() throws Throwable {
        inNode(
                () -> {
                    byte[] garbage = {99, 1, 2, 3};
                    byte[] handshake = header(RecordHeader.HANDSHAKE, 0);
                    byte[] withoutId = header(RecordHeader.APPLICATION_DATA, 1);
                    List<String> heard = new ArrayList<>();
                    for (int i = 1; i <= STRANGERS; i++) {
                        try (UdpSocket stranger = RealNode.open(false)) {
                            send(stranger, garbage);
                            send(stranger, handshake);
                            send(stranger, withoutId);
                            int count = i;
                            await(
                                    () -> {
                                        node.plane.events().drain(new Recorder(heard), 100);
                                        return heard.size() == count
                                                && dropped(0, DropReason.DATAGRAM_NOT_DTLS) == count
                                                && dropped(0, DropReason.RECORD_UNKNOWN_SESSION)
                                                        == count;
                                    });
                        }
                    }
                    assertEquals(0, dropped(1, DropReason.DATAGRAM_NOT_DTLS));
                    assertEquals(0, dropped(1, DropReason.RECORD_UNKNOWN_SESSION));
                });
    }

    @Test
    void shouldGiveUnknownSessionsToTheThreadTheyName() throws Throwable {
        inNode(
                () -> {
                    byte[] record = header(RecordHeader.TLS12_CID, 1);
                    record[RecordHeader.CONNECTION_ID_OFFSET + 3] = 1;
                    record[RecordHeader.CONNECTION_ID_OFFSET - 4] = 1; // behind the handshake's
                    for (int i = 0; i < STRANGERS; i++) {
                        try (UdpSocket stranger = RealNode.open(false)) {
                            send(stranger, record);
                        }
                    }
                    await(() -> dropped(1, DropReason.RECORD_UNKNOWN_SESSION) == STRANGERS);
                    assertEquals(0, dropped(0, DropReason.RECORD_UNKNOWN_SESSION));
                });
    }

    /** The kernel steers a coalesced message by its first datagram. */
    @Test
    void shouldCountTheRecordsThatAHandshakeTookAlong() throws Throwable {
        inNode(
                () -> {
                    UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
                    UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
                    packet.putByte(0, ContentType.PACKET);
                    int length = node.third.session().sealer().seal(packet, 0, 200, message, 1024);
                    message.putBytes(0, header(RecordHeader.HANDSHAKE, 0));
                    message.putBytes(length, message, 1024, length);
                    byte[] both = new byte[2 * length];
                    message.getBytes(0, both);

                    send(node.third.socket(), both, length);

                    await(() -> dropped(0, DropReason.RECORD_WRONG_THREAD) == 1);
                    assertEquals(0, dropped(1, DropReason.RECORD_WRONG_THREAD));
                });
    }

    /** Tunnels close, keys change and routes go while packets cross in every direction. */
    @Test
    void shouldHaveEverySlotBackAfterAStorm() throws Throwable {
        inNode(
                () -> {
                    Session[] sessions = {node.second.session(), node.third.session()};
                    for (int i = 0; i < Sim.count(2_000, 50_000); i++) {
                        disturb(sessions);
                    }
                    awaitSlots();
                    sessions[0] = rekey(node.second);
                    long before = node.second.tunnel().packetsReceived().packets();
                    from(node.second, sessions[0], "10.3.0.9").send(1);
                    awaitReceived(node.second, before + 1);
                    assertNull(node.threads.failure());
                });
    }

    private void disturb(Session[] sessions) throws Exception {
        int index = random.nextInt(2);
        RealNode.Far far = index == 0 ? node.second : node.third;
        switch (random.nextInt(16)) {
            case 0 -> node.plane.commands().closeTunnel(far.tunnel());
            case 1, 2 -> sessions[index] = rekey(far);
            case 3 -> node.plane.commands().sendClose(far.tunnel());
            case 4 -> node.plane.commands().sendProbe(far.tunnel(), Probe.of(0, 1, 0));
            case 5 -> node.plane.events().drain(new Recorder(new ArrayList<>()), 100);
            case 6 -> send(far.socket(), header(RecordHeader.HANDSHAKE, 0));
            case 7 -> from(far, sessions[index], "10.1.0." + random.nextInt(2, 250)).send(1);
            case 8, 9 -> from(far, sessions[index], "10.1.0.7").send(1 + random.nextInt(64));
            case 10 -> LockSupport.parkNanos(random.nextInt(2_000_000));
            default ->
                    from(far, sessions[index], index == 0 ? "10.3.0.9" : "10.2.0.9")
                            .send(1 + random.nextInt(100));
        }
    }

    /** Those of packets that wait for a neighbour, too; every agent's turn takes home what came. */
    private void awaitSlots() {
        await(
                () -> {
                    node.plane.events().drain(new Recorder(new ArrayList<>()), 1000);
                    node.plane.commands().publish(node.forwarding());
                    return node.plane.freeSlotCount() == node.plane.slotCount();
                });
    }

    private Session rekey(RealNode.Far far) {
        key++;
        int thread = far.tunnel().wanThread();
        SessionPair pair = SessionPair.of(key, key << 1 | thread, key << 1 | thread);
        node.plane.commands().installSession(far.tunnel(), pair.client());
        return pair.server();
    }

    private RecordSource from(RealNode.Far far, Session session, String target) {
        String source = far == node.second ? "10.2.0.8" : "10.3.0.8";
        byte[] packet = udp(source, target, 4711, new byte[100]);
        return new RecordSource(far.socket(), node.wan.localEndpoint(), session, packet);
    }

    /** A record's header with enough behind it for a connection ID. */
    private static byte[] header(int type, int epoch) {
        byte[] header = new byte[40];
        header[0] = (byte) type;
        header[1] = (byte) 0xfe;
        header[2] = (byte) 0xfd;
        header[RecordHeader.EPOCH_OFFSET + 1] = (byte) epoch;
        return header;
    }

    private void send(UdpSocket socket, byte[] datagram) {
        send(socket, datagram, 0);
    }

    private void send(UdpSocket socket, byte[] datagrams, int segmentLength) {
        UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
        UnsafeBuffer remote = new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));
        EndpointAddress.encode(node.wan.localEndpoint(), remote.addressOffset());
        memory.putBytes(0, datagrams);
        int sent =
                socket.send(
                        memory.addressOffset(),
                        datagrams.length,
                        segmentLength,
                        remote.addressOffset());
        assertEquals(datagrams.length, sent);
    }

    private long dropped(int wanThread, DropReason reason) {
        return node.plane.parts().get(wanThread).counters().dropped(reason);
    }

    private void awaitReceived(RealNode.Far far, long packets) {
        await(() -> far.tunnel().packetsReceived().packets() == packets);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.holds()) {
            assertTrue(
                    System.nanoTime() - deadlineNs < 0,
                    () ->
                            "never came, seed "
                                    + Sim.seed()
                                    + ", free "
                                    + node.plane.freeSlotCount()
                                    + ": "
                                    + node.plane.counters().dropped());
            LockSupport.parkNanos(50_000);
        }
    }
}
