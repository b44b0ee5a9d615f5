package io.spillway.routing.fib;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.agrona.UnsafeApi;

/**
 * Asks the kernel for pages of 2 MiB: a lookup in tables of 100 MiB misses the processor's table of
 * pages nearly each time it touches one of 4 KiB. A wish: where it is not granted nothing changes.
 */
public final class HugePages {
    /** Tables that fit in are not worth a page of 2 MiB that is mostly empty. */
    static final int SMALL_LENGTH = 4 << 20;

    private static final long LENGTH = 1 << 21;
    private static final int LINE_LENGTH = 64;

    // include/uapi/asm-generic/mman-common.h
    private static final int MADV_HUGEPAGE = 14;

    private static final MethodHandle MADVISE = madvise();

    private HugePages() {}

    @SuppressWarnings("restricted") // of the C library
    private static MethodHandle madvise() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
        return linker.defaultLookup()
                .find("madvise")
                .map(address -> linker.downcallHandle(address, type))
                .orElse(null);
    }

    /**
     * Memory of undefined content that begins with a cache line, for a table that is soon in use as
     * a whole. Freed when nobody refers to the segment any more.
     */
    public static MemorySegment allocate(long length) {
        MemorySegment segment = reserve(length);
        if (length > SMALL_LENGTH) {
            wish(segment.address(), segment.address() + length);
        }
        return segment;
    }

    /** The same, of ordinary pages until others are wished for. */
    @SuppressWarnings("restricted") // the length is what was asked for
    static MemorySegment reserve(long length) {
        long memory = UnsafeApi.allocateMemory(length + LINE_LENGTH);
        return MemorySegment.ofAddress(memory + LINE_LENGTH - 1 & -LINE_LENGTH)
                .reinterpret(length, Arena.ofAuto(), _ -> UnsafeApi.freeMemory(memory));
    }

    /** For the whole pages between the two addresses, of which none may be touched yet. */
    static void wish(long from, long to) {
        long first = from + LENGTH - 1 & -LENGTH;
        long last = to & -LENGTH;
        if (MADVISE == null || first >= last) {
            return;
        }
        try {
            int _ = (int) MADVISE.invokeExact(first, last - first, MADV_HUGEPAGE);
        } catch (Throwable e) {
            throw new IllegalStateException("madvise", e); // it throws nothing
        }
    }
}
