package io.spillway.crypto.record;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libcrypto.so.3 that records need, one static wrapper a function. Found once,
 * when this class loads; {@link #unavailableReason()} tells when they were not, and then none may
 * be called.
 *
 * <p>Pointers are plain longs and handles are called exactly, so that a call allocates nothing.
 * What runs per record is linked as critical: it neither blocks nor calls back, and is over within
 * microseconds.
 */
final class LibCrypto {
    /** Not libssl3.so, which is NSS. */
    static final String LIBRARY = "libcrypto.so.3";

    // openssl/evp.h
    static final int EVP_CTRL_AEAD_GET_TAG = 0x10;
    static final int EVP_CTRL_AEAD_SET_TAG = 0x11;

    private static final int OPENSSL_VERSION = 0;
    private static final int VERSION_LENGTH_MAX = 256;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option[] ORDINARY = {};
    private static final Linker.Option[] PER_RECORD = {Linker.Option.critical(false)};

    private static String unavailableReason;

    private static final SymbolLookup SYMBOLS = load();

    private static final FunctionDescriptor INIT =
            function(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor UPDATE =
            function(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor FINAL =
            function(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle VERSION_HANDLE =
            find("OpenSSL_version", function(ADDRESS, JAVA_INT), ORDINARY);
    private static final MethodHandle AES_128_GCM_HANDLE =
            find("EVP_aes_128_gcm", function(JAVA_LONG), ORDINARY);
    private static final MethodHandle AES_256_GCM_HANDLE =
            find("EVP_aes_256_gcm", function(JAVA_LONG), ORDINARY);
    private static final MethodHandle CHACHA20_POLY1305_HANDLE =
            find("EVP_chacha20_poly1305", function(JAVA_LONG), ORDINARY);
    private static final MethodHandle NEW_HANDLE =
            find("EVP_CIPHER_CTX_new", function(JAVA_LONG), ORDINARY);
    private static final MethodHandle FREE_HANDLE =
            find("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG), ORDINARY);
    private static final MethodHandle CTRL_HANDLE =
            find(
                    "EVP_CIPHER_CTX_ctrl",
                    function(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG),
                    PER_RECORD);
    private static final MethodHandle ENCRYPT_INIT_HANDLE =
            find("EVP_EncryptInit_ex", INIT, PER_RECORD);
    private static final MethodHandle ENCRYPT_UPDATE_HANDLE =
            find("EVP_EncryptUpdate", UPDATE, PER_RECORD);
    private static final MethodHandle ENCRYPT_FINAL_HANDLE =
            find("EVP_EncryptFinal_ex", FINAL, PER_RECORD);
    private static final MethodHandle DECRYPT_INIT_HANDLE =
            find("EVP_DecryptInit_ex", INIT, PER_RECORD);
    private static final MethodHandle DECRYPT_UPDATE_HANDLE =
            find("EVP_DecryptUpdate", UPDATE, PER_RECORD);
    private static final MethodHandle DECRYPT_FINAL_HANDLE =
            find("EVP_DecryptFinal_ex", FINAL, PER_RECORD);

    private LibCrypto() {}

    /** Null when every function was found, else what went wrong, for the log. */
    static String unavailableReason() {
        return unavailableReason;
    }

    /** As the library states it: "OpenSSL 3.0.19 27 Jan 2026". */
    @SuppressWarnings("restricted")
    static String version() {
        try {
            MemorySegment text = (MemorySegment) VERSION_HANDLE.invokeExact(OPENSSL_VERSION);
            return text.reinterpret(VERSION_LENGTH_MAX).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long aes128Gcm() {
        try {
            return (long) AES_128_GCM_HANDLE.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long aes256Gcm() {
        try {
            return (long) AES_256_GCM_HANDLE.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long chacha20Poly1305() {
        try {
            return (long) CHACHA20_POLY1305_HANDLE.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A new context, or 0 when memory is out. */
    static long newContext() {
        try {
            return (long) NEW_HANDLE.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Zeroes the key schedule and frees the context. */
    static void freeContext(long context) {
        try {
            FREE_HANDLE.invokeExact(context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    // The rest: 1 is success, anything else failure. A null cipher, key or nonce keeps the last.

    static int control(long context, int command, int argument, long pointer) {
        try {
            return (int) CTRL_HANDLE.invokeExact(context, command, argument, pointer);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int encryptInit(long context, long cipher, long key, long nonce) {
        try {
            return (int) ENCRYPT_INIT_HANDLE.invokeExact(context, cipher, 0L, key, nonce);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** With output 0 the input is additional data. */
    static int encryptUpdate(long context, long output, long written, long input, int length) {
        try {
            return (int) ENCRYPT_UPDATE_HANDLE.invokeExact(context, output, written, input, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int encryptFinal(long context, long output, long written) {
        try {
            return (int) ENCRYPT_FINAL_HANDLE.invokeExact(context, output, written);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int decryptInit(long context, long nonce) {
        try {
            return (int) DECRYPT_INIT_HANDLE.invokeExact(context, 0L, 0L, 0L, nonce);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** With output 0 the input is additional data. */
    static int decryptUpdate(long context, long output, long written, long input, int length) {
        try {
            return (int) DECRYPT_UPDATE_HANDLE.invokeExact(context, output, written, input, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Fails when the tag is wrong. */
    static int decryptFinal(long context, long output, long written) {
        try {
            return (int) DECRYPT_FINAL_HANDLE.invokeExact(context, output, written);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup load() {
        try {
            return SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException | IllegalCallerException e) {
            unavailableReason = LIBRARY + ": " + e.getMessage();
            return null;
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle find(
            String name, FunctionDescriptor descriptor, Linker.Option[] options) {
        if (unavailableReason != null) {
            return null;
        }
        MemorySegment symbol = SYMBOLS.find(name).orElse(null);
        if (symbol == null) {
            unavailableReason = LIBRARY + " has no " + name;
            return null;
        }
        return LINKER.downcallHandle(symbol, descriptor, options);
    }

    private static FunctionDescriptor function(MemoryLayout result, MemoryLayout... arguments) {
        return FunctionDescriptor.of(result, arguments);
    }

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("call into " + LIBRARY, e);
    }
}
