package io.spillway.crypto.record;

import static io.spillway.crypto.RecordSuite.TAG_LENGTH;

import io.spillway.crypto.RecordSuite;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One AES-GCM key in Intel's multi-buffer library, off-heap, one foreign call a record, without
 * allocation or copy. Owned as {@link RecordCipher} says.
 *
 * <pre>
 *  0                    1024                1152
 * +--------------------+-------------------+---------------------+
 * | key schedule, 1008 | context, 88       | tag of the last     |
 * |                    |                   | record opened, 16   |
 * +--------------------+-------------------+---------------------+
 * </pre>
 *
 * <p>The memory begins on a cache line and is freed when this object is collected; {@link #close()}
 * zeroes it.
 */
final class IpsecMbCipher implements RecordCipher {
    private static final int CONTEXT_OFFSET = 1024;
    private static final int TAG_OFFSET = 1152;
    private static final int MEMORY_LENGTH = TAG_OFFSET + TAG_LENGTH;

    static {
        assert LibIpsecMb.KEY_SCHEDULE_LENGTH <= CONTEXT_OFFSET;
        assert CONTEXT_OFFSET + LibIpsecMb.CONTEXT_LENGTH <= TAG_OFFSET;
    }

    private final UnsafeBuffer memory =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_LENGTH, LibIpsecMb.ALIGNMENT));
    private final long context = memory.addressOffset() + CONTEXT_OFFSET;
    private final long tag = memory.addressOffset() + TAG_OFFSET;
    private final boolean isAes128;

    /** 0 when closed. */
    private long keySchedule = memory.addressOffset();

    private IpsecMbCipher(RecordSuite suite, byte[] key) {
        isAes128 = suite == RecordSuite.AES_128_GCM;
        expand(key);
    }

    /**
     * A cipher for one key, which is copied. ChaCha20-Poly1305 is not ours: the library takes three
     * calls for it and exports only two of them, so that libcrypto, or else the JDK, does it.
     */
    static RecordCipher create(RecordSuite suite, byte[] key) {
        if (suite != RecordSuite.CHACHA20_POLY1305) {
            return new IpsecMbCipher(suite, key);
        }
        return hasLibCrypto() ? new OpenSslCipher(suite, key) : new JceCipher(suite, key);
    }

    /** What seals and opens which suite, for people. */
    static String version() {
        String other = hasLibCrypto() ? LibCrypto.LIBRARY : "the JDK";
        return LibIpsecMb.version() + " (ChaCha20-Poly1305 by " + other + ")";
    }

    @Override
    public void seal(AeadInputs inputs, long plaintextAddress, int length, long ciphertextAddress) {
        long schedule = openSchedule();
        long in = plaintextAddress;
        long out = ciphertextAddress;
        if (isAes128) {
            LibIpsecMb.seal128(schedule, context, out, in, length, inputs, out + length);
        } else {
            LibIpsecMb.seal256(schedule, context, out, in, length, inputs, out + length);
        }
    }

    @Override
    public boolean open(AeadInputs inputs, long address, int length) {
        long schedule = openSchedule();
        if (isAes128) {
            LibIpsecMb.open128(schedule, context, address, address, length, inputs, tag);
        } else {
            LibIpsecMb.open256(schedule, context, address, address, length, inputs, tag);
        }
        return isTag(address + length);
    }

    @Override
    public void close() {
        keySchedule = 0;
        memory.setMemory(0, MEMORY_LENGTH, (byte) 0);
    }

    /** For tests: everything this cipher keeps outside the heap, also once it is closed. */
    UnsafeBuffer memory() {
        return memory;
    }

    /** The key itself stands where the context will be, and is zeroed at once. */
    private void expand(byte[] key) {
        memory.putBytes(CONTEXT_OFFSET, key);
        if (isAes128) {
            LibIpsecMb.expand128(context, keySchedule);
        } else {
            LibIpsecMb.expand256(context, keySchedule);
        }
        memory.setMemory(CONTEXT_OFFSET, key.length, (byte) 0);
    }

    private long openSchedule() {
        if (keySchedule == 0) {
            throw new IllegalStateException("cipher is closed");
        }
        return keySchedule;
    }

    /** Compares in constant time what the record says with what it should say. */
    private boolean isTag(long received) {
        long difference = RawMemory.getBytes(received) ^ RawMemory.getBytes(tag);
        difference |=
                RawMemory.getBytes(received + Long.BYTES) ^ RawMemory.getBytes(tag + Long.BYTES);
        return difference == 0;
    }

    private static boolean hasLibCrypto() {
        return LibCrypto.unavailableReason() == null;
    }
}
