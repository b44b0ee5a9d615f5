package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;

/**
 * UDP packets from one host to another, as large as a tunnel over 1500 bytes takes, one every 10
 * ms; a note of what arrives.
 *
 * <p>Its two ends run in their hosts' namespaces, each on a thread of its own.
 */
final class BigStream {
    /** Of an IP packet. */
    static final int PACKET_LENGTH = 1429;

    static final long INTERVAL_NS = 10_000_000;

    private static final int HEADERS_LENGTH = 20 + 8;
    private static final int PORT_BASE = 7300;
    private static final int RECEIVE_MAX = 64;

    private final LabSite from;
    private final LabSite to;
    private final boolean mayFragment;
    private final StreamLog log = new StreamLog();
    private volatile boolean isRunning = true;

    /**
     * @param mayFragment without DF whatever happens; else the host's kernel does as it is told,
     *     which is DF until it knows of a narrower path (RFC 1191)
     */
    BigStream(LabSite from, LabSite to, boolean mayFragment) {
        this.from = from;
        this.to = to;
        this.mayFragment = mayFragment;
    }

    LabSite from() {
        return from;
    }

    LabSite to() {
        return to;
    }

    boolean mayFragment() {
        return mayFragment;
    }

    StreamLog log() {
        return log;
    }

    HostJob sender() {
        return new End("big-from-" + from.name(), this::send);
    }

    HostJob receiver() {
        return new End("big-to-" + to.name(), this::receive);
    }

    private void send() throws IOException {
        ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_LENGTH - HEADERS_LENGTH);
        try (DatagramChannel channel = open(from, to)) {
            if (mayFragment) {
                channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, false);
            }
            long dueNs = System.nanoTime();
            while (isRunning) {
                long sequence = log.next();
                log.onSent(sequence, System.nanoTime());
                offer(channel, packet.clear().putLong(0, sequence));
                dueNs += INTERVAL_NS;
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
        }
    }

    private static void offer(DatagramChannel channel, ByteBuffer packet) {
        try {
            channel.write(packet);
        } catch (IOException _) {
            // The host's kernel was told of an error before: the packet counts as lost.
        }
    }

    private void receive() throws IOException {
        ByteBuffer input = ByteBuffer.allocateDirect(PACKET_LENGTH);
        try (DatagramChannel channel = open(to, from)) {
            channel.configureBlocking(false);
            while (isRunning) {
                for (int i = 0; i < RECEIVE_MAX && channel.read(input.clear()) > 0; i++) {
                    log.onArrived(input.getLong(0), System.nanoTime());
                }
                LockSupport.parkNanos(INTERVAL_NS / 4);
            }
        }
    }

    /** Connected, so that both ends are known; one port for each pair of sites. */
    private DatagramChannel open(LabSite own, LabSite other) throws IOException {
        int port = PORT_BASE + from.index() * LabSite.COUNT_MAX + to.index();
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        channel.bind(new InetSocketAddress(own.hostAddress(), port));
        channel.connect(new InetSocketAddress(other.hostAddress(), port));
        return channel;
    }

    private interface Work {
        void run() throws IOException;
    }

    private final class End implements HostJob {
        private final String name;
        private final Work work;

        End(String name, Work work) {
            this.name = name;
            this.work = work;
        }

        @Override
        public String jobName() {
            return name;
        }

        @Override
        public void run() throws IOException {
            work.run();
        }

        @Override
        public void stop() {
            isRunning = false;
        }
    }
}
