package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/**
 * A host that asks for one name again and again, and notes when it had an answer.
 *
 * <p>Owner: its own thread, in the host's namespace; the results may be read by any.
 *
 * <pre>
 *   query: number (2) | RD (2) | 1 question (8) | name, A, IN
 * </pre>
 */
final class NameStream implements HostJob {
    private static final long INTERVAL_NS = 20_000_000;
    private static final int PORT = 53;
    private static final int LENGTH_MAX = 512;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE_CODE = 0xF;
    private static final int ANSWERS_OFFSET = 6;
    private static final int HEADER_LENGTH = 12;
    private static final int TYPE_A_CLASS_IN = 0x0001_0001;

    private final String name;
    private final BitSet answered = new BitSet(); // by number of the query, as the others
    private int sent;
    private int mark;
    private long lastNs;
    private long longestNs;
    private volatile boolean isRunning = true;

    NameStream(String name) {
        this.name = name;
    }

    @Override
    public String jobName() {
        return "names";
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public void run() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.connect(new InetSocketAddress(NameServers.SERVICE, PORT));
            channel.configureBlocking(false);
            ByteBuffer input = ByteBuffer.allocate(LENGTH_MAX);
            while (isRunning) {
                exchange(channel, input);
                LockSupport.parkNanos(INTERVAL_NS);
            }
        }
    }

    private synchronized void exchange(DatagramChannel channel, ByteBuffer input) {
        try {
            while (channel.read(input.clear()) > 0) {
                onAnswer(input.flip());
            }
            channel.write(query(sent++));
        } catch (IOException e) {
            // An ICMP error: what is not answered counts.
        }
    }

    private ByteBuffer query(int number) {
        ByteBuffer query = ByteBuffer.allocate(LENGTH_MAX);
        query.putShort((short) number).putShort((short) RECURSION_DESIRED).putShort((short) 1);
        query.position(HEADER_LENGTH);
        for (String label : name.split("\\.")) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        return query.put((byte) 0).putInt(TYPE_A_CLASS_IN).flip();
    }

    private void onAnswer(ByteBuffer answer) {
        boolean isGood =
                answer.remaining() > HEADER_LENGTH
                        && (answer.get(3) & RESPONSE_CODE) == 0
                        && answer.getShort(ANSWERS_OFFSET) > 0;
        if (isGood) {
            long nowNs = System.nanoTime();
            longestNs = lastNs == 0 ? 0 : Math.max(longestNs, nowNs - lastNs);
            lastNs = nowNs;
            answered.set(answer.getShort(0) & 0xFFFF);
        }
    }

    /** What is counted below begins with the next query. */
    synchronized void mark() {
        mark = sent;
        longestNs = 0;
    }

    /** Since the mark, before so many of the last. */
    synchronized int unanswered(int last) {
        int end = Math.max(mark, sent - last);
        return end - mark - answered.get(mark, end).cardinality();
    }

    /** The longest time without an answer since the mark, milliseconds. */
    synchronized double longestGapMs() {
        long openNs = lastNs == 0 ? 0 : System.nanoTime() - lastNs;
        return Math.max(longestNs, openNs) / 1e6;
    }
}
