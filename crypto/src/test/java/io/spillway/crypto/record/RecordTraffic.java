package io.spillway.crypto.record;

import io.spillway.crypto.RecordSuite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What record tests share: one direction of a session, off-heap memory, all combinations. */
final class RecordTraffic implements AutoCloseable {
    static final List<String> IMPLEMENTATIONS = List.of("ipsec-mb", "openssl", "jce");
    static final byte[] NO_CONNECTION_ID = {};
    static final byte[] CONNECTION_ID = {(byte) 0xca, (byte) 0xfe, 0x00, 0x07};

    final RecordSuite suite;
    final byte[] key;
    final byte[] salt;
    final byte[] connectionId;
    final RecordSealer sealer;
    final RecordOpener opener;

    /** A suite, who seals, who opens, and the connection ID in the records. */
    record Case(RecordSuite suite, String sealing, String opening, byte[] connectionId) {
        RecordTraffic start() {
            return new RecordTraffic(this);
        }

        @Override
        public String toString() {
            return suite + " " + sealing + ">" + opening + " CID " + connectionId.length;
        }
    }

    private RecordTraffic(Case which) {
        requireInstalled(which.sealing());
        requireInstalled(which.opening());
        suite = which.suite();
        key = pattern(suite.keyLength(), 1);
        salt = pattern(suite.saltLength(), 2);
        connectionId = which.connectionId();
        sealer = new RecordSealer(suite, cipher(which.sealing()), salt, connectionId);
        opener = new RecordOpener(suite, cipher(which.opening()), salt, connectionId);
    }

    /** Every suite with every implementation on either side, with and without connection ID. */
    static List<Case> allCases() {
        List<Case> cases = new ArrayList<>();
        for (RecordSuite suite : RecordSuite.values()) {
            for (String sealing : IMPLEMENTATIONS) {
                for (String opening : IMPLEMENTATIONS) {
                    cases.add(new Case(suite, sealing, opening, NO_CONNECTION_ID));
                    cases.add(new Case(suite, sealing, opening, CONNECTION_ID));
                }
            }
        }
        return cases;
    }

    /** Every suite on one implementation, with and without connection ID. */
    static List<Case> cases(String implementation) {
        return allCases().stream()
                .filter(it -> it.sealing().equals(implementation))
                .filter(it -> it.opening().equals(implementation))
                .toList();
    }

    /** Both native implementations, each with itself: those that work where the bytes lie. */
    static List<Case> nativeCases() {
        return Stream.of("ipsec-mb", "openssl").flatMap(it -> cases(it).stream()).toList();
    }

    /** Skips the test, or fails it under CI, where that implementation cannot be tried. */
    static void requireInstalled(String implementation) {
        String reason = LibIpsecMb.unavailableReason();
        if (!implementation.equals("ipsec-mb") || reason == null) {
            return;
        }
        Assertions.assertNotEquals("true", System.getenv("CI"), reason);
        Assumptions.abort("skipped: " + reason);
    }

    static RecordTraffic openSsl(RecordSuite suite, byte[] connectionId) {
        return new Case(suite, "openssl", "openssl", connectionId).start();
    }

    static boolean isLong() {
        return Boolean.getBoolean("spillway.long");
    }

    static UnsafeBuffer offHeap(int length) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    static UnsafeBuffer offHeap(byte[] bytes) {
        UnsafeBuffer buffer = offHeap(bytes.length);
        buffer.putBytes(0, bytes);
        return buffer;
    }

    static byte[] copyOf(UnsafeBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    static byte[] pattern(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** A record of that plaintext, exactly as long as its buffer. */
    UnsafeBuffer seal(byte[] plaintext) {
        UnsafeBuffer source = offHeap(plaintext.length + sealer.tailroom());
        source.putBytes(0, plaintext);
        UnsafeBuffer record = offHeap(plaintext.length + sealer.overhead());
        int length = sealer.seal(source, 0, plaintext.length, record, 0);
        if (length != record.capacity()) {
            throw new AssertionError("sealed " + length + " of " + record.capacity());
        }
        return record;
    }

    /** Length of the content, or why there is none. */
    int open(UnsafeBuffer record) {
        return open(record, 0, record.capacity());
    }

    int open(UnsafeBuffer record, int offset, int length) {
        int opened = opener.open(record, offset, length);
        return opened < 0 ? opened : opener.unwrap(record, opener.plaintextOffset(), opened);
    }

    byte[] opened(UnsafeBuffer record) {
        return copyOf(record, opener.plaintextOffset(), opener.contentLength());
    }

    @Override
    public void close() {
        sealer.close();
        opener.close();
    }

    private RecordCipher cipher(String implementation) {
        return RecordCiphers.choose(implementation).create(suite, key);
    }
}
