package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.RecordSuite;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is its own; round trips, known answers and forgeries are tested of all ciphers alike. */
class IpsecMbCipherTest {
    private static final int LENGTH = 100;

    private final AeadInputs inputs = new AeadInputs(13);
    private final UnsafeBuffer record =
            RecordTraffic.offHeap(RecordTraffic.pattern(LENGTH + RecordSuite.TAG_LENGTH, 1));

    @BeforeEach
    void requireLibrary() {
        RecordTraffic.requireInstalled("ipsec-mb");
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_GCM", "AES_256_GCM"})
    void shouldKeepNoKeyOnceItIsClosed(RecordSuite suite) {
        byte[] key = RecordTraffic.pattern(suite.keyLength(), 2);
        IpsecMbCipher cipher = (IpsecMbCipher) IpsecMbCipher.create(suite, key);
        cipher.seal(inputs, record.addressOffset(), LENGTH, record.addressOffset());
        cipher.open(inputs, record.addressOffset(), LENGTH);
        UnsafeBuffer memory = cipher.memory();
        // FIPS 197 §5.2: the schedule begins with the key.
        assertArrayEquals(key, RecordTraffic.copyOf(memory, 0, key.length));

        cipher.close();
        cipher.close();

        assertArrayEquals(
                new byte[memory.capacity()], RecordTraffic.copyOf(memory, 0, memory.capacity()));
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_GCM", "AES_256_GCM"})
    void shouldDoNothingOnceItIsClosed(RecordSuite suite) {
        RecordCipher cipher = IpsecMbCipher.create(suite, new byte[suite.keyLength()]);
        byte[] before = RecordTraffic.copyOf(record, 0, record.capacity());
        long address = record.addressOffset();
        cipher.close();

        assertThrows(
                IllegalStateException.class, () -> cipher.seal(inputs, address, LENGTH, address));
        assertThrows(IllegalStateException.class, () -> cipher.open(inputs, address, LENGTH));
        assertArrayEquals(before, RecordTraffic.copyOf(record, 0, record.capacity()));
    }

    @Test
    void shouldBeginKeySchedulesOnACacheLine() {
        byte[] key = new byte[RecordSuite.AES_128_GCM.keyLength()];
        for (int i = 0; i < 10; i++) {
            RecordCipher cipher = IpsecMbCipher.create(RecordSuite.AES_128_GCM, key);

            assertEquals(0, ((IpsecMbCipher) cipher).memory().addressOffset() % 64);
        }
    }

    @Test
    void shouldRefuseEveryTagButTheRightOne() {
        byte[] key = RecordTraffic.pattern(RecordSuite.AES_128_GCM.keyLength(), 3);
        try (RecordCipher cipher = IpsecMbCipher.create(RecordSuite.AES_128_GCM, key)) {
            cipher.seal(inputs, record.addressOffset(), LENGTH, record.addressOffset());
            byte[] sealed = RecordTraffic.copyOf(record, 0, record.capacity());
            for (int bit = LENGTH * 8; bit < sealed.length * 8; bit++) {
                record.putBytes(0, sealed);
                record.putByte(bit / 8, (byte) (sealed[bit / 8] ^ 1 << bit % 8));

                assertFalse(cipher.open(inputs, record.addressOffset(), LENGTH), "bit " + bit);
            }
            record.putBytes(0, sealed);

            assertTrue(cipher.open(inputs, record.addressOffset(), LENGTH));
        }
    }

    @Test
    void shouldLeaveChaCha20ToLibCrypto() {
        byte[] key = new byte[RecordSuite.CHACHA20_POLY1305.keyLength()];
        try (RecordCipher cipher = IpsecMbCipher.create(RecordSuite.CHACHA20_POLY1305, key)) {
            assertInstanceOf(OpenSslCipher.class, cipher);
        }
    }
}
