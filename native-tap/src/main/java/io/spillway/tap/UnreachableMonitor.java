package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hears the ICMP or ICMPv6 "destination unreachable" and "packet too big" messages that arrive on
 * one WAN link. They come by a raw socket of their own, so that they never disturb the {@link
 * UdpSocket}s.
 *
 * <p>Anyone can forge such a message. It is a reason to look again (probe faster), never a
 * decision.
 *
 * <p>Owned by one thread at a time. Needs CAP_NET_RAW.
 */
public final class UnreachableMonitor implements AutoCloseable {
    /** Receives what {@link #poll} finds. */
    public interface Listener {
        /**
         * A UDP datagram of ours is said not to have arrived.
         *
         * @param local where the datagram came from, so whose socket is meant: ignore unknown ones.
         * @param remote where it was to go.
         * @param code of the ICMP message, as {@code 1} host or {@code 3} port unreachable in IPv4.
         */
        void onUnreachable(InetSocketAddress local, InetSocketAddress remote, int code);

        /**
         * A UDP datagram of ours is said to be too long for its path.
         *
         * @param mtu what is said to pass, 0 to 65535; routers older than RFC 1191 say 0
         */
        void onTooBig(InetSocketAddress local, InetSocketAddress remote, int mtu);
    }

    static final int MESSAGES_PER_POLL_MAX = 32;
    private static final int RECEIVE_LENGTH = 2048;

    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1;
    private static final int ICMP6_FILTER = 1;
    private static final int ICMP6_FILTER_LENGTH = 32;

    private final LinuxCalls calls;
    private final int fd;
    private final boolean ipv6;
    private final MemorySegment memory = Arena.ofAuto().allocate(RECEIVE_LENGTH, Long.BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory.address(), RECEIVE_LENGTH);
    private boolean closed;

    private UnreachableMonitor(LinuxCalls calls, int fd, boolean ipv6) {
        this.calls = calls;
        this.fd = fd;
        this.ipv6 = ipv6;
    }

    /** {@code device}: the link's interface; null hears all of them. */
    public static UnreachableMonitor open(String device, boolean ipv6) throws LinuxException {
        LinuxCalls calls = new LinuxCalls();
        int family = ipv6 ? SocketOptions.AF_INET6 : SocketOptions.AF_INET;
        int protocol = ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
        String subject = (ipv6 ? "ICMPv6" : "ICMP") + (device == null ? "" : " on " + device);
        int fd = calls.socket(family, SocketOptions.SOCK_RAW, protocol);
        if (fd < 0) {
            throw new LinuxException("socket " + subject, -fd, whyNotOpened(-fd));
        }
        try {
            configure(new SocketOptions(calls, fd, subject), calls, fd, device, ipv6);
            return new UnreachableMonitor(calls, fd, ipv6);
        } catch (LinuxException e) {
            calls.close(fd);
            throw e;
        }
    }

    public int fd() {
        return fd;
    }

    /**
     * Reads what has arrived, at most {@value #MESSAGES_PER_POLL_MAX} messages. Never blocks.
     *
     * @return messages read; when it is the maximum there may be more.
     */
    public int poll(Listener listener) {
        int count = 0;
        while (count < MESSAGES_PER_POLL_MAX) {
            int length = calls.read(fd, memory.address(), RECEIVE_LENGTH);
            if (length < 0) {
                return count;
            }
            UnreachableDecoder.decode(buffer, length, ipv6, listener);
            count++;
        }
        return count;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(fd);
        }
    }

    private static void configure(
            SocketOptions options, LinuxCalls calls, int fd, String device, boolean ipv6)
            throws LinuxException {
        if (device != null) {
            options.bindToDevice(device);
        }
        if (ipv6) {
            filterIcmpv6(calls, fd);
        } else {
            int blocked = ~(1 << UnreachableDecoder.ICMP_UNREACHABLE);
            options.set(SOL_RAW, ICMP_FILTER, blocked, "ICMP_FILTER");
        }
    }

    /** A set bit blocks the type. */
    private static void filterIcmpv6(LinuxCalls calls, int fd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(ICMP6_FILTER_LENGTH, Integer.BYTES);
            filter.fill((byte) 0xFF);
            int passed =
                    1 << UnreachableDecoder.ICMPV6_UNREACHABLE
                            | 1 << UnreachableDecoder.ICMPV6_TOO_BIG;
            Memory.putInt(filter.address(), ~passed);
            int result =
                    calls.setsockopt(
                            fd,
                            IPPROTO_ICMPV6,
                            ICMP6_FILTER,
                            filter.address(),
                            ICMP6_FILTER_LENGTH);
            LinuxException.check(result, "ICMP6_FILTER");
        }
    }

    private static String whyNotOpened(int errno) {
        return errno == Errno.EPERM
                ? "the capability CAP_NET_RAW is missing"
                : Errno.describe(errno);
    }
}
