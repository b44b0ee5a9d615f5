package io.spillway.crypto.record;

import static io.spillway.crypto.record.BouncyCastlePeers.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.crypto.RecordSuite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our records against another implementation of the same RFCs: Bouncy Castle's record layer opens
 * what {@link RecordSealer} sealed with its keys, and the reverse.
 */
class BouncyCastleInteropTest {
    private static final byte[] CLIENT_ID = {(byte) 0xc1, 2, 3, 4};
    private static final byte[] LONG_SERVER_ID = {5, 6, 7, 8, 9, 10, 11, 12};
    private static final int[] LENGTHS = {1, 16, 17, 500, 1300};

    record Variant(RecordSuite suite, String implementation, byte[] clientId, byte[] serverId) {
        @Override
        public String toString() {
            return suite
                    + " "
                    + implementation
                    + " CID "
                    + orEmpty(clientId).length
                    + "/"
                    + orEmpty(serverId).length;
        }
    }

    static List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        for (RecordSuite suite : RecordSuite.values()) {
            for (String implementation : RecordTraffic.IMPLEMENTATIONS) {
                variants.add(new Variant(suite, implementation, null, null));
                variants.add(new Variant(suite, implementation, CLIENT_ID, LONG_SERVER_ID));
            }
        }
        return variants;
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shouldBeOpenedByBouncyCastle(Variant variant) throws Exception {
        BouncyCastlePeers peers = connect(variant);
        byte[] keys = peers.keyBlock;
        RecordSuite suite = variant.suite();
        byte[] received = new byte[1500];
        try (RecordSealer sealer =
                new RecordSealer(
                        suite,
                        cipher(variant, clientKey(suite, keys)),
                        clientSalt(suite, keys),
                        orEmpty(variant.serverId()))) {
            for (int length : LENGTHS) {
                byte[] plaintext = RecordTraffic.pattern(length, length);
                UnsafeBuffer source = RecordTraffic.offHeap(length + 1);
                source.putBytes(0, plaintext);
                UnsafeBuffer record = RecordTraffic.offHeap(1500);

                int recordLength = sealer.seal(source, 0, length, record, 0);
                peers.toServer.send(RecordTraffic.copyOf(record, 0, recordLength));
                int receivedLength = peers.server.receive(received, 0, 1500, WAIT_MS);

                assertArrayEquals(plaintext, Arrays.copyOf(received, receivedLength));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shouldOpenWhatBouncyCastleSealed(Variant variant) throws Exception {
        BouncyCastlePeers peers = connect(variant);
        byte[] keys = peers.keyBlock;
        RecordSuite suite = variant.suite();
        try (RecordOpener opener =
                new RecordOpener(
                        suite,
                        cipher(variant, serverKey(suite, keys)),
                        serverSalt(suite, keys),
                        orEmpty(variant.clientId()))) {
            for (int length : LENGTHS) {
                byte[] plaintext = RecordTraffic.pattern(length, length);

                peers.server.send(plaintext, 0, length);
                UnsafeBuffer record = RecordTraffic.offHeap(peers.toClient.receive(WAIT_MS));
                int opened = opener.open(record, 0, record.capacity());

                assertEquals(length, opener.unwrap(record, opener.plaintextOffset(), opened));
                assertArrayEquals(
                        plaintext, RecordTraffic.copyOf(record, opener.plaintextOffset(), length));
            }
        }
    }

    private static BouncyCastlePeers connect(Variant variant) throws Exception {
        BouncyCastlePeers peers =
                BouncyCastlePeers.connect(variant.suite(), variant.clientId(), variant.serverId());
        peers.toClient.clear();
        return peers;
    }

    private static RecordCipher cipher(Variant variant, byte[] key) {
        RecordTraffic.requireInstalled(variant.implementation());
        return RecordCiphers.choose(variant.implementation()).create(variant.suite(), key);
    }

    // RFC 5246 §6.3: client key, server key, client IV, server IV.

    private static byte[] clientKey(RecordSuite suite, byte[] keyBlock) {
        return slice(keyBlock, 0, suite.keyLength());
    }

    private static byte[] serverKey(RecordSuite suite, byte[] keyBlock) {
        return slice(keyBlock, suite.keyLength(), suite.keyLength());
    }

    private static byte[] clientSalt(RecordSuite suite, byte[] keyBlock) {
        return slice(keyBlock, 2 * suite.keyLength(), suite.saltLength());
    }

    private static byte[] serverSalt(RecordSuite suite, byte[] keyBlock) {
        return slice(keyBlock, 2 * suite.keyLength() + suite.saltLength(), suite.saltLength());
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        byte[] slice = new byte[length];
        ByteBuffer.wrap(bytes).get(offset, slice);
        return slice;
    }

    private static byte[] orEmpty(byte[] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }
}
