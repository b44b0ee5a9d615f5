package io.spillway.crypto.record;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The AES-GCM functions of Intel's multi-buffer library that are made for this CPU, or the reason
 * why they may not be used. Immutable.
 *
 * <p>The library has a set of functions for each kind of CPU and keeps its choice in a manager, a
 * structure that is laid out anew in every version. So only a known version is used, and only when
 * each pointer found in the manager is that of the exported function of one and the same set. The
 * set for CPUs without AES instructions is slow, not exported and therefore refused.
 */
final class IpsecMbFunctions {
    static final String LIBRARY = "libIPSec_MB.so.1";

    private static final String ARCHITECTURE = "amd64";

    /** Sets of functions, by the end of their names. */
    private static final List<String> SETS =
            List.of("sse", "avx_gen2", "avx_gen4", "avx512", "vaes_avx512");

    // intel-ipsec-mb.h of version 1.3: IMB_VERSION_NUM, its shifts, and struct IMB_MGR.
    private static final int VERSION_1_3_0 = 0x10300;
    private static final int MAJOR_SHIFT = 16;
    private static final int MINOR_SHIFT = 8;
    private static final long MANAGER_LENGTH = 472;

    private static final FunctionDescriptor GET_VERSION = FunctionDescriptor.of(JAVA_INT);
    private static final FunctionDescriptor ALLOCATE = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor INITIALIZE =
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor FREE = FunctionDescriptor.ofVoid(JAVA_LONG);

    private final String refusal;
    private final String set;
    private final Map<Function, MemorySegment> found;

    private IpsecMbFunctions(String refusal, String set, Map<Function, MemorySegment> found) {
        this.refusal = refusal;
        this.set = set;
        this.found = found;
    }

    /** What records need, with the beginning of its name and its place in the manager of 1.3. */
    enum Function {
        EXPAND_128("aes_gcm_pre_128", 448),
        EXPAND_256("aes_gcm_pre_256", 464),
        SEAL_128("aes_gcm_enc_128", 256),
        SEAL_256("aes_gcm_enc_256", 272),
        OPEN_128("aes_gcm_dec_128", 280),
        OPEN_256("aes_gcm_dec_256", 296);

        private final String prefix;
        private final long managerOffset;

        Function(String prefix, long managerOffset) {
            this.prefix = prefix;
            this.managerOffset = managerOffset;
        }

        String symbol(String set) {
            return prefix + "_" + set;
        }

        long managerOffset() {
            return managerOffset;
        }
    }

    /** Why the library is not used; ends in {@link #refusal()}. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(LIBRARY + " " + reason);
        }
    }

    static IpsecMbFunctions find() {
        return find(System.getProperty("os.arch"), IpsecMbFunctions::load);
    }

    /**
     * @param architecture as Java names it
     * @param library asked only on the right architecture; throws what {@link
     *     SymbolLookup#libraryLookup} throws
     */
    static IpsecMbFunctions find(String architecture, Supplier<SymbolLookup> library) {
        try {
            if (!architecture.equals(ARCHITECTURE)) {
                throw new RefusedException("needs " + ARCHITECTURE + ", this is " + architecture);
            }
            return find(library.get());
        } catch (RefusedException e) {
            return new IpsecMbFunctions(e.getMessage(), null, Map.of());
        } catch (IllegalArgumentException | IllegalCallerException e) {
            return new IpsecMbFunctions(LIBRARY + ": " + e.getMessage(), null, Map.of());
        }
    }

    /** Null when the functions may be used, else why not, for the log. */
    String refusal() {
        return refusal;
    }

    /** Which functions of what, for people. */
    String description() {
        return LIBRARY + " " + versionText(VERSION_1_3_0) + " for " + set;
    }

    /** Address of a function; null when refused. */
    MemorySegment address(Function function) {
        return found.get(function);
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup load() {
        return SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    }

    private static IpsecMbFunctions find(SymbolLookup symbols) throws RefusedException {
        try {
            int version = (int) link(symbols, "imb_get_version", GET_VERSION).invokeExact();
            if (version != VERSION_1_3_0) {
                throw new RefusedException(
                        "is version "
                                + versionText(version)
                                + ", known is only "
                                + versionText(VERSION_1_3_0));
            }
            MethodHandle allocate = link(symbols, "alloc_mb_mgr", ALLOCATE);
            MethodHandle initialize = link(symbols, "init_mb_mgr_auto", INITIALIZE);
            MethodHandle free = link(symbols, "free_mb_mgr", FREE);
            long manager = (long) allocate.invokeExact(0L);
            if (manager == 0) {
                throw new RefusedException("has no memory for a manager");
            }
            initialize.invokeExact(manager, 0L);
            IpsecMbFunctions functions = readManager(symbols, manager);
            free.invokeExact(manager);
            return functions;
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("call into " + LIBRARY, e);
        }
    }

    /** Refused functions are an answer here, so that the manager is freed in any case. */
    @SuppressWarnings("restricted")
    private static IpsecMbFunctions readManager(SymbolLookup symbols, long address) {
        MemorySegment manager = MemorySegment.ofAddress(address).reinterpret(MANAGER_LENGTH);
        for (String set : SETS) {
            Map<Function, MemorySegment> found = new EnumMap<>(Function.class);
            for (Function function : Function.values()) {
                long chosen = manager.get(JAVA_LONG, function.managerOffset());
                symbols.find(function.symbol(set))
                        .filter(symbol -> symbol.address() == chosen)
                        .ifPresent(symbol -> found.put(function, symbol));
            }
            if (found.size() == Function.values().length) {
                return new IpsecMbFunctions(null, set, found);
            }
        }
        return new IpsecMbFunctions(
                LIBRARY + " chose AES-GCM functions for this CPU that are none of " + SETS,
                null,
                Map.of());
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(
            SymbolLookup symbols, String name, FunctionDescriptor descriptor)
            throws RefusedException {
        MemorySegment symbol = symbols.find(name).orElse(null);
        if (symbol == null) {
            throw new RefusedException("has no " + name);
        }
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }

    private static String versionText(int version) {
        return (version >>> MAJOR_SHIFT)
                + "."
                + (version >>> MINOR_SHIFT & 0xff)
                + "."
                + (version & 0xff);
    }
}
