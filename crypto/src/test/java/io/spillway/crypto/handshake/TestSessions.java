package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Session;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.crypto.record.RecordOpener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Sealing and opening with what a handshake has yielded. */
final class TestSessions {
    private static final RecordCiphers CIPHERS = RecordCiphers.choose("jce");
    private static final int BUFFER_LENGTH = 2048;

    private TestSessions() {}

    /** Takes the keys over. */
    static Session of(HandshakeResult result) {
        return Session.of(
                result.keys(),
                result.localConnectionId(),
                result.remoteConnectionId(),
                result.sentLastFlight(),
                CIPHERS);
    }

    /** Takes both sides' keys over, and sends a record each way. */
    static void assertKeysEqualCrosswise(HandshakeResult one, HandshakeResult other) {
        assertArrayEquals(one.localConnectionId(), other.remoteConnectionId());
        assertArrayEquals(other.localConnectionId(), one.remoteConnectionId());
        assertEquals(one.keys().suite(), other.keys().suite());
        assertTrue(one.sentLastFlight() != other.sentLastFlight());
        try (Session a = of(one);
                Session b = of(other)) {
            assertEquals("hello", open(b, seal(a, "hello")));
            assertEquals("hello yourself", open(a, seal(b, "hello yourself")));
        }
    }

    static byte[] seal(Session session, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        UnsafeBuffer plaintext = offHeap();
        UnsafeBuffer record = offHeap();
        plaintext.putBytes(0, bytes);
        byte[] sealed = new byte[session.sealer().seal(plaintext, 0, bytes.length, record, 0)];
        record.getBytes(0, sealed);
        return sealed;
    }

    /** The text, or {@code refused N} with the opener's reason. */
    static String open(Session session, byte[] record) {
        UnsafeBuffer buffer = offHeap();
        buffer.putBytes(0, record);
        RecordOpener opener = session.opener();
        int opened = opener.open(buffer, 0, record.length);
        if (opened < 0) {
            return "refused " + opened;
        }
        byte[] text = new byte[opener.unwrap(buffer, opener.plaintextOffset(), opened)];
        buffer.getBytes(opener.plaintextOffset(), text);
        session.onOpened();
        return new String(text, StandardCharsets.UTF_8);
    }

    private static UnsafeBuffer offHeap() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_LENGTH));
    }
}
