package io.spillway.bench.tunnel.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/**
 * A connected UDP socket that sends and receives many packets a system call, and allocates nothing
 * meanwhile. Owned by one thread, in whose network namespace it is.
 *
 * <pre>
 *   mmsghdr
 *  +----------+-------------+-----+------------+---------+-------------+-------+--------+-----+
 *  | name (8) | length (4)  |     | iovec (8)  | count 8 | control (8) | len 8 | flags  |     |
 *  +----------+-------------+-----+------------+---------+-------------+-------+--------+-----+
 *  0          8             12    16           24        32            40      48       52
 *  +-----------------+-----+
 *  | received length |     |
 *  +-----------------+-----+
 *  56                60    64
 * </pre>
 */
final class HostSocket implements AutoCloseable {
    /** Packets a call. */
    static final int BATCH = 64;

    private static final int IP_AND_UDP_LENGTH = 20 + 8;
    private static final int SLOT_LENGTH = 2048;

    // include/linux/socket.h, include/uapi/asm-generic/socket.h
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_WAITFORONE = 0x10000;
    private static final int SOCKADDR_LENGTH = 16;

    private static final int BUFFER_LENGTH = 8 << 20;
    private static final int HEADER_LENGTH = 64;
    private static final int IOVEC_OFFSET = 16;
    private static final int IOVEC_COUNT_OFFSET = 24;
    private static final int IOVEC_LENGTH = 16;

    private final Arena arena = Arena.ofConfined();
    private final HostCalls calls = new HostCalls();
    private final int fd;
    private final MemorySegment headers = arena.allocate(BATCH * HEADER_LENGTH, Long.BYTES);
    private final MemorySegment vectors = arena.allocate(BATCH * IOVEC_LENGTH, Long.BYTES);
    private final MemorySegment payloads = arena.allocate(BATCH * SLOT_LENGTH, Long.BYTES);

    /**
     * @param packetLength of the IP packets it sends
     */
    HostSocket(InetSocketAddress local, InetSocketAddress remote, int packetLength)
            throws IOException {
        fd = calls.socket(AF_INET, SOCK_DGRAM_CLOEXEC);
        check(fd, "socket");
        enlarge(SO_RCVBUFFORCE, SO_RCVBUF);
        enlarge(SO_SNDBUFFORCE, SO_SNDBUF);
        check(calls.bind(fd, socketAddress(local), SOCKADDR_LENGTH), "bind " + local);
        check(calls.connect(fd, socketAddress(remote), SOCKADDR_LENGTH), "connect " + remote);
        for (int i = 0; i < BATCH; i++) {
            prepare(i);
        }
        packetLength(packetLength);
    }

    private void enlarge(int force, int polite) {
        MemorySegment value = arena.allocateFrom(JAVA_INT, BUFFER_LENGTH);
        if (calls.setsockopt(fd, SOL_SOCKET, force, value.address(), Integer.BYTES) < 0) {
            calls.setsockopt(fd, SOL_SOCKET, polite, value.address(), Integer.BYTES);
        }
    }

    private long socketAddress(InetSocketAddress address) {
        MemorySegment at = arena.allocate(SOCKADDR_LENGTH, Long.BYTES);
        at.set(JAVA_SHORT, 0, (short) AF_INET);
        at.set(JAVA_SHORT, 2, Short.reverseBytes((short) address.getPort()));
        MemorySegment.copy(address.getAddress().getAddress(), 0, at, JAVA_BYTE, 4, 4);
        return at.address();
    }

    private void prepare(int i) {
        vectors.set(JAVA_LONG, i * IOVEC_LENGTH, payloads.address() + i * SLOT_LENGTH);
        long header = i * HEADER_LENGTH;
        headers.set(JAVA_LONG, header + IOVEC_OFFSET, vectors.address() + i * IOVEC_LENGTH);
        headers.set(JAVA_LONG, header + IOVEC_COUNT_OFFSET, 1);
    }

    private void packetLength(int length) {
        for (int i = 0; i < BATCH; i++) {
            vectors.set(JAVA_LONG, i * IOVEC_LENGTH + Long.BYTES, length - IP_AND_UDP_LENGTH);
        }
    }

    /** How long {@link #receive} waits; 0 is forever. */
    HostSocket timeoutMs(int ms) throws IOException {
        MemorySegment value = arena.allocate(2 * Long.BYTES, Long.BYTES);
        value.set(JAVA_LONG, 0, ms / 1000);
        value.set(JAVA_LONG, Long.BYTES, ms % 1000 * 1000L);
        int result = calls.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, value.address(), 16);
        check(result, "SO_RCVTIMEO");
        return this;
    }

    /** The first word of every packet it sends. */
    HostSocket mark(int mark) {
        for (int i = 0; i < BATCH; i++) {
            payloads.set(JAVA_INT, i * SLOT_LENGTH, mark);
        }
        return this;
    }

    /** The first word of packet {@code index} of those last received. */
    int receivedMark(int index) {
        return payloads.get(JAVA_INT, index * SLOT_LENGTH);
    }

    /**
     * Sends, waiting for room.
     *
     * @return packets the kernel took, or a negated errno
     */
    int send(int count) {
        return calls.sendmmsg(fd, headers.address(), count, 0);
    }

    /** Waits for a packet and takes what else is there; packets, or a negated errno. */
    int receive() {
        return calls.recvmmsg(fd, headers.address(), BATCH, MSG_WAITFORONE);
    }

    /** Takes what is there; packets, or a negated errno. */
    int receiveNow() {
        return calls.recvmmsg(fd, headers.address(), BATCH, MSG_DONTWAIT);
    }

    private static void check(int result, String what) throws IOException {
        if (result < 0) throw new IOException(what + ": errno " + -result);
    }

    @Override
    public void close() {
        calls.close(fd);
        arena.close();
    }
}
