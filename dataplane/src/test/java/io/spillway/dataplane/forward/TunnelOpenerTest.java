package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.EndpointAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelOpenerTest {
    private static final int CONNECTION_ID = 0x1234_0007;
    private static final byte[] PACKET = Frames.udp("10.2.0.8", "10.1.0.7", 53, new byte[20]);

    private final ForwardFixture fixture = new ForwardFixture();
    private final SessionPair pair = SessionPair.of(1, 99, CONNECTION_ID);
    private final SessionPair popPair = SessionPair.of(2, 98, CONNECTION_ID + 1);

    @BeforeEach
    void install() {
        fixture.install(fixture.first, pair.server());
        fixture.install(fixture.pop, popPair.server());
    }

    @Test
    void shouldOpenAPacketInPlaceAndCountIt() {
        PacketBuffer packet = open(record(ContentType.PACKET, PACKET));

        assertArrayEquals(PACKET, content(packet));
        assertEquals(ContentType.PACKET, packet.contentType);
        assertEquals(1, packet.ingressTunnel);
        assertEquals(1, fixture.first.packetsReceived().packets());
        assertEquals(PACKET.length, fixture.first.packetsReceived().bytes());
    }

    @Test
    void shouldReportTheFirstAuthenticatedRecordAndSealFromThenOn() {
        assertTrue(!fixture.first.isReady());

        open(record(ContentType.PACKET, PACKET));
        open(record(ContentType.PACKET, PACKET));

        assertTrue(fixture.first.isReady());
        assertEquals(List.of("authenticated 1 " + CONNECTION_ID), fixture.news.heard);
    }

    /** A foreign peer may begin with nothing, or end with an alert: it is heard all the same. */
    @Test
    void shouldTakeAnEmptyRecordForASignOfLife() {
        byte[] nothing = seal(pair, new byte[0]);

        assertNull(open(nothing));

        assertTrue(fixture.first.isReady());
        assertEquals(List.of("authenticated 1 " + CONNECTION_ID), fixture.news.heard);
        assertEquals(1, fixture.dropped(DropReason.RECORD_UNKNOWN_CONTENT));
    }

    @Test
    void shouldDropAReplay() {
        byte[] record = record(ContentType.PACKET, PACKET);
        open(record);

        assertNull(open(record));

        assertEquals(1, fixture.dropped(DropReason.RECORD_REPLAYED));
    }

    @Test
    void shouldDropDamagedRecordsAndHearNothingFromThem() {
        byte[] record = record(ContentType.PACKET, PACKET);
        SplittableRandom random = new SplittableRandom(Sim.seed());
        for (int i = 17; i < record.length; i++) {
            byte[] damaged = record.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            assertNull(open(damaged), "byte " + i);
        }

        assertEquals(List.of(), fixture.news.heard);
        assertEquals(0, fixture.used());
        assertTrue(fixture.dropped(DropReason.RECORD_BAD_TAG) > 0);
        open(record);
        assertEquals(1, fixture.first.packetsReceived().packets());
    }

    @Test
    void shouldDropTruncatedRecords() {
        byte[] record = record(ContentType.PACKET, PACKET);
        for (int length = 17; length < record.length; length++) {
            assertNull(open(Sim.bytes(new UnsafeBuffer(record), 0, length)));
        }

        assertEquals(record.length - 17, fixture.dropped(DropReason.RECORD_MALFORMED));
    }

    @Test
    void shouldLetAProofWalkOnThatNoFlowFollows() {
        PacketBuffer proof = open(record(ContentType.PROOF, PACKET));

        assertTrue(proof.isAnswer);
        assertEquals(0, fixture.first.packetsReceived().packets());
    }

    @Test
    void shouldDropUnknownContent() {
        for (int type : new int[] {0, 10, 11, 255}) {
            assertNull(open(record((byte) type, PACKET)));
        }

        assertEquals(4, fixture.dropped(DropReason.RECORD_UNKNOWN_CONTENT));
    }

    @Test
    void shouldTellControlThatThePeerEndsTheSession() {
        assertNull(open(record(ContentType.CLOSE, new byte[0])));

        assertEquals("close 1", fixture.news.heard.get(1));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldAnswerAProbeAtOnce() {
        fixture.publish(1, 1, List.of(fixture.first));

        open(record(ContentType.PROBE, probe(1, 3, 42, 777, 2, 0, 100)));

        PacketBuffer reply = fixture.first.ring().poll();
        assertEquals(ContentType.PROBE_REPLY, reply.contentType);
        byte[] expected = probe(1, 0, 42, 777, 1, 2, 0);
        assertArrayEquals(expected, content(reply), "without padding");
        assertEquals("probe 1 1 3 2", fixture.news.heard.get(1));
    }

    @Test
    void shouldHandAReplyToControl() {
        open(record(ContentType.PROBE_REPLY, probe(0, 3, 42, 777, 2, 1, 0)));

        assertEquals("reply 1 0 42 2 777 5", fixture.news.heard.get(1));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldHurryControlWhenFlagsChangeOnly() {
        open(record(ContentType.PROBE, probe(1, 3, 42, 777, 2, 0, 0)));
        open(record(ContentType.PROBE_REPLY, probe(1, 3, 43, 777, 2, 1, 0)));
        open(record(ContentType.PROBE, probe(0, 3, 44, 777, 2, 0, 0)));

        List<String> expected =
                List.of(
                        "authenticated 1 " + CONNECTION_ID,
                        "probe 1 1 3 2",
                        "hurry",
                        "reply 1 1 43 2 777 5",
                        "probe 1 0 3 2",
                        "hurry");
        assertEquals(expected, fixture.news.heard);
    }

    /** RFC 9146 §6: only who answers where a record came from has moved. */
    @Test
    void shouldFollowAPeerThatAnswersElsewhere() {
        open(record(ContentType.PROBE, probe(0, 0, 1, 0, 2, 0, 0)), fixture.second);

        PacketBuffer check = fixture.first.ring().poll();
        assertEquals(ContentType.PATH_CHECK, check.contentType);
        assertEquals(8, check.length());
        byte[] token = content(check);
        assertFalse(fixture.first.isAt(fixture.second.endpointAddress()));

        open(record(ContentType.PATH_ANSWER, token), fixture.second);

        assertTrue(fixture.first.isAt(fixture.second.endpointAddress()));
        assertEquals("moved 1 " + fixture.second.remote(), fixture.news.heard.getLast());
    }

    /** Else control would go on telling others the place that is left. */
    @Test
    void shouldNotFollowWhileControlCannotHearOfIt() {
        open(record(ContentType.PROBE, probe(0, 0, 1, 0, 2, 0, 0)), fixture.second);
        byte[] token = content(fixture.first.ring().poll());

        fixture.news.isFull = true;
        open(record(ContentType.PATH_ANSWER, token), fixture.second);
        assertFalse(fixture.first.isAt(fixture.second.endpointAddress()));

        fixture.news.isFull = false;
        open(record(ContentType.PATH_ANSWER, token), fixture.second);
        assertTrue(fixture.first.isAt(fixture.second.endpointAddress()));
    }

    @Test
    void shouldNotFollowAnAnswerFromElsewhereOrOfAnotherToken() {
        open(record(ContentType.PROBE, probe(0, 0, 1, 0, 2, 0, 0)), fixture.second);
        byte[] token = content(fixture.first.ring().poll());

        open(record(ContentType.PATH_ANSWER, token), fixture.first);
        open(record(ContentType.PATH_ANSWER, new byte[8]), fixture.second);

        assertFalse(fixture.first.isAt(fixture.second.endpointAddress()));
    }

    /**
     * One check at a time, so that copies from many places make us write to one of them a second.
     */
    @Test
    void shouldNotCheckManyPlacesAtOnce() {
        for (int i = 0; i < 20; i++) {
            open(record(ContentType.PROBE, probe(0, 0, i, 0, 2, 0, 0)), fixture.second);
        }

        int checks = 0;
        for (PacketBuffer sent = fixture.first.ring().poll();
                sent != null;
                sent = fixture.first.ring().poll()) {
            checks += sent.contentType == ContentType.PATH_CHECK ? 1 : 0;
        }
        assertEquals(1, checks);
    }

    @Test
    void shouldAnswerAPathCheckAndDropAnOddOne() {
        open(record(ContentType.PATH_CHECK, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        open(record(ContentType.PATH_CHECK, new byte[7]));
        open(record(ContentType.PATH_ANSWER, new byte[9]));

        PacketBuffer answer = fixture.first.ring().poll();
        assertEquals(ContentType.PATH_ANSWER, answer.contentType);
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, content(answer));
        assertEquals(2, fixture.dropped(DropReason.PROBE_MALFORMED));
    }

    @Test
    void shouldRefuseAForeignOriginOfASiteButNotOfAPop() {
        open(record(ContentType.PROBE, probe(0, 0, 1, 0, 3, 0, 0)));
        open(record(ContentType.PROBE_REPLY, probe(0, 0, 1, 0, 3, 1, 0)));

        assertEquals(2, fixture.dropped(DropReason.PROBE_FOREIGN_ORIGIN));
        assertNull(fixture.first.ring().poll());

        open(seal(popPair, typed(ContentType.PROBE, probe(0, 0, 1, 0, 3, 1, 0))));
        assertEquals(ContentType.PROBE_REPLY, fixture.pop.ring().poll().contentType);
    }

    @Test
    void shouldRelayProbesAtAPopOnly() {
        byte[] probe = probe(1, 2, 42, 777, 2, 2, 8);
        open(record(ContentType.PROBE, probe));
        assertEquals(1, fixture.dropped(DropReason.PROBE_NO_PATH), "a site");

        fixture.publish(0, 0, List.of(fixture.second));
        open(record(ContentType.PROBE, probe));
        open(record(ContentType.PROBE, probe(1, 2, 42, 777, 2, 3, 8)));
        open(record(ContentType.PROBE, probe(1, 2, 42, 777, 2, 333, 8)));

        PacketBuffer relayed = fixture.second.ring().poll();
        assertEquals(ContentType.PROBE, relayed.contentType);
        assertArrayEquals(probe, content(relayed));
        assertEquals(3, fixture.dropped(DropReason.PROBE_NO_PATH), "no tunnel, no such site");
        assertEquals(1, fixture.news.heard.size(), "not the PoP's own");
    }

    @Test
    void shouldDropAShortProbe() {
        for (int length = 0; length < ProbeHeader.LENGTH; length++) {
            open(record(ContentType.PROBE, new byte[length]));
        }

        assertEquals(ProbeHeader.LENGTH, fixture.dropped(DropReason.PROBE_MALFORMED));
    }

    private byte[] record(byte type, byte[] content) {
        return seal(pair, typed(type, content));
    }

    private static byte[] typed(byte type, byte[] content) {
        return Packets.join(new byte[] {type}, content);
    }

    private byte[] seal(SessionPair from, byte[] plaintext) {
        PacketBuffer in = fixture.buffer(plaintext);
        PacketBuffer out = fixture.pool.acquire();
        out.reset(0);
        int length =
                from.client()
                        .sealer()
                        .seal(in.memory(), in.offset(), in.length(), out.memory(), out.offset());
        byte[] record = Sim.bytes(out.memory(), out.offset(), length);
        fixture.pool.release(in);
        fixture.pool.release(out);
        return record;
    }

    /** The packet, or null when the record has another end. */
    private PacketBuffer open(byte[] record) {
        int connectionId = ByteBuffer.wrap(record).getInt(11);
        return open(record, connectionId == CONNECTION_ID ? fixture.first : fixture.pop);
    }

    /** As if it came from where that tunnel ends. */
    private PacketBuffer open(byte[] record, Tunnel from) {
        PacketBuffer buffer = fixture.buffer(record);
        EndpointAddress.encode(from.remote(), buffer.endpointAddress());
        buffer.receivedNs = 5;
        buffer.ingressLink = 0;
        fixture.batch.clear();
        fixture.batch.add(buffer);
        fixture.demux.process(fixture.batch);
        fixture.opener.process(fixture.batch);
        if (fixture.batch.isEmpty()) {
            return null;
        }
        fixture.pool.release(buffer);
        return buffer;
    }

    private static byte[] probe(
            int flags,
            int link,
            int sequence,
            long sentNs,
            long origin,
            long destination,
            int padding) {
        ByteBuffer probe = ByteBuffer.allocate(ProbeHeader.LENGTH + padding);
        probe.put((byte) flags).put((byte) link).putShort((short) 0).putInt(sequence);
        probe.putLong(sentNs).putLong(origin).putLong(destination);
        return probe.array();
    }
}
