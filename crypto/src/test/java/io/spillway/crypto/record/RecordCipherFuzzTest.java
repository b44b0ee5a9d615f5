package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.RecordSuite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every native cipher against the JDK's: any length, any alignment, in place and apart. */
class RecordCipherFuzzTest {
    private static final int ROUNDS = RecordTraffic.isLong() ? 20_000 : 1_000;
    private static final int MISALIGNMENT_MAX = 63;
    private static final int GUARD_LENGTH = 64;
    private static final int AREA_LENGTH =
            MISALIGNMENT_MAX
                    + RecordHeader.PLAINTEXT_LENGTH_MAX
                    + RecordSuite.TAG_LENGTH
                    + GUARD_LENGTH;

    private final UnsafeBuffer plaintextArea = RecordTraffic.offHeap(AREA_LENGTH);
    private final UnsafeBuffer sealedArea = RecordTraffic.offHeap(AREA_LENGTH);
    private final UnsafeBuffer expectedArea = RecordTraffic.offHeap(AREA_LENGTH);

    record Case(RecordSuite suite, String implementation) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (RecordSuite suite : RecordSuite.values()) {
            cases.add(new Case(suite, "ipsec-mb"));
            cases.add(new Case(suite, "openssl"));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldDoAsTheJdkDoes(Case which) {
        RecordTraffic.requireInstalled(which.implementation());
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] key = RecordTraffic.pattern(which.suite().keyLength(), seed);
        try (RecordCipher cipher =
                        RecordCiphers.choose(which.implementation()).create(which.suite(), key);
                RecordCipher reference = new JceCipher(which.suite(), key)) {
            for (int round = 0; round < ROUNDS; round++) {
                compare(cipher, reference, random, round, "seed " + seed + " round " + round);
            }
        }
    }

    private void compare(
            RecordCipher cipher,
            RecordCipher reference,
            SplittableRandom random,
            int round,
            String where) {
        int length = length(random);
        int start = random.nextInt(MISALIGNMENT_MAX + 1);
        boolean isInPlace = random.nextBoolean();
        byte[] plaintext = RecordTraffic.pattern(length, random.nextLong());
        try (AeadInputs inputs = inputs(random, round)) {
            byte[] expected = seal(reference, inputs, plaintext, 0, expectedArea, 0);

            UnsafeBuffer sealed = isInPlace ? plaintextArea : sealedArea;
            int end = isInPlace ? start : random.nextInt(MISALIGNMENT_MAX + 1);
            assertArrayEquals(expected, seal(cipher, inputs, plaintext, start, sealed, end), where);

            turnBit(sealed, end, random.nextInt(expected.length * 8), expected);
            assertFalse(cipher.open(inputs, sealed.addressOffset() + end, length), where);
            sealed.putBytes(end, expected);
            assertTrue(cipher.open(inputs, sealed.addressOffset() + end, length), where);
            assertArrayEquals(plaintext, RecordTraffic.copyOf(sealed, end, length), where);
        }
    }

    /**
     * The sealed bytes; what lies around them, and a plaintext apart from them, must not change.
     */
    private byte[] seal(
            RecordCipher cipher,
            AeadInputs inputs,
            byte[] plaintext,
            int plaintextStart,
            UnsafeBuffer sealed,
            int start) {
        int length = plaintext.length;
        int end = start + length + RecordSuite.TAG_LENGTH;
        sealed.setMemory(0, AREA_LENGTH, (byte) 0xa5);
        plaintextArea.putBytes(plaintextStart, plaintext);

        cipher.seal(
                inputs,
                plaintextArea.addressOffset() + plaintextStart,
                length,
                sealed.addressOffset() + start);

        byte[] guard = new byte[GUARD_LENGTH];
        Arrays.fill(guard, (byte) 0xa5);
        assertArrayEquals(guard, RecordTraffic.copyOf(sealed, end, GUARD_LENGTH));
        assertArrayEquals(Arrays.copyOf(guard, start), RecordTraffic.copyOf(sealed, 0, start));
        if (sealed != plaintextArea) {
            assertArrayEquals(
                    plaintext, RecordTraffic.copyOf(plaintextArea, plaintextStart, length));
        }
        return RecordTraffic.copyOf(sealed, start, length + RecordSuite.TAG_LENGTH);
    }

    /** Half of them short, where block and vector borders lie close. */
    private static int length(SplittableRandom random) {
        return random.nextBoolean()
                ? random.nextInt(1024)
                : random.nextInt(RecordHeader.PLAINTEXT_LENGTH_MAX + 1);
    }

    /** The round is in the nonce, since the JDK refuses to seal twice with one. */
    private static AeadInputs inputs(SplittableRandom random, int round) {
        byte[] additionalData = new byte[13 + random.nextInt(20)];
        random.nextBytes(additionalData);
        AeadInputs inputs = new AeadInputs(additionalData.length);
        inputs.nonce().putLong(0, random.nextLong());
        inputs.nonce().putInt(8, round);
        inputs.additionalData().putBytes(0, additionalData);
        return inputs;
    }

    private static void turnBit(UnsafeBuffer sealed, int start, int bit, byte[] bytes) {
        sealed.putByte(start + bit / 8, (byte) (bytes[bit / 8] ^ 1 << bit % 8));
    }
}
