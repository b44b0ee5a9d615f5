package io.spillway.node.lab;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.spillway.tap.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A packet socket with a ring that the kernel fills (packet(7), TPACKET_V2): all packets of a
 * namespace, or of one device, in both directions. tcpdump would do it, but cannot run in an
 * unprivileged user namespace, where it fails to drop its groups.
 *
 * <pre>
 *   frame: status 0 | length 4 | captured 8 | offset (2) 12 | … | seconds 16 | nanoseconds 20 | … | sockaddr_ll 32 | packet
 *   sockaddr_ll: family (2) | protocol, big-endian (2) | interface (4) | hardware type (2) | packet type | …
 * </pre>
 *
 * <p>Owner: the thread that opened it, in the namespace to capture.
 */
final class PacketRing implements AutoCloseable {
    /** What fits a frame below 256 bytes; enough for the marker behind any headers. */
    static final int CAPTURED_LENGTH_MAX = 176;

    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int TPACKET_V2 = 1;
    private static final int ETH_P_ALL = 3;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int ADDRESS_LENGTH = 20;

    private static final int FRAME_LENGTH = 256;
    private static final int BLOCK_LENGTH = 1 << 20;
    private static final int BLOCK_COUNT = 32;
    private static final int FRAME_COUNT = BLOCK_COUNT * (BLOCK_LENGTH / FRAME_LENGTH);
    private static final long RING_LENGTH = (long) BLOCK_COUNT * BLOCK_LENGTH;

    private static final int LENGTH_OFFSET = 4;
    private static final int CAPTURED_OFFSET = 8;
    private static final int PACKET_OFFSET = 12;
    private static final int SECONDS_OFFSET = 16;
    private static final int NANOSECONDS_OFFSET = 20;
    private static final int PROTOCOL_OFFSET = 34;
    private static final int PACKET_TYPE_OFFSET = 42;

    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final VarHandle STATUS = JAVA_INT.varHandle();

    private static final MethodHandle SOCKET =
            find("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = find("bind", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            find("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            find("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MMAP =
            find("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = find("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle IF_NAMETOINDEX = find("if_nametoindex", JAVA_INT, JAVA_LONG);
    private static final MemoryLayout ERROR_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            ERROR_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment error = arena.allocate(ERROR_LAYOUT);
    private final int fd;
    private MemorySegment ring = MemorySegment.NULL;
    private long frame;

    /**
     * @param device null: all
     */
    PacketRing(String device) throws LinuxException {
        fd = call("socket AF_PACKET", SOCKET, AF_PACKET, SOCK_DGRAM, 0);
        try {
            option(PACKET_VERSION, TPACKET_V2);
            option(PACKET_RX_RING, BLOCK_LENGTH, BLOCK_COUNT, FRAME_LENGTH, FRAME_COUNT);
            ring = map();
            bind(device == null ? 0 : index(device));
        } catch (LinuxException e) {
            close();
            throw e;
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private int call(String what, MethodHandle handle, Object... arguments) throws LinuxException {
        long result = invoke(handle, arguments);
        if (result < 0) throw new LinuxException(what, (int) ERRNO.get(error, 0L));
        return (int) result;
    }

    /** Only while it is opened and closed: it boxes. */
    private long invoke(MethodHandle handle, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = error;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            return ((Number) handle.invokeWithArguments(all)).longValue();
        } catch (Throwable t) {
            throw new IllegalStateException(
                    "system call with other arguments than it was found by", t);
        }
    }

    private void option(int name, int... values) throws LinuxException {
        MemorySegment value = arena.allocateFrom(JAVA_INT, values);
        int length = (int) value.byteSize();
        call(
                "setsockopt packet " + name,
                SETSOCKOPT,
                fd,
                SOL_PACKET,
                name,
                value.address(),
                length);
    }

    @SuppressWarnings("restricted")
    private MemorySegment map() throws LinuxException {
        long address = invoke(MMAP, 0L, RING_LENGTH, PROT_READ_WRITE, MAP_SHARED, fd, 0L);
        if (address == -1) throw new LinuxException("mmap packet ring", (int) ERRNO.get(error, 0L));
        return MemorySegment.ofAddress(address).reinterpret(RING_LENGTH);
    }

    private int index(String device) throws LinuxException {
        int index = (int) invoke(IF_NAMETOINDEX, arena.allocateFrom(device).address());
        if (index == 0) throw new LinuxException(device, (int) ERRNO.get(error, 0L));
        return index;
    }

    private void bind(int index) throws LinuxException {
        MemorySegment address = arena.allocate(ADDRESS_LENGTH, Integer.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_PACKET);
        address.set(NETWORK_SHORT, 2, (short) ETH_P_ALL);
        address.set(JAVA_INT, 4, index);
        call("bind packet socket", BIND, fd, address.address(), ADDRESS_LENGTH);
    }

    /** Whether there is a packet to read; it stays the same until {@link #release()}. */
    boolean hasPacket() {
        return ((int) STATUS.getAcquire(ring, frame) & 1) != 0;
    }

    long timeNs() {
        long seconds = Integer.toUnsignedLong(ring.get(JAVA_INT, frame + SECONDS_OFFSET));
        return seconds * 1_000_000_000 + ring.get(JAVA_INT, frame + NANOSECONDS_OFFSET);
    }

    /** The EtherType. */
    short protocol() {
        return ring.get(NETWORK_SHORT, frame + PROTOCOL_OFFSET);
    }

    /** PACKET_HOST 0 … PACKET_OUTGOING 4. */
    byte packetType() {
        return ring.get(ValueLayout.JAVA_BYTE, frame + PACKET_TYPE_OFFSET);
    }

    /** Of the whole packet. */
    int length() {
        return ring.get(JAVA_INT, frame + LENGTH_OFFSET);
    }

    /** Copies the captured bytes, from the network header on; returns how many. */
    int read(byte[] target, int offset) {
        int length = Math.min(CAPTURED_LENGTH_MAX, ring.get(JAVA_INT, frame + CAPTURED_OFFSET));
        long from = frame + Short.toUnsignedInt(ring.get(JAVA_SHORT, frame + PACKET_OFFSET));
        MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, from, target, offset, length);
        return length;
    }

    /** Gives the frame back to the kernel and goes on to the next. */
    void release() {
        STATUS.setRelease(ring, frame, 0);
        frame = (frame + FRAME_LENGTH) % RING_LENGTH;
    }

    /** Packets for which the ring had no room, since the last call. */
    long dropped() throws LinuxException {
        MemorySegment statistics = arena.allocateFrom(JAVA_INT, 0, 0);
        MemorySegment length = arena.allocateFrom(JAVA_INT, (int) statistics.byteSize());
        call(
                "packet statistics",
                GETSOCKOPT,
                fd,
                SOL_PACKET,
                PACKET_STATISTICS,
                statistics.address(),
                length.address());
        return Integer.toUnsignedLong(statistics.get(JAVA_INT, Integer.BYTES));
    }

    @Override
    public void close() {
        if (ring.address() != 0) invoke(MUNMAP, ring.address(), RING_LENGTH);
        invoke(CLOSE, fd);
        arena.close();
    }
}
