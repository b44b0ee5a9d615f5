package io.spillway.bench.micro;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.spillway.crypto.RecordSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** libcrypto's EVP, the five calls that one record takes, with nothing around them. */
final class OpenSslReference implements AeadReference {
    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;

    private static final int SCRATCH_LENGTH = 256;
    private static final int ADDITIONAL_DATA_OFFSET = 64;
    private static final int WRITTEN_OFFSET = 128;
    private static final int FINAL_BLOCK_OFFSET = 144;

    private static final SymbolLookup LIBRARY = library();

    private static final MethodHandle NEW = link("EVP_CIPHER_CTX_new", JAVA_LONG);
    private static final MethodHandle CONTROL =
            link("EVP_CIPHER_CTX_ctrl", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SEAL_INIT = init("EVP_EncryptInit_ex");
    private static final MethodHandle SEAL_UPDATE = update("EVP_EncryptUpdate");
    private static final MethodHandle SEAL_FINAL = last("EVP_EncryptFinal_ex");
    private static final MethodHandle OPEN_INIT = init("EVP_DecryptInit_ex");
    private static final MethodHandle OPEN_UPDATE = update("EVP_DecryptUpdate");
    private static final MethodHandle OPEN_FINAL = last("EVP_DecryptFinal_ex");

    private final UnsafeBuffer scratch =
            new UnsafeBuffer(ByteBuffer.allocateDirect(SCRATCH_LENGTH));
    private final long nonce = scratch.addressOffset();
    private final long additionalData = nonce + ADDITIONAL_DATA_OFFSET;
    private final long written = nonce + WRITTEN_OFFSET;
    private final long finalBlock = nonce + FINAL_BLOCK_OFFSET;
    private final RecordRing ring;
    private final int length;
    private final long sealing;
    private final long opening;

    OpenSslReference(RecordSuite suite, int length, RecordRing ring) throws Throwable {
        this.ring = ring;
        this.length = length;
        long algorithm = (long) link(algorithm(suite), JAVA_LONG).invokeExact();
        long key = nonce; // zeros, as all that is prepared
        sealing = (long) NEW.invokeExact();
        opening = (long) NEW.invokeExact();
        require((int) SEAL_INIT.invokeExact(sealing, algorithm, 0L, key, 0L));
        require((int) OPEN_INIT.invokeExact(opening, algorithm, 0L, key, 0L));
    }

    @Override
    public void seal(int index) throws Throwable {
        long in = ring.plaintextAddress(index);
        long out = ring.recordAddress(index);
        int tag = RecordSuite.TAG_LENGTH;
        int result = (int) SEAL_INIT.invokeExact(sealing, 0L, 0L, 0L, nonce);
        result &=
                (int)
                        SEAL_UPDATE.invokeExact(
                                sealing, 0L, written, additionalData, ADDITIONAL_DATA_LENGTH);
        result &= (int) SEAL_UPDATE.invokeExact(sealing, out, written, in, length);
        result &= (int) SEAL_FINAL.invokeExact(sealing, finalBlock, written);
        result &= (int) CONTROL.invokeExact(sealing, GET_TAG, tag, out + length);
        require(result);
    }

    @Override
    public boolean open(int index) throws Throwable {
        long at = ring.recordAddress(index);
        int tag = RecordSuite.TAG_LENGTH;
        int result = (int) OPEN_INIT.invokeExact(opening, 0L, 0L, 0L, nonce);
        result &= (int) CONTROL.invokeExact(opening, SET_TAG, tag, at + length);
        result &=
                (int)
                        OPEN_UPDATE.invokeExact(
                                opening, 0L, written, additionalData, ADDITIONAL_DATA_LENGTH);
        result &= (int) OPEN_UPDATE.invokeExact(opening, at, written, at, length);
        result &= (int) OPEN_FINAL.invokeExact(opening, finalBlock, written);
        return result == 1;
    }

    private static String algorithm(RecordSuite suite) {
        return switch (suite) {
            case AES_128_GCM -> "EVP_aes_128_gcm";
            case AES_256_GCM -> "EVP_aes_256_gcm";
            case CHACHA20_POLY1305 -> "EVP_chacha20_poly1305";
        };
    }

    private static void require(int result) {
        if (result != 1) {
            throw new IllegalStateException("EVP: " + result);
        }
    }

    private static MethodHandle init(String name) {
        return link(name, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    }

    private static MethodHandle update(String name) {
        return link(name, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    }

    private static MethodHandle last(String name) {
        return link(name, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup library() {
        return SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        LIBRARY.findOrThrow(name),
                        FunctionDescriptor.of(result, arguments),
                        Linker.Option.critical(false));
    }
}
