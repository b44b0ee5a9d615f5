package io.spillway.crypto.record;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.record.IpsecMbFunctions.Function;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of {@link IpsecMbFunctions}, one static wrapper a function. Found once, when this
 * class loads; {@link #unavailableReason()} tells when they were not, and then none may be called.
 *
 * <p>Pointers are plain longs and handles are called exactly, so that a call allocates nothing.
 * What runs per record is linked as critical: it neither blocks nor calls back, and is over within
 * a microsecond.
 */
final class LibIpsecMb {
    // intel-ipsec-mb.h of version 1.3.

    /** Bytes of {@code struct gcm_key_data}: one key, expanded for both directions. */
    static final int KEY_SCHEDULE_LENGTH = 1008;

    /** Bytes of {@code struct gcm_context_data}, which a call overwrites and nobody reads. */
    static final int CONTEXT_LENGTH = 88;

    /** Of a key schedule. */
    static final int ALIGNMENT = 64;

    private static final IpsecMbFunctions FUNCTIONS = IpsecMbFunctions.find();

    private static final Linker.Option[] ORDINARY = {};
    private static final Linker.Option[] PER_RECORD = {Linker.Option.critical(false)};

    /** Key, key schedule. */
    private static final FunctionDescriptor EXPAND =
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);

    /**
     * Key schedule, context, output, input, length, nonce, additional data, length, tag, length.
     */
    private static final FunctionDescriptor CRYPT =
            FunctionDescriptor.ofVoid(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle EXPAND_128 = link(Function.EXPAND_128, EXPAND, ORDINARY);
    private static final MethodHandle EXPAND_256 = link(Function.EXPAND_256, EXPAND, ORDINARY);
    private static final MethodHandle SEAL_128 = link(Function.SEAL_128, CRYPT, PER_RECORD);
    private static final MethodHandle SEAL_256 = link(Function.SEAL_256, CRYPT, PER_RECORD);
    private static final MethodHandle OPEN_128 = link(Function.OPEN_128, CRYPT, PER_RECORD);
    private static final MethodHandle OPEN_256 = link(Function.OPEN_256, CRYPT, PER_RECORD);

    private static final long TAG_LENGTH = RecordSuite.TAG_LENGTH;

    private LibIpsecMb() {}

    /** Null when every function was found, else what went wrong, for the log. */
    static String unavailableReason() {
        return FUNCTIONS.refusal();
    }

    /** Library, version and set of functions, for people. */
    static String version() {
        return FUNCTIONS.description();
    }

    static void expand128(long key, long schedule) {
        try {
            EXPAND_128.invokeExact(key, schedule);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void expand256(long key, long schedule) {
        try {
            EXPAND_256.invokeExact(key, schedule);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    // The rest: input and output are the same or do not overlap, and the tag is written, never
    // checked.

    static void seal128(
            long schedule, long context, long out, long in, int length, AeadInputs aead, long tag) {
        try {
            SEAL_128.invokeExact(
                    schedule,
                    context,
                    out,
                    in,
                    (long) length,
                    aead.nonceAddress(),
                    aead.additionalDataAddress(),
                    (long) aead.additionalDataLength(),
                    tag,
                    TAG_LENGTH);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void seal256(
            long schedule, long context, long out, long in, int length, AeadInputs aead, long tag) {
        try {
            SEAL_256.invokeExact(
                    schedule,
                    context,
                    out,
                    in,
                    (long) length,
                    aead.nonceAddress(),
                    aead.additionalDataAddress(),
                    (long) aead.additionalDataLength(),
                    tag,
                    TAG_LENGTH);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void open128(
            long schedule, long context, long out, long in, int length, AeadInputs aead, long tag) {
        try {
            OPEN_128.invokeExact(
                    schedule,
                    context,
                    out,
                    in,
                    (long) length,
                    aead.nonceAddress(),
                    aead.additionalDataAddress(),
                    (long) aead.additionalDataLength(),
                    tag,
                    TAG_LENGTH);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void open256(
            long schedule, long context, long out, long in, int length, AeadInputs aead, long tag) {
        try {
            OPEN_256.invokeExact(
                    schedule,
                    context,
                    out,
                    in,
                    (long) length,
                    aead.nonceAddress(),
                    aead.additionalDataAddress(),
                    (long) aead.additionalDataLength(),
                    tag,
                    TAG_LENGTH);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(
            Function function, FunctionDescriptor descriptor, Linker.Option[] options) {
        MemorySegment address = FUNCTIONS.address(function);
        return address == null
                ? null
                : Linker.nativeLinker().downcallHandle(address, descriptor, options);
    }

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("call into " + IpsecMbFunctions.LIBRARY, e);
    }
}
