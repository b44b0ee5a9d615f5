package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Follows links, addresses and routes of the network namespace it was opened in, by route netlink:
 * first everything that is there, then what changes. When the kernel reports that messages were
 * lost, all is listed anew and the listener hears the differences only.
 *
 * <p>Owned by one thread at a time. Needs no right.
 */
public final class LinkMonitor implements AutoCloseable {
    /** Hears each thing once when it appears or changes, and once when it is gone. */
    public interface Listener {
        void onLink(Link link);

        void onLinkRemoved(Link link);

        void onAddress(LinkAddress address);

        void onAddressRemoved(LinkAddress address);

        void onRoute(KernelRoute route);

        void onRouteRemoved(KernelRoute route);
    }

    static final int DATAGRAMS_PER_POLL_MAX = 64;

    private static final int AF_NETLINK = 16;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOCKADDR_NL_LENGTH = 12;
    private static final int SOCKADDR_GROUPS_OFFSET = 8;
    private static final int SOCKADDR_PORT_OFFSET = 4;

    // RTMGRP_LINK, _IPV4_IFADDR, _IPV4_ROUTE, _IPV6_IFADDR, _IPV6_ROUTE
    private static final int GROUPS = 0x001 | 0x010 | 0x040 | 0x100 | 0x400;

    /** The kernel fills at most 32 KiB when it lists. */
    private static final int RECEIVE_LENGTH = 64 << 10;

    private static final int SOCKET_BUFFER_LENGTH = 1 << 20;

    private final LinuxCalls calls;
    private final int fd;
    private final MemorySegment memory =
            Arena.ofAuto().allocate(RECEIVE_LENGTH + SOCKADDR_NL_LENGTH, Long.BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory.address(), RECEIVE_LENGTH);
    private final long senderAddress = memory.address() + RECEIVE_LENGTH;
    private final MessageHeader message = new MessageHeader();
    private final LinkState state = new LinkState();
    private boolean closed;

    private LinkMonitor(LinuxCalls calls, int fd) {
        this.calls = calls;
        this.fd = fd;
    }

    public static LinkMonitor open() throws LinuxException {
        LinuxCalls calls = new LinuxCalls();
        int fd = calls.socket(AF_NETLINK, SocketOptions.SOCK_RAW, NETLINK_ROUTE);
        LinuxException.check(fd, "socket for route netlink");
        try {
            SocketOptions options = new SocketOptions(calls, fd, "route netlink");
            options.setBuffer(
                    SocketOptions.SO_RCVBUFFORCE,
                    SocketOptions.SO_RCVBUF,
                    SOCKET_BUFFER_LENGTH,
                    "SO_RCVBUF");
            bind(calls, fd);
            return new LinkMonitor(calls, fd);
        } catch (LinuxException e) {
            calls.close(fd);
            throw e;
        }
    }

    public int fd() {
        return fd;
    }

    /**
     * Handles what has arrived, at most {@value #DATAGRAMS_PER_POLL_MAX} datagrams of the kernel.
     * Never blocks.
     *
     * @return datagrams handled. Call again until it is 0: that alone means that nothing is left.
     * @throws LinuxException when the socket is broken; then open another monitor.
     */
    public int poll(Listener listener) throws LinuxException {
        state.listener(listener);
        int count = 0;
        while (count < DATAGRAMS_PER_POLL_MAX) {
            requestListing();
            int length = receive();
            if (length == -Errno.EAGAIN) {
                return count;
            }
            count++;
            handle(length);
        }
        return count;
    }

    /** Whether everything the kernel holds was reported; false at first and while listing anew. */
    public boolean isSynchronised() {
        return state.isSynchronised();
    }

    /** How often messages were lost and everything was listed anew. */
    public long resyncCount() {
        return state.resyncCount();
    }

    /** Messages that could not be understood. */
    public long malformedCount() {
        return state.malformedCount();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(fd);
        }
    }

    private void handle(int length) throws LinuxException {
        if (length == -Errno.ENOBUFS) {
            state.onOverrun();
            return;
        }
        LinuxException.check(length, "recvmsg route netlink");
        boolean isFromKernel = Memory.getInt(senderAddress + SOCKADDR_PORT_OFFSET) == 0;
        if (message.isTruncated()) {
            state.onOverrun();
        } else if (isFromKernel) {
            NetlinkDecoder.decode(buffer, 0, length, state);
        }
    }

    private int receive() {
        message.wrap(memory.address(), RECEIVE_LENGTH, senderAddress, SOCKADDR_NL_LENGTH);
        message.noControl();
        return calls.recvmsg(fd, message.address(), 0);
    }

    /** EBUSY and EAGAIN: the wish stands, and is sent with a later poll. */
    private void requestListing() throws LinuxException {
        LinkState.Listing listing = state.nextListing();
        if (listing == null) {
            return;
        }
        int sequence = state.nextSequence();
        int length =
                NetlinkDecoder.encodeDump(
                        buffer, listing.requestType, listing.fixedLength, sequence);
        int result = calls.write(fd, memory.address(), length);
        if (result >= 0) {
            state.onListingBegun(listing);
        } else if (result != -Errno.EBUSY && result != -Errno.EAGAIN && result != -Errno.ENOBUFS) {
            throw new LinuxException("list " + listing + " by route netlink", -result);
        }
    }

    private static void bind(LinuxCalls calls, int fd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(SOCKADDR_NL_LENGTH, Integer.BYTES).address();
            Memory.putShort(address, AF_NETLINK);
            Memory.putInt(address + SOCKADDR_GROUPS_OFFSET, GROUPS);
            int result = calls.bind(fd, address, SOCKADDR_NL_LENGTH);
            LinuxException.check(result, "bind route netlink");
        }
    }
}
