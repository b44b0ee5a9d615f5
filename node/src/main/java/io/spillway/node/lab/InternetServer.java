package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A server somewhere on the Internet, which tells everybody who asks the address that it sees.
 *
 * <pre>
 *   question: number (8)
 *   answer:   number (8) | address of who asked (4)
 * </pre>
 */
final class InternetServer implements HostJob {
    static final String NAMESPACE = "server";
    static final String ADDRESS = "192.0.2.130";
    static final int PORT = 7;
    static final int QUESTION_LENGTH = Long.BYTES;
    static final int ANSWER_LENGTH = QUESTION_LENGTH + Integer.BYTES;

    private static final String GATEWAY = "192.0.2.129";
    private static final long IDLE_NS = 1_000_000;

    private volatile boolean isRunning = true;

    /** Its wire and its address. */
    static void build(LabNetwork network) throws IOException {
        network.attach(NAMESPACE, "eth0", "to-" + NAMESPACE, ADDRESS, GATEWAY);
    }

    @Override
    public String jobName() {
        return "internet-server";
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public void run() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ANSWER_LENGTH);
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.bind(new InetSocketAddress(ADDRESS, PORT));
            channel.configureBlocking(false);
            while (isRunning) {
                buffer.clear().limit(QUESTION_LENGTH);
                if (channel.receive(buffer) instanceof InetSocketAddress from) {
                    buffer.limit(ANSWER_LENGTH).put(from.getAddress().getAddress());
                    channel.send(buffer.flip(), from);
                } else {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        }
    }
}
