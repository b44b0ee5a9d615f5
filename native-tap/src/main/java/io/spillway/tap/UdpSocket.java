package io.spillway.tap;

import java.lang.foreign.Arena;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * The UDP socket of one WAN link and address family.
 *
 * <p>Owned by one thread at a time. {@link #receive} and {@link #send} allocate nothing.
 *
 * <p>IP_RECVERR stays off: an ICMP error, which anybody can forge, then neither fails a send nor is
 * seen here at all. Control hears of it by {@link UnreachableMonitor}, as a suspicion. What a send
 * itself returns (-ENETUNREACH, -ENETDOWN, …) is this machine's own knowledge.
 */
public final class UdpSocket implements DatagramDevice {
    // include/uapi/linux/in.h, in6.h, udp.h
    private static final int IPPROTO_IP = 0;
    private static final int IP_TTL = 2;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_FREEBIND = 15;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;

    /** DF set, and the path MTU the kernel believes in does not matter. */
    private static final int PMTUDISC_PROBE = 3;

    private final LinuxCalls calls;
    private final int fd;
    private final InetSocketAddress localEndpoint;
    private final int receiveBufferLength;
    private final int sendBufferLength;
    private final MessageHeader received = new MessageHeader();
    private final MessageHeader sent = new MessageHeader();
    private int receivedSegmentLength;
    private int lastDropCount;
    private long dropped;
    private boolean closed;

    private UdpSocket(
            LinuxCalls calls, int fd, UdpConfig config, boolean isShared, SteeringProgram program)
            throws LinuxException {
        this.calls = calls;
        this.fd = fd;
        String subject = subject(config);
        SocketOptions options = new SocketOptions(calls, fd, subject);
        if (config.device() != null) {
            options.bindToDevice(config.device());
        }
        configure(options, config);
        if (isShared) {
            options.set(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEPORT, 1, "SO_REUSEPORT");
        }
        if (program != null) {
            program.attach(options);
        }
        this.receiveBufferLength =
                options.setBuffer(
                        SocketOptions.SO_RCVBUFFORCE,
                        SocketOptions.SO_RCVBUF,
                        config.bufferLength(),
                        "SO_RCVBUF");
        this.sendBufferLength =
                options.setBuffer(
                        SocketOptions.SO_SNDBUFFORCE,
                        SocketOptions.SO_SNDBUF,
                        config.bufferLength(),
                        "SO_SNDBUF");
        this.localEndpoint = bind(config.local(), subject);
    }

    public static UdpSocket open(UdpConfig config) throws LinuxException {
        return open(config, false, null);
    }

    /**
     * One of a {@link UdpSocketGroup}; its index there is how many were opened before it.
     *
     * @param program the group's, with its first socket; else null
     */
    static UdpSocket openShared(UdpConfig config, SteeringProgram program) throws LinuxException {
        return open(config, true, program);
    }

    private static UdpSocket open(UdpConfig config, boolean isShared, SteeringProgram program)
            throws LinuxException {
        LinuxCalls calls = new LinuxCalls();
        int family = isIpv6(config) ? SocketOptions.AF_INET6 : SocketOptions.AF_INET;
        int fd = calls.socket(family, SocketOptions.SOCK_DGRAM, 0);
        LinuxException.check(fd, "socket " + subject(config));
        try {
            return new UdpSocket(calls, fd, config, isShared, program);
        } catch (LinuxException e) {
            calls.close(fd);
            throw e;
        }
    }

    /**
     * Binds it to the interface that now has that name: one that was removed takes its sockets with
     * it for good, whatever comes by its name. Any thread.
     *
     * @throws LinuxException when there is none, or without CAP_NET_RAW
     */
    public void rebind(String device) throws LinuxException {
        new SocketOptions(calls, fd, device).bindToDevice(device);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int receive(long address, int length, long endpointAddress) {
        received.wrap(address, length, endpointAddress, EndpointAddress.LENGTH);
        received.acceptControl();
        int result = calls.recvmsg(fd, received.address(), 0);
        if (result < 0) {
            return result;
        }
        readControls();
        return received.isTruncated() ? -Errno.EMSGSIZE : result;
    }

    @Override
    public int receivedSegmentLength() {
        return receivedSegmentLength;
    }

    @Override
    public int send(long address, int length, int segmentLength, long endpointAddress) {
        sent.wrap(
                address, length, endpointAddress, EndpointAddress.sockaddrLength(endpointAddress));
        if (segmentLength == 0) {
            sent.noControl();
        } else {
            sent.control(SOL_UDP, UDP_SEGMENT, segmentLength);
        }
        return calls.sendmsg(fd, sent.address(), 0);
    }

    @Override
    public int sendNear(int hops, long address, int length, long endpointAddress) {
        sent.wrap(
                address, length, endpointAddress, EndpointAddress.sockaddrLength(endpointAddress));
        if (localEndpoint.getAddress() instanceof Inet6Address) {
            sent.controlOfInt(IPPROTO_IPV6, IPV6_HOPLIMIT, hops);
        } else {
            sent.controlOfInt(IPPROTO_IP, IP_TTL, hops);
        }
        return calls.sendmsg(fd, sent.address(), 0);
    }

    /** With the port that the kernel chose, where 0 was wanted. */
    @Override
    public InetSocketAddress localEndpoint() {
        return localEndpoint;
    }

    /**
     * Datagrams the kernel dropped because the receive buffer was full, since the socket was
     * opened. As of the last datagram received: the kernel reports drops with the next one that it
     * keeps.
     */
    public long dropped() {
        return dropped;
    }

    /** Bytes granted; less than wanted where the right CAP_NET_ADMIN is missing. */
    public int receiveBufferLength() {
        return receiveBufferLength;
    }

    /** Bytes granted; less than wanted where the right CAP_NET_ADMIN is missing. */
    public int sendBufferLength() {
        return sendBufferLength;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(fd);
        }
    }

    private void readControls() {
        receivedSegmentLength = 0;
        for (long c = received.firstControl(); c != 0; c = received.nextControl(c)) {
            if (MessageHeader.isControl(c, SOL_UDP, UDP_GRO)) {
                receivedSegmentLength = MessageHeader.controlInt(c);
            } else if (MessageHeader.isControl(
                    c, SocketOptions.SOL_SOCKET, SocketOptions.SO_RXQ_OVFL)) {
                countDrops(MessageHeader.controlInt(c));
            }
        }
    }

    /** The kernel's counter has 32 bits and wraps. */
    private void countDrops(int dropCount) {
        dropped += Integer.toUnsignedLong(dropCount - lastDropCount);
        lastDropCount = dropCount;
    }

    private static void configure(SocketOptions options, UdpConfig config) throws LinuxException {
        if (isIpv6(config)) {
            options.set(IPPROTO_IPV6, IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            options.set(IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_PROBE, "IPV6_MTU_DISCOVER");
        } else {
            options.set(IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_PROBE, "IP_MTU_DISCOVER");
        }
        options.set(SocketOptions.SOL_SOCKET, SocketOptions.SO_RXQ_OVFL, 1, "SO_RXQ_OVFL");
        if (config.isAddressLater()) {
            options.set(IPPROTO_IP, IP_FREEBIND, 1, "IP_FREEBIND"); // of IPv6 sockets too
        }
        if (config.receiveCoalescing()) {
            options.set(SOL_UDP, UDP_GRO, 1, "UDP_GRO");
        }
    }

    private InetSocketAddress bind(InetSocketAddress local, String subject) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(EndpointAddress.LENGTH, Long.BYTES).address();
            long lengthAddress = arena.allocate(Integer.BYTES, Integer.BYTES).address();
            EndpointAddress.encode(local, address);
            int length = EndpointAddress.sockaddrLength(address);
            LinuxException.check(calls.bind(fd, address, length), "bind " + subject);
            Memory.putInt(lengthAddress, EndpointAddress.LENGTH);
            int result = calls.getsockname(fd, address, lengthAddress);
            LinuxException.check(result, "getsockname " + subject);
            return EndpointAddress.decode(address);
        }
    }

    private static boolean isIpv6(UdpConfig config) {
        return config.local().getAddress() instanceof Inet6Address;
    }

    private static String subject(UdpConfig config) {
        String endpoint =
                config.local().getAddress().getHostAddress() + ":" + config.local().getPort();
        return config.device() == null ? endpoint : endpoint + " on " + config.device();
    }
}
