package io.spillway.tap;

import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A packet socket with a ring that the kernel fills (packet(7), TPACKET_V2): all IP packets and
 * other frames of the calling thread's network namespace, or of one device, in both directions,
 * from the network header on.
 *
 * <pre>
 *   frame of the ring
 *  +--------+--------+----------+------------+- ... -+---------+-------------+
 *  | status | length | captured | packet (2) |       | seconds | nanoseconds |
 *  +--------+--------+----------+------------+- ... -+---------+-------------+
 *  0        4        8          12                   16        20
 *  +------------+-------------------+---------------+-------------------+------+- ... -+--------+
 *  | family (2) | EtherType (2, BE) | interface (4) | hardware type (2) | type |       | packet |
 *  +------------+-------------------+---------------+-------------------+------+- ... -+--------+
 *  32           34                  36              40                  42             packet
 * </pre>
 *
 * <p>Owned by one thread at a time. Needs CAP_NET_RAW.
 */
public final class PacketSocket implements AutoCloseable {
    /** What fits a frame of the ring behind its header; longer packets are cut off there. */
    public static final int CAPTURED_LENGTH_MAX = 176;

    /** What {@link #packetType} gives for a packet on its way out. */
    public static final int OUTGOING = 4;

    // include/uapi/linux/if_packet.h
    private static final int AF_PACKET = 17;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int TPACKET_V2 = 1;
    private static final int TP_STATUS_USER = 1;
    private static final int ETH_P_ALL = 3;
    private static final int SOCKADDR_LL_LENGTH = 20;

    private static final int FRAME_LENGTH = 256;
    private static final int BLOCK_LENGTH = 1 << 20;
    private static final int BLOCK_COUNT = 32;
    private static final int RING_LENGTH = BLOCK_COUNT * BLOCK_LENGTH;

    private static final int LENGTH_OFFSET = 4;
    private static final int CAPTURED_OFFSET = 8;
    private static final int PACKET_OFFSET = 12;
    private static final int SECONDS_OFFSET = 16;
    private static final int NANOSECONDS_OFFSET = 20;
    private static final int ETHER_TYPE_OFFSET = 34;
    private static final int HARDWARE_TYPE_OFFSET = 40;
    private static final int PACKET_TYPE_OFFSET = 42;

    private final LinuxCalls calls;
    private final int fd;
    private final UnsafeBuffer ring;
    private int frame;
    private boolean closed;

    private PacketSocket(LinuxCalls calls, int fd, UnsafeBuffer ring) {
        this.calls = calls;
        this.fd = fd;
        this.ring = ring;
    }

    /**
     * Everything from now on.
     *
     * @param device null: all devices of this namespace
     */
    public static PacketSocket open(String device) throws LinuxException {
        String subject = "packet socket" + (device == null ? "" : " on " + device);
        int index = device == null ? 0 : NetworkDevice.index(device);
        LinuxCalls calls = new LinuxCalls();
        int fd = calls.socket(AF_PACKET, SocketOptions.SOCK_DGRAM, 0);
        LinuxException.check(fd, subject);
        try {
            SocketOptions options = new SocketOptions(calls, fd, subject);
            options.set(SOL_PACKET, PACKET_VERSION, TPACKET_V2, "PACKET_VERSION");
            requestRing(calls, fd, subject);
            UnsafeBuffer ring = map(calls, fd, subject);
            PacketSocket socket = new PacketSocket(calls, fd, ring);
            socket.bind(index, subject);
            return socket;
        } catch (LinuxException e) {
            calls.close(fd); // which also frees the ring once it is unmapped
            throw e;
        }
    }

    private static void requestRing(LinuxCalls calls, int fd, String subject)
            throws LinuxException {
        int frames = RING_LENGTH / FRAME_LENGTH;
        try (Arena arena = Arena.ofConfined()) {
            long request = arena.allocate(4 * Integer.BYTES, Integer.BYTES).address();
            Memory.putInt(request, BLOCK_LENGTH);
            Memory.putInt(request + 4, BLOCK_COUNT);
            Memory.putInt(request + 8, FRAME_LENGTH);
            Memory.putInt(request + 12, frames);
            int result = calls.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, request, 16);
            LinuxException.check(result, "PACKET_RX_RING " + subject);
        }
    }

    private static UnsafeBuffer map(LinuxCalls calls, int fd, String subject)
            throws LinuxException {
        long address = calls.mmap(fd, RING_LENGTH);
        if (address < 0) {
            throw new LinuxException("mmap " + subject, (int) -address);
        }
        return new UnsafeBuffer(address, RING_LENGTH);
    }

    private void bind(int index, String subject) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(SOCKADDR_LL_LENGTH, Integer.BYTES).address();
            Memory.putShort(address, AF_PACKET);
            Memory.putNetworkShort(address + 2, ETH_P_ALL);
            Memory.putInt(address + 4, index);
            LinuxException.check(calls.bind(fd, address, SOCKADDR_LL_LENGTH), "bind of " + subject);
        } catch (LinuxException e) {
            calls.munmap(ring.addressOffset(), RING_LENGTH);
            throw e;
        }
    }

    /** Whether there is a packet to read; it stays the same until {@link #release()}. */
    public boolean hasPacket() {
        return (ring.getIntVolatile(frame) & TP_STATUS_USER) != 0;
    }

    /** Since the epoch. */
    public long timeNs() {
        long seconds = Integer.toUnsignedLong(ring.getInt(frame + SECONDS_OFFSET));
        return seconds * 1_000_000_000 + ring.getInt(frame + NANOSECONDS_OFFSET);
    }

    public int etherType() {
        return ring.getShort(frame + ETHER_TYPE_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** ARPHRD_ of its device, such as 1 for Ethernet and 0xFFFE for a TUN device. */
    public int hardwareType() {
        return ring.getShort(frame + HARDWARE_TYPE_OFFSET) & 0xFFFF;
    }

    /** PACKET_HOST 0 … {@link #OUTGOING}. */
    public int packetType() {
        return ring.getByte(frame + PACKET_TYPE_OFFSET) & 0xFF;
    }

    /** Of the whole packet. */
    public int length() {
        return ring.getInt(frame + LENGTH_OFFSET);
    }

    /** Copies the captured bytes, at most {@link #CAPTURED_LENGTH_MAX}; returns how many. */
    public int read(byte[] target, int offset) {
        int length = Math.min(CAPTURED_LENGTH_MAX, ring.getInt(frame + CAPTURED_OFFSET));
        int packet = ring.getShort(frame + PACKET_OFFSET) & 0xFFFF;
        ring.getBytes(frame + packet, target, offset, length);
        return length;
    }

    /** Gives the packet's place back to the kernel and goes on to the next. */
    public void release() {
        ring.putIntRelease(frame, 0);
        frame = (frame + FRAME_LENGTH) % RING_LENGTH;
    }

    /** Packets for which the ring had no room, since the last call. */
    public long dropped() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long statistics = arena.allocate(3 * Integer.BYTES, Integer.BYTES).address();
            long length = statistics + 2 * Integer.BYTES;
            Memory.putInt(length, 2 * Integer.BYTES);
            int result = calls.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, statistics, length);
            LinuxException.check(result, "PACKET_STATISTICS");
            return Integer.toUnsignedLong(Memory.getInt(statistics + Integer.BYTES));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.munmap(ring.addressOffset(), RING_LENGTH);
            calls.close(fd);
        }
    }
}
