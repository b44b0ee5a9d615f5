package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A host that asks {@link InternetServer} fifty times a second, each time from another port: every
 * question is a session of its own, as a browser begins them.
 *
 * <p>Owner: its own thread, which has entered the host's namespace; any thread reads what it found.
 */
final class InternetAsker implements HostJob {
    static final long INTERVAL_MS = 20;

    /** An answer that takes longer is none. */
    private static final int ASKED_MAX = 50;

    private final String namespace;
    private final StreamLog log = new StreamLog();

    /** As which address the server saw each question that was answered. */
    private final ConcurrentSkipListMap<Long, String> seen = new ConcurrentSkipListMap<>();

    private final Queue<DatagramChannel> asked = new ArrayDeque<>();
    private volatile boolean isRunning = true;

    InternetAsker(String namespace) {
        this.namespace = namespace;
    }

    String namespace() {
        return namespace;
    }

    @Override
    public String jobName() {
        return "asker-" + namespace;
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    /** The number of the next question. */
    long mark() {
        return log.next();
    }

    /** What became of the questions of between. */
    StreamLoss loss(long from, long to) {
        return log.loss(from, to);
    }

    /** As which addresses those of between were seen. */
    Set<String> addresses(long from, long to) {
        return new TreeSet<>(seen.subMap(from, to).values());
    }

    @Override
    public void run() throws IOException {
        try {
            long dueNs = System.nanoTime();
            while (isRunning) {
                ask();
                dueNs += INTERVAL_MS * 1_000_000;
                LockSupport.parkNanos(dueNs - System.nanoTime());
                for (DatagramChannel channel : asked) {
                    hear(channel);
                }
            }
        } finally {
            for (DatagramChannel channel : asked) {
                channel.close();
            }
        }
    }

    private void ask() throws IOException {
        if (asked.size() == ASKED_MAX) {
            asked.remove().close();
        }
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        asked.add(channel);
        channel.configureBlocking(false);
        long number = log.next();
        log.onSent(number, System.nanoTime());
        ByteBuffer question = ByteBuffer.allocate(InternetServer.QUESTION_LENGTH);
        question.putLong(number).flip();
        try {
            channel.connect(new InetSocketAddress(InternetServer.ADDRESS, InternetServer.PORT));
            channel.write(question);
        } catch (IOException e) {
            // The host's kernel knows of no way: a question without an answer.
        }
    }

    private void hear(DatagramChannel channel) {
        ByteBuffer answer = ByteBuffer.allocate(InternetServer.ANSWER_LENGTH);
        try {
            if (channel.read(answer) == InternetServer.ANSWER_LENGTH) {
                answer.flip();
                long number = answer.getLong();
                seen.put(number, address(answer));
                log.onArrived(number, System.nanoTime());
            }
        } catch (IOException e) {
            // An ICMP error came: no answer.
        }
    }

    private static String address(ByteBuffer answer) {
        return "%d.%d.%d.%d"
                .formatted(
                        answer.get() & 0xFF,
                        answer.get() & 0xFF,
                        answer.get() & 0xFF,
                        answer.get() & 0xFF);
    }
}
