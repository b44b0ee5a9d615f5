package io.spillway.crypto.record;

import static io.spillway.crypto.record.RecordHeader.APPLICATION_DATA;
import static io.spillway.crypto.record.RecordHeader.TLS12_CID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.record.RecordTraffic.Case;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sealer and opener together: every suite, every implementation against every other. */
class RecordRoundTripTest {
    private static final int[] LENGTHS = {
        0, 1, 15, 16, 17, 63, 64, 65, 255, 512, 1400, 9000, 16384
    };

    static List<Case> allCases() {
        return RecordTraffic.allCases();
    }

    static List<Case> nativeCases() {
        return RecordTraffic.nativeCases();
    }

    @ParameterizedTest
    @MethodSource("allCases")
    void shouldOpenWhatWasSealed(Case which) {
        try (RecordTraffic traffic = which.start()) {
            for (int length : LENGTHS) {
                byte[] plaintext = RecordTraffic.pattern(length, length);

                UnsafeBuffer record = traffic.seal(plaintext);
                int result = traffic.open(record);

                assertEquals(length, result);
                assertArrayEquals(plaintext, traffic.opened(record));
                assertEquals(APPLICATION_DATA, traffic.opener.contentType());
                assertEquals(record.capacity(), traffic.opener.recordLength());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allCases")
    void shouldSealExactlyAsTheSpecificationsSay(Case which) throws Exception {
        try (RecordTraffic traffic = which.start()) {
            boolean hasConnectionId = which.connectionId().length > 0;
            for (int length : LENGTHS) {
                byte[] plaintext = RecordTraffic.pattern(length, length);
                byte[] encrypted =
                        hasConnectionId
                                ? ReferenceRecord.inner(plaintext, APPLICATION_DATA, 0)
                                : plaintext;
                long sequence = traffic.sealer.sequence();

                UnsafeBuffer record = traffic.seal(plaintext);

                byte[] expected =
                        new ReferenceRecord(traffic)
                                .seal(
                                        hasConnectionId ? TLS12_CID : APPLICATION_DATA,
                                        1,
                                        sequence,
                                        encrypted,
                                        (1L << 48) + sequence);
                assertArrayEquals(expected, RecordTraffic.copyOf(record, 0, record.capacity()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allCases")
    void shouldOpenRecordsWithAnyExplicitNonce(Case which) throws Exception {
        try (RecordTraffic traffic = which.start()) {
            boolean hasConnectionId = which.connectionId().length > 0;
            byte[] plaintext = RecordTraffic.pattern(100, 1);
            byte[] encrypted =
                    hasConnectionId
                            ? ReferenceRecord.inner(plaintext, APPLICATION_DATA, 0)
                            : plaintext;
            int type = hasConnectionId ? TLS12_CID : APPLICATION_DATA;
            byte[] sealed =
                    new ReferenceRecord(traffic)
                            .seal(type, 1, 3, encrypted, 0x1234_5678_9abc_def0L);
            UnsafeBuffer record = RecordTraffic.offHeap(sealed);

            int result = traffic.open(record);

            assertEquals(plaintext.length, result);
            assertArrayEquals(plaintext, traffic.opened(record));
        }
    }

    /** Inputs are described one record ahead: what comes instead must not be opened with them. */
    @ParameterizedTest
    @MethodSource("nativeCases")
    void shouldOpenRecordsInAnyOrderWithAnyNonceAndLength(Case which) throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        try (RecordTraffic traffic = which.start()) {
            boolean hasConnectionId = which.connectionId().length > 0;
            int type = hasConnectionId ? TLS12_CID : APPLICATION_DATA;
            for (int sequence : anyOrder(500, random)) {
                byte[] plaintext = RecordTraffic.pattern(random.nextInt(4) * 100, sequence);
                byte[] encrypted =
                        hasConnectionId
                                ? ReferenceRecord.inner(plaintext, APPLICATION_DATA, 0)
                                : plaintext;
                long nonce = random.nextBoolean() ? (1L << 48) + sequence : random.nextLong();
                byte[] sealed =
                        new ReferenceRecord(traffic).seal(type, 1, sequence, encrypted, nonce);

                UnsafeBuffer record = RecordTraffic.offHeap(sealed);

                assertEquals(plaintext.length, traffic.open(record), "seed " + seed);
                assertArrayEquals(plaintext, traffic.opened(record), "seed " + seed);
            }
        }
    }

    /** Mostly ascending, as a network reorders. */
    private static int[] anyOrder(int count, SplittableRandom random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int swaps = 0; swaps < count / 4; swaps++) {
            int index = random.nextInt(count - 5);
            int other = index + random.nextInt(5);
            int kept = order[index];
            order[index] = order[other];
            order[other] = kept;
        }
        return order;
    }

    @ParameterizedTest
    @MethodSource("allCases")
    void shouldRefuseARecordWithAnyByteChanged(Case which) {
        try (RecordTraffic traffic = which.start()) {
            byte[] plaintext = RecordTraffic.pattern(48, 3);
            UnsafeBuffer record = traffic.seal(plaintext);
            byte[] sealed = RecordTraffic.copyOf(record, 0, record.capacity());
            for (int index = 0; index < sealed.length; index++) {
                for (int bit = 0; bit < 8; bit++) {
                    record.putBytes(0, sealed);
                    record.putByte(index, (byte) (sealed[index] ^ 1 << bit));

                    int result = traffic.open(record);

                    String where = "byte " + index + " bit " + bit;
                    assertTrue(result < 0, where);
                }
            }
            record.putBytes(0, sealed);

            int result = traffic.open(record);

            assertEquals(plaintext.length, result, "forgeries must not use up the sequence number");
            assertArrayEquals(plaintext, traffic.opened(record));
        }
    }

    @ParameterizedTest
    @MethodSource("nativeCases")
    void shouldSealWhereThePlaintextAlreadyLies(Case which) {
        try (RecordTraffic traffic = which.start();
                RecordTraffic apart = which.start()) {
            byte[] plaintext = RecordTraffic.pattern(1400, 4);
            UnsafeBuffer record = RecordTraffic.offHeap(1400 + traffic.sealer.overhead());
            int offset = traffic.sealer.headerLength();
            record.putBytes(offset, plaintext);

            traffic.sealer.seal(record, offset, plaintext.length, record, 0);

            UnsafeBuffer expected = apart.seal(plaintext);
            assertArrayEquals(
                    RecordTraffic.copyOf(expected, 0, expected.capacity()),
                    RecordTraffic.copyOf(record, 0, record.capacity()));
        }
    }

    @ParameterizedTest
    @MethodSource("nativeCases")
    void shouldOpenSeveralRecordsOfOneDatagram(Case which) {
        try (RecordTraffic traffic = which.start()) {
            UnsafeBuffer plaintext = RecordTraffic.offHeap(200);
            UnsafeBuffer datagram = RecordTraffic.offHeap(3000);
            int end = 0;
            for (int length = 100; length < 110; length++) {
                end += traffic.sealer.seal(plaintext, 0, length, datagram, end);
            }

            int offset = 0;
            for (int length = 100; length < 110; length++) {
                assertEquals(length, traffic.open(datagram, offset, end - offset));
                assertNotEquals(0, traffic.opener.recordLength());
                offset += traffic.opener.recordLength();
            }

            assertEquals(end, offset);
        }
    }
}
