package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.record.RecordCiphers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final byte[] OUR_ID = {(byte) 0x80, 0, 0, 1};
    private static final byte[] PEER_ID = {1, 2, 3, 4, 5, 6};
    private static final byte[] NO_ID = {};

    private final RecordCiphers ciphers = RecordCiphers.choose("auto");

    @Test
    void shouldCarryTrafficBothWays() {
        try (Session client = session(true, OUR_ID, NO_ID, false);
                Session server = session(false, NO_ID, OUR_ID, true)) {
            assertEquals(7, exchange(client, server, 7));
            assertEquals(9, exchange(server, client, 9));
        }
    }

    @Test
    void shouldOnlyOpenWhatThePeerSealed() {
        try (Session client = session(true, NO_ID, NO_ID, false)) {
            assertTrue(exchange(client, client, 7) < 0);
        }
    }

    @Test
    void shouldKeepBackDataUntilThePeerWasHeardWhenItSentTheLastFlight() {
        try (Session server = session(false, OUR_ID, NO_ID, true)) {
            assertFalse(server.maySeal());

            server.onOpened();

            assertTrue(server.maySeal());
        }
    }

    @Test
    void shouldSendDataAtOnceWhenThePeerSentTheLastFlight() {
        try (Session client = session(true, OUR_ID, NO_ID, false)) {
            assertTrue(client.maySeal());
        }
    }

    @Test
    void shouldTellItsConnectionIdAsBigEndianInt() {
        try (Session named = session(true, OUR_ID, NO_ID, false);
                Session unnamed = session(true, NO_ID, OUR_ID, false)) {
            assertTrue(named.hasConnectionId());
            assertEquals(0x8000_0001, named.localConnectionId());
            assertFalse(unnamed.hasConnectionId());
            assertEquals(0, unnamed.localConnectionId());
        }
    }

    @Test
    void shouldRefuseALocalConnectionIdOfAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> session(true, PEER_ID, NO_ID, false));
    }

    @Test
    void shouldSealWithAConnectionIdOfAnyLengthThatThePeerChose() {
        try (Session client = session(true, NO_ID, PEER_ID, false)) {
            assertEquals(13 + 6 + 8 + 1 + 16, client.sealer().overhead());
        }
    }

    @Test
    void shouldLeaveNoKeysBehindOnceItHasCiphers() {
        RecordSuite suite = RecordSuite.AES_256_GCM;
        byte[][] secrets = {filled(32), filled(4), filled(32), filled(4)};
        SessionKeys keys = new SessionKeys(suite, secrets[0], secrets[1], secrets[2], secrets[3]);

        Session.of(keys, OUR_ID, PEER_ID, false, ciphers).close();

        for (byte[] secret : secrets) {
            assertArrayEquals(new byte[secret.length], secret);
        }
        assertThrows(
                IllegalStateException.class,
                () -> Session.of(keys, OUR_ID, PEER_ID, false, ciphers));
    }

    @Test
    void shouldRefuseKeysOfTheWrongLength() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new SessionKeys(
                                        RecordSuite.AES_128_GCM,
                                        filled(32),
                                        filled(4),
                                        filled(16),
                                        filled(4)));

        assertEquals("seal key has 32 bytes, expected 16", e.getMessage());
    }

    private int exchange(Session from, Session to, int length) {
        UnsafeBuffer plaintext = new UnsafeBuffer(ByteBuffer.allocateDirect(length + 1));
        UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(length + 64));
        int recordLength = from.sealer().seal(plaintext, 0, length, record, 0);
        int opened = to.opener().open(record, 0, recordLength);
        return to.opener().unwrap(record, to.opener().plaintextOffset(), opened);
    }

    private Session session(
            boolean isClient, byte[] localId, byte[] remoteId, boolean sentLastFlight) {
        byte[] clientKey = filled(16);
        byte[] serverKey = new byte[16];
        SessionKeys keys =
                new SessionKeys(
                        RecordSuite.AES_128_GCM,
                        isClient ? clientKey : serverKey,
                        filled(4),
                        isClient ? serverKey : clientKey,
                        filled(4));
        return Session.of(keys, localId, remoteId, sentLastFlight, ciphers);
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x77);
        return bytes;
    }
}
