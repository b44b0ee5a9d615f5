package io.spillway.tap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * A filter expression in the language of tcpdump (pcap-filter(7)), compiled and run by libpcap
 * itself. Functions are found once, when this class loads; {@link #unavailableReason()} tells when
 * they were not, and then none can be compiled.
 *
 * <pre>
 *   struct pcap_pkthdr:  | time (16) | captured length (4) | length (4) |
 *   struct bpf_program:  | instruction count (4) | padding (4) | instructions (8) |
 * </pre>
 *
 * <p>Not thread safe.
 */
public final class PacketFilter implements AutoCloseable {
    static final String LIBRARY = "libpcap.so.0.8";

    /** Frames with an Ethernet header (pcap/dlt.h, as all of these). */
    public static final int ETHERNET = 1;

    /** IP without anything in front. */
    public static final int RAW_IP = 12;

    private static final int HEADER_LENGTH = 24;
    private static final int CAPTURED_OFFSET = 16;
    private static final int LENGTH_OFFSET = 20;
    private static final int PROGRAM_LENGTH = 16;
    private static final int OPTIMIZE = 1;
    private static final int NETMASK_UNKNOWN = 0xFFFFFFFF;
    private static final int MESSAGE_LENGTH_MAX = 256; // PCAP_ERRBUF_SIZE

    private static String unavailableReason;
    private static final SymbolLookup SYMBOLS = load();
    private static final MethodHandle OPEN_DEAD =
            find("pcap_open_dead", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle COMPILE =
            find(
                    "pcap_compile",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle GETERR =
            find("pcap_geterr", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
    private static final MethodHandle FILTER =
            find(
                    "pcap_offline_filter",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREECODE =
            find("pcap_freecode", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle CLOSE =
            find("pcap_close", FunctionDescriptor.ofVoid(JAVA_LONG));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment header = arena.allocate(HEADER_LENGTH, Long.BYTES);
    private final MemorySegment program = arena.allocate(PROGRAM_LENGTH, Long.BYTES);

    /** Null when every function was found, else what went wrong, for people. */
    public static String unavailableReason() {
        return unavailableReason;
    }

    /**
     * Names in the expression are looked up, which may take a while.
     *
     * @param linkType of the packets, one of the above or another DLT_ value
     * @param snapLength bytes that are kept of a packet at most
     * @throws IllegalArgumentException with what libpcap says is wrong
     */
    public PacketFilter(String expression, int linkType, int snapLength) {
        long handle = openDead(linkType, snapLength);
        try (Arena text = Arena.ofConfined()) {
            if (compile(handle, program, text.allocateFrom(expression)) != 0) {
                arena.close();
                throw new IllegalArgumentException(message(handle));
            }
        } finally {
            close(handle);
        }
    }

    /** Whether a packet, of which so many bytes stand at that address, is one that is wanted. */
    public boolean matches(long address, int captured, int length) {
        header.set(JAVA_INT, CAPTURED_OFFSET, captured);
        header.set(JAVA_INT, LENGTH_OFFSET, length);
        try {
            return (int) FILTER.invokeExact(program.address(), header.address(), address) != 0;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public void close() {
        try {
            FREECODE.invokeExact(program.address());
        } catch (Throwable t) {
            throw unexpected(t);
        }
        arena.close();
    }

    private static long openDead(int linkType, int snapLength) {
        try {
            return (long) OPEN_DEAD.invokeExact(linkType, snapLength);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static int compile(long handle, MemorySegment program, MemorySegment expression) {
        try {
            return (int)
                    COMPILE.invokeExact(handle, program, expression, OPTIMIZE, NETMASK_UNKNOWN);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @SuppressWarnings("restricted")
    private static String message(long handle) {
        try {
            MemorySegment text = (MemorySegment) GETERR.invokeExact(handle);
            return text.reinterpret(MESSAGE_LENGTH_MAX).getString(0);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static void close(long handle) {
        try {
            CLOSE.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup load() {
        try {
            return SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException | IllegalCallerException e) {
            unavailableReason = LIBRARY + " is not installed";
            return null;
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle find(String name, FunctionDescriptor descriptor) {
        if (unavailableReason != null) {
            return null;
        }
        MemorySegment symbol = SYMBOLS.find(name).orElse(null);
        if (symbol == null) {
            unavailableReason = LIBRARY + " has no " + name;
            return null;
        }
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }

    private static IllegalStateException unexpected(Throwable t) {
        return new IllegalStateException("call into " + LIBRARY, t);
    }
}
