package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.Sim;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelDemuxTest {
    private static final int CONNECTION_ID = 0x1234_0007;

    private final ForwardFixture fixture = new ForwardFixture();

    @BeforeEach
    void addSessions() {
        fixture.install(fixture.first, SessionPair.of(1, CONNECTION_ID, 9).client());
        fixture.install(fixture.second, SessionPair.of(2, 0, 9).client());
    }

    /** Every row of the table in {@link TunnelDemux}. */
    @ParameterizedTest
    @CsvSource({
        // type, epoch, sequence, expected
        "22, 0, 0, handshake",
        "22, 0, 99999, handshake",
        "25, 0, 99999, handshake",
        "23, 0, 99999, handshake",
        "20, 0, 1, handshake",
        "21, 0, 1, handshake",
        "25, 1, 0, handshake",
        "25, 1, 65535, handshake",
        "25, 1, 65536, session 1",
        "25, 1, 281474976710655, session 1",
        "23, 1, 0, session 2",
        "23, 1, 65535, session 2",
        "23, 1, 65536, session 2",
        "20, 1, 65536, handshake",
        "21, 1, 65536, handshake",
        "22, 1, 0, handshake",
        "22, 1, 65536, handshake",
        "63, 1, 65536, handshake",
        "25, 2, 65536, session 1",
    })
    void shouldTellRecordsApart(int type, int epoch, long sequence, String expected) {
        PacketBuffer datagram = process(record(type, epoch, sequence, CONNECTION_ID), from(2));

        PacketBuffer handshake = fixture.handshakes.poll();
        if (expected.equals("handshake")) {
            assertNull(datagram);
            assertEquals(type == 25 ? CONNECTION_ID : 0, handshake.connectionId);
            assertArrayEquals(record(type, epoch, sequence, CONNECTION_ID), content(handshake));
        } else {
            assertNull(handshake);
            assertEquals(expected, "session " + datagram.ingressTunnel);
        }
    }

    @Test
    void shouldDropAnUnknownConnectionId() {
        assertNull(process(record(25, 1, 70_000, 0x1235_0007), from(1)));
        assertNull(process(record(25, 1, 70_000, -1), from(1)));

        assertEquals(2, fixture.dropped(DropReason.RECORD_UNKNOWN_SESSION));
    }

    @Test
    void shouldFindASessionByConnectionIdWhereverItComesFrom() {
        assertNotNull(process(record(25, 1, 70_000, CONNECTION_ID), from(200)));
    }

    @Test
    void shouldDropAPlainRecordFromAStranger() {
        assertNull(process(record(23, 1, 70_000, 0), from(1)));

        assertEquals(1, fixture.dropped(DropReason.RECORD_UNKNOWN_SESSION));
    }

    @ParameterizedTest
    @CsvSource({
        "0, DATAGRAM_STUN_MALFORMED",
        "3, DATAGRAM_STUN_MALFORMED",
        "4, DATAGRAM_NOT_DTLS",
        "19, DATAGRAM_NOT_DTLS",
        "64, DATAGRAM_NOT_DTLS",
        "128, DATAGRAM_NOT_DTLS",
        "255, DATAGRAM_NOT_DTLS",
    })
    void shouldDropWhatIsNotDtls(int first, DropReason reason) {
        byte[] bytes = new byte[40];
        bytes[0] = (byte) first;

        assertNull(process(bytes, from(1)));

        assertEquals(1, fixture.dropped(reason));
    }

    @Test
    void shouldHandStunToControlAndLeaveHalfTheRingToHandshakes() {
        byte[] stun = new byte[20];
        stun[1] = 1;
        ByteBuffer.wrap(stun).putInt(4, 0x2112A442);
        for (int i = 0; i < 5; i++) {
            assertNull(process(stun, from(1)));
        }

        assertEquals(3, fixture.dropped(DropReason.HANDSHAKE_RING_FULL));
        process(record(22, 0, 1, 0), from(1));
        assertEquals(3, fixture.dropped(DropReason.HANDSHAKE_RING_FULL));
        assertArrayEquals(stun, content(fixture.handshakes.poll()));
    }

    @Test
    void shouldDropStunThatIsCutOrOfTheOldKind() {
        byte[] cut = new byte[19];
        ByteBuffer.wrap(cut).putInt(4, 0x2112A442);

        assertNull(process(cut, from(1)));
        assertNull(process(new byte[20], from(1))); // without the cookie: RFC 3489

        assertEquals(2, fixture.dropped(DropReason.DATAGRAM_STUN_MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 22, 23, 25, 63})
    void shouldDropEveryTruncatedHeader(int type) {
        byte[] whole = record(type, 1, 70_000, CONNECTION_ID);
        int headerLength = type == 25 ? 17 : 13;
        for (int length = 0; length < headerLength; length++) {
            assertNull(process(Arrays.copyOf(whole, length), from(2)));
        }

        assertEquals(headerLength, fixture.dropped(DropReason.RECORD_MALFORMED));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldCountHandshakesThatFindNoRoomAndGoOn() {
        for (int i = 0; i < 6; i++) {
            process(record(22, 0, i, 0), from(1));
        }

        assertEquals(2, fixture.dropped(DropReason.HANDSHAKE_RING_FULL));
        assertNotNull(process(record(25, 1, 70_000, CONNECTION_ID), from(1)));
    }

    @Test
    void shouldSurviveArbitraryBytes() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Sim.count(100_000, 5_000_000); i++) {
            byte[] bytes = Packets.random(random, random.nextInt(60));
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) random.nextInt(18, 28);
            }
            PacketBuffer left = process(bytes, from(2));
            PacketBuffer handshake = fixture.handshakes.poll();
            if (left != null) {
                fixture.pool.release(left);
            }
            if (handshake != null) {
                fixture.pool.release(handshake);
            }
            assertEquals(0, fixture.used(), "seed " + seed + " #" + i);
        }
    }

    private PacketBuffer process(byte[] datagram, InetSocketAddress source) {
        PacketBuffer buffer = fixture.buffer(datagram);
        EndpointAddress.encode(source, buffer.endpointAddress());
        fixture.batch.clear();
        fixture.batch.add(buffer);
        fixture.demux.process(fixture.batch);
        return fixture.batch.isEmpty() ? null : buffer;
    }

    /** Where the tunnel of this index has its peer. */
    private static InetSocketAddress from(int tunnel) {
        return new InetSocketAddress("198.51.100." + (tunnel + 1), 20060);
    }

    private static byte[] record(int type, int epoch, long sequence, int connectionId) {
        ByteBuffer record = ByteBuffer.allocate(40);
        record.put((byte) type).putShort((short) 0xfefd);
        record.putLong((long) epoch << 48 | sequence);
        if (type == 25) {
            record.putInt(connectionId);
        }
        return record.array();
    }
}
