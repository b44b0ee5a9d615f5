package io.spillway.crypto.record;

import static io.spillway.crypto.record.RecordTraffic.CONNECTION_ID;
import static io.spillway.crypto.record.RecordTraffic.NO_CONNECTION_ID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.RecordSuite;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordSealerTest {
    private final UnsafeBuffer plaintext = RecordTraffic.offHeap(20_000);
    private final UnsafeBuffer record = RecordTraffic.offHeap(20_000);

    @Test
    void shouldWriteAPlainHeaderWithoutConnectionId() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.AES_128_GCM, NO_CONNECTION_ID)) {
            int length = traffic.sealer.seal(plaintext, 0, 100, record, 5);

            assertEquals(100 + 13 + 8 + 16, length);
            assertEquals(RecordHeader.APPLICATION_DATA, RecordHeader.type(record, 5));
            assertEquals(RecordHeader.DTLS_1_2, RecordHeader.version(record, 5));
            assertEquals(1, RecordHeader.epoch(record, 5));
            assertEquals(65536, RecordHeader.sequence(record, 5));
            assertEquals(length - 13, RecordHeader.length(record, 5, 0));
            assertEquals(65537, traffic.sealer.sequence());
        }
    }

    @Test
    void shouldWriteTheConnectionIdBeforeTheLength() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.CHACHA20_POLY1305, CONNECTION_ID)) {
            int length = traffic.sealer.seal(plaintext, 0, 100, record, 0);

            assertEquals(100 + 13 + 4 + 1 + 16, length);
            assertEquals(RecordHeader.TLS12_CID, RecordHeader.type(record, 0));
            assertEquals(0xcafe0007, RecordHeader.connectionId(record, 0));
            assertEquals(length - 17, RecordHeader.length(record, 0, 4));
        }
    }

    @Test
    void shouldOverwriteOnlyTheByteBehindThePlaintext() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.AES_256_GCM, CONNECTION_ID)) {
            byte[] before = RecordTraffic.pattern(200, 1);
            plaintext.putBytes(0, before);

            traffic.sealer.seal(plaintext, 10, 100, record, 0);

            before[110] = RecordHeader.APPLICATION_DATA;
            assertArrayEquals(before, RecordTraffic.copyOf(plaintext, 0, 200));
            assertEquals(1, traffic.sealer.tailroom());
        }
    }

    @Test
    void shouldWriteNothingOutsideTheRecord() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.AES_128_GCM, CONNECTION_ID)) {
            record.setMemory(0, record.capacity(), (byte) 0x5a);

            int length = traffic.sealer.seal(plaintext, 0, 1400, record, 64);

            for (int i = 0; i < record.capacity(); i++) {
                if (i < 64 || i >= 64 + length) {
                    assertEquals(0x5a, record.getByte(i), "byte " + i);
                }
            }
        }
    }

    @Test
    void shouldSealTheLastSequenceNumberAndNoneAfterIt() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.AES_128_GCM, NO_CONNECTION_ID)) {
            traffic.sealer.skipTo(RecordHeader.SEQUENCE_MAX, 0);

            int last = traffic.sealer.seal(plaintext, 0, 10, record, 0);
            long lastSequence = RecordHeader.sequence(record, 0);
            int opened = traffic.opener.open(record, 0, last);
            int none = traffic.sealer.seal(plaintext, 0, 10, record, 0);

            assertEquals(10 + traffic.sealer.overhead(), last);
            assertEquals(RecordHeader.SEQUENCE_MAX, lastSequence);
            assertEquals(10, opened);
            assertEquals(0, none);
        }
    }

    @Test
    void shouldSealNothingBeyondTheByteBudget() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.AES_128_GCM, NO_CONNECTION_ID)) {
            traffic.sealer.skipTo(70_000, RecordSealer.BYTES_MAX - 100);

            int tooMuch = traffic.sealer.seal(plaintext, 0, 101, record, 0);
            int fits = traffic.sealer.seal(plaintext, 0, 100, record, 0);
            int none = traffic.sealer.seal(plaintext, 0, 1, record, 0);

            assertEquals(0, tooMuch);
            assertEquals(100 + traffic.sealer.overhead(), fits);
            assertEquals(0, none);
            assertEquals(1L << 36, traffic.sealer.bytesSealed());
            assertEquals(70_001, traffic.sealer.sequence());
        }
    }

    @Test
    void shouldAskForARekeyAtHalfOfEitherBudget() {
        try (RecordTraffic bytes =
                        RecordTraffic.openSsl(RecordSuite.AES_128_GCM, NO_CONNECTION_ID);
                RecordTraffic records =
                        RecordTraffic.openSsl(RecordSuite.AES_128_GCM, NO_CONNECTION_ID)) {
            bytes.sealer.skipTo(65_536, RecordSealer.REKEY_BYTES - 1);
            records.sealer.skipTo(RecordHeader.SEQUENCE_MAX / 2 - 1, 0);
            assertFalse(bytes.sealer.isRekeyDue());
            assertFalse(records.sealer.isRekeyDue());

            bytes.sealer.seal(plaintext, 0, 1, record, 0);
            records.sealer.seal(plaintext, 0, 1, record, 0);

            assertTrue(bytes.sealer.isRekeyDue());
            assertTrue(records.sealer.isRekeyDue());
        }
    }

    @Test
    void shouldRefuseWhatLiesOutsideItsBuffer() {
        try (RecordTraffic traffic =
                RecordTraffic.openSsl(RecordSuite.AES_128_GCM, CONNECTION_ID)) {
            RecordSealer sealer = traffic.sealer;
            UnsafeBuffer tight = RecordTraffic.offHeap(100);
            UnsafeBuffer array = new UnsafeBuffer(new byte[2000]);

            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sealer.seal(tight, 0, 100, record, 0),
                    "no room for the inner type");
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sealer.seal(plaintext, 0, 100, tight, 0));
            assertThrows(
                    IllegalArgumentException.class, () -> sealer.seal(plaintext, 0, -1, record, 0));
            assertThrows(
                    IllegalArgumentException.class, () -> sealer.seal(array, 0, 100, record, 0));
            assertThrows(
                    IllegalArgumentException.class, () -> sealer.seal(plaintext, 0, 100, array, 0));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sealer.seal(plaintext, 0, 16_385, record, 0));
            assertEquals(RecordSealer.FIRST_SEQUENCE, sealer.sequence());
        }
    }

    static List<String> implementations() {
        return RecordTraffic.IMPLEMENTATIONS;
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldNotSealAfterClose(String implementation) {
        RecordTraffic traffic =
                new RecordTraffic.Case(
                                RecordSuite.AES_128_GCM,
                                implementation,
                                implementation,
                                NO_CONNECTION_ID)
                        .start();
        traffic.close();
        traffic.close();

        assertThrows(
                IllegalStateException.class,
                () -> traffic.sealer.seal(plaintext, 0, 10, record, 0));
    }
}
