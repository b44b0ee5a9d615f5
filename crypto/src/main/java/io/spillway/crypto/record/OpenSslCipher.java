package io.spillway.crypto.record;

import static io.spillway.crypto.RecordSuite.TAG_LENGTH;
import static io.spillway.crypto.record.LibCrypto.EVP_CTRL_AEAD_GET_TAG;
import static io.spillway.crypto.record.LibCrypto.EVP_CTRL_AEAD_SET_TAG;

import io.spillway.crypto.RecordSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One key in libcrypto's EVP, off-heap, without allocation or copy. Owned as {@link RecordCipher}
 * says.
 *
 * <p>Holds one native context of about a kilobyte until {@link #close()}.
 */
final class OpenSslCipher implements RecordCipher {
    /** Where EVP writes its output lengths (4 bytes), and its final block, empty for an AEAD. */
    private static final int SCRATCH_LENGTH = 32;

    private static final int FINAL_BLOCK_OFFSET = 16;

    private final UnsafeBuffer scratch =
            new UnsafeBuffer(ByteBuffer.allocateDirect(SCRATCH_LENGTH));
    private final long written = scratch.addressOffset();
    private final long finalBlock = written + FINAL_BLOCK_OFFSET;
    private long context;

    OpenSslCipher(RecordSuite suite, byte[] key) {
        context = LibCrypto.newContext();
        if (context == 0) {
            throw new IllegalStateException("EVP_CIPHER_CTX_new: no memory");
        }
        if (!hasKey(suite, key)) {
            close();
            throw new IllegalStateException("EVP_EncryptInit_ex refuses " + suite);
        }
    }

    @Override
    public void seal(AeadInputs inputs, long plaintextAddress, int length, long ciphertextAddress) {
        long ctx = openContext();
        int result = LibCrypto.encryptInit(ctx, 0, 0, inputs.nonceAddress());
        result &=
                LibCrypto.encryptUpdate(
                        ctx,
                        0,
                        written,
                        inputs.additionalDataAddress(),
                        inputs.additionalDataLength());
        result &=
                LibCrypto.encryptUpdate(ctx, ciphertextAddress, written, plaintextAddress, length);
        result &= LibCrypto.encryptFinal(ctx, finalBlock, written);
        result &=
                LibCrypto.control(
                        ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LENGTH, ciphertextAddress + length);
        if (result != 1) {
            throw new IllegalStateException("EVP does not seal: " + result);
        }
    }

    @Override
    public boolean open(AeadInputs inputs, long address, int length) {
        long ctx = openContext();
        int result = LibCrypto.decryptInit(ctx, inputs.nonceAddress());
        result &= LibCrypto.control(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LENGTH, address + length);
        result &=
                LibCrypto.decryptUpdate(
                        ctx,
                        0,
                        written,
                        inputs.additionalDataAddress(),
                        inputs.additionalDataLength());
        result &= LibCrypto.decryptUpdate(ctx, address, written, address, length);
        return result == 1 && LibCrypto.decryptFinal(ctx, finalBlock, written) == 1;
    }

    @Override
    public void close() {
        if (context != 0) {
            LibCrypto.freeContext(context);
            context = 0;
        }
    }

    private long openContext() {
        if (context == 0) {
            throw new IllegalStateException("cipher is closed");
        }
        return context;
    }

    /** The key schedule serves both directions; the key's own copy is zeroed at once. */
    private boolean hasKey(RecordSuite suite, byte[] key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
            int result = LibCrypto.encryptInit(context, algorithm(suite), copy.address(), 0);
            copy.fill((byte) 0);
            return result == 1;
        }
    }

    private static long algorithm(RecordSuite suite) {
        return switch (suite) {
            case AES_128_GCM -> LibCrypto.aes128Gcm();
            case AES_256_GCM -> LibCrypto.aes256Gcm();
            case CHACHA20_POLY1305 -> LibCrypto.chacha20Poly1305();
        };
    }
}
