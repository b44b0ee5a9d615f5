package io.spillway.routing.fib;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Asks the kernel for pages of 2 MiB: a lookup in tables of 100 MiB misses the processor's table of
 * pages nearly each time it touches one of 4 KiB. A wish: where it is not granted nothing changes.
 */
final class HugePages {
    static final long LENGTH = 1 << 21;

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
