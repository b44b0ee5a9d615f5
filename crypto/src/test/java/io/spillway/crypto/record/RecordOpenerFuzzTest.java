package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.record.RecordTraffic.Case;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arbitrary bytes: refused by a reason, never by an exception, never a read or write outside. */
class RecordOpenerFuzzTest {
    private static final int ROUNDS = RecordTraffic.isLong() ? 300_000 : 20_000;
    private static final int GUARD_LENGTH = 64;

    static List<Case> allCases() {
        return RecordTraffic.allCases().stream()
                .filter(it -> it.sealing().equals(it.opening()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("allCases")
    void shouldRefuseArbitraryBytes(Case which) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        try (RecordTraffic traffic = which.start()) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] garbage = new byte[random.nextInt(160)];
                random.nextBytes(garbage);
                if (random.nextBoolean()) {
                    makePlausible(garbage, which.connectionId(), random);
                }
                openGuarded(traffic, garbage, "seed " + seed + " round " + round);
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @ParameterizedTest
    @MethodSource("allCases")
    void shouldRefuseMangledRecords(Case which) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        try (RecordTraffic traffic = which.start()) {
            byte[] plaintext = RecordTraffic.pattern(80, 1);
            UnsafeBuffer record = traffic.seal(plaintext);
            byte[] sealed = RecordTraffic.copyOf(record, 0, record.capacity());
            for (int round = 0; round < ROUNDS; round++) {
                byte[] mangled = sealed.clone();
                int changes = 1 + random.nextInt(4);
                for (int i = 0; i < changes; i++) {
                    int within = random.nextBoolean() ? mangled.length : 20;
                    mangled[random.nextInt(within)] ^= (byte) (1 + random.nextInt(255));
                }
                if (!Arrays.equals(mangled, sealed)) {
                    openGuarded(traffic, mangled, "seed " + seed + " round " + round);
                }
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** A right header in front, so that the garbage reaches the cipher. */
    private static void makePlausible(byte[] bytes, byte[] connectionId, SplittableRandom random) {
        int headerLength = RecordHeader.LENGTH + connectionId.length;
        if (bytes.length < headerLength) {
            return;
        }
        UnsafeBuffer header = RecordTraffic.offHeap(headerLength);
        RecordHeader.encode(
                header.addressOffset(),
                connectionId.length > 0 ? RecordHeader.TLS12_CID : RecordHeader.APPLICATION_DATA,
                RecordHeader.epochAndSequence(1, random.nextLong(1L << 48)),
                new ConnectionId(connectionId),
                random.nextInt(bytes.length - headerLength + 2));
        header.getBytes(0, bytes, 0, headerLength);
    }

    /**
     * Opens through a view that ends with the bytes, so that a read outside throws, amid bytes that
     * must not change.
     */
    private static void openGuarded(RecordTraffic traffic, byte[] bytes, String where) {
        UnsafeBuffer memory = RecordTraffic.offHeap(bytes.length + 2 * GUARD_LENGTH);
        memory.setMemory(0, memory.capacity(), (byte) 0xa5);
        memory.putBytes(GUARD_LENGTH, bytes);
        UnsafeBuffer view = new UnsafeBuffer(memory, GUARD_LENGTH, bytes.length);

        int result = traffic.opener.open(view, 0, bytes.length);

        assertTrue(result < 0, where);
        assertTrue(traffic.opener.recordLength() <= bytes.length, where);
        byte[] guard = new byte[GUARD_LENGTH];
        Arrays.fill(guard, (byte) 0xa5);
        assertArrayEquals(guard, RecordTraffic.copyOf(memory, 0, GUARD_LENGTH), where);
        assertArrayEquals(
                guard,
                RecordTraffic.copyOf(memory, GUARD_LENGTH + bytes.length, GUARD_LENGTH),
                where);
    }
}
