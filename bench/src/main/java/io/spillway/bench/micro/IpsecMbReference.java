package io.spillway.bench.micro;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.spillway.crypto.RecordSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The multi-buffer library's AES-GCM functions, called with nothing around them. To be made after
 * the record cipher {@code ipsec-mb}, which has proved version and functions; tags are not
 * compared.
 */
final class IpsecMbReference implements AeadReference {
    private static final int SCRATCH_LENGTH = 2048;
    private static final int ALIGNMENT = 64;
    private static final int CONTEXT_OFFSET = 1024;
    private static final int NONCE_OFFSET = 1152;
    private static final int ADDITIONAL_DATA_OFFSET = 1216;
    private static final int TAG_OFFSET = 1280;

    // Places in struct IMB_MGR of version 1.3.
    private static final long MANAGER_LENGTH = 472;
    private static final long SEAL_128_OFFSET = 256;
    private static final long SEAL_256_OFFSET = 272;
    private static final long OPEN_128_OFFSET = 280;
    private static final long OPEN_256_OFFSET = 296;
    private static final long EXPAND_128_OFFSET = 448;
    private static final long EXPAND_256_OFFSET = 464;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final FunctionDescriptor ALLOCATE = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor TWO_POINTERS =
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor CRYPT =
            FunctionDescriptor.ofVoid(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MemorySegment MANAGER = manager();

    private static final MethodHandle SEAL_128 = link(SEAL_128_OFFSET, CRYPT);
    private static final MethodHandle SEAL_256 = link(SEAL_256_OFFSET, CRYPT);
    private static final MethodHandle OPEN_128 = link(OPEN_128_OFFSET, CRYPT);
    private static final MethodHandle OPEN_256 = link(OPEN_256_OFFSET, CRYPT);

    private final UnsafeBuffer scratch =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(SCRATCH_LENGTH, ALIGNMENT));
    private final long schedule = scratch.addressOffset();
    private final long context = schedule + CONTEXT_OFFSET;
    private final long nonce = schedule + NONCE_OFFSET;
    private final long additionalData = schedule + ADDITIONAL_DATA_OFFSET;
    private final long tag = schedule + TAG_OFFSET;
    private final RecordRing ring;
    private final boolean isAes128;
    private final long length;

    IpsecMbReference(RecordSuite suite, int length, RecordRing ring) throws Throwable {
        this.ring = ring;
        this.length = length;
        isAes128 = suite == RecordSuite.AES_128_GCM;
        MethodHandle expand = link(isAes128 ? EXPAND_128_OFFSET : EXPAND_256_OFFSET, TWO_POINTERS);
        expand.invokeExact(context, schedule); // the key is zeros, as the context still is
    }

    @Override
    public void seal(int index) throws Throwable {
        long in = ring.plaintextAddress(index);
        long out = ring.recordAddress(index);
        if (isAes128) {
            SEAL_128.invokeExact(
                    schedule,
                    context,
                    out,
                    in,
                    length,
                    nonce,
                    additionalData,
                    (long) ADDITIONAL_DATA_LENGTH,
                    out + length,
                    (long) RecordSuite.TAG_LENGTH);
        } else {
            SEAL_256.invokeExact(
                    schedule,
                    context,
                    out,
                    in,
                    length,
                    nonce,
                    additionalData,
                    (long) ADDITIONAL_DATA_LENGTH,
                    out + length,
                    (long) RecordSuite.TAG_LENGTH);
        }
    }

    /** Always true, as the tag is written and not compared. */
    @Override
    public boolean open(int index) throws Throwable {
        long at = ring.recordAddress(index);
        if (isAes128) {
            OPEN_128.invokeExact(
                    schedule,
                    context,
                    at,
                    at,
                    length,
                    nonce,
                    additionalData,
                    (long) ADDITIONAL_DATA_LENGTH,
                    tag,
                    (long) RecordSuite.TAG_LENGTH);
        } else {
            OPEN_256.invokeExact(
                    schedule,
                    context,
                    at,
                    at,
                    length,
                    nonce,
                    additionalData,
                    (long) ADDITIONAL_DATA_LENGTH,
                    tag,
                    (long) RecordSuite.TAG_LENGTH);
        }
        return true;
    }

    /** As the library fills it for this CPU. */
    @SuppressWarnings("restricted")
    private static MemorySegment manager() {
        try {
            SymbolLookup library = SymbolLookup.libraryLookup("libIPSec_MB.so.1", Arena.global());
            MemorySegment allocate = library.findOrThrow("alloc_mb_mgr");
            MemorySegment initialize = library.findOrThrow("init_mb_mgr_auto");
            long manager = (long) LINKER.downcallHandle(allocate, ALLOCATE).invokeExact(0L);
            LINKER.downcallHandle(initialize, TWO_POINTERS).invokeExact(manager, 0L);
            return MemorySegment.ofAddress(manager).reinterpret(MANAGER_LENGTH);
        } catch (Throwable e) {
            throw new IllegalStateException("ipsec-mb does not start", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(long managerOffset, FunctionDescriptor descriptor) {
        MemorySegment function = MemorySegment.ofAddress(MANAGER.get(JAVA_LONG, managerOffset));
        return LINKER.downcallHandle(function, descriptor, Linker.Option.critical(false));
    }
}
