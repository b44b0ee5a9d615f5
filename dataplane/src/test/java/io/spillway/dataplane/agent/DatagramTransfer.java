package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.sim.PrivateHost;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.UdpConfig;
import io.spillway.tap.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Numbered UDP datagrams of random content from one site's host to the other's, by several flows in
 * turn, again until every one has arrived. What arrives must be what was sent, whole.
 */
final class DatagramTransfer implements AutoCloseable {
    private static final int FLOWS = 3;
    private static final int NUMBER_LENGTH = 4;
    private static final int DATAGRAM_LENGTH_MAX = 65_507;
    private static final int SEGMENTS_MAX = 64;
    private static final int SEGMENTED_LENGTH_MAX = 60_000;
    private static final int MESSAGES_IN_FLIGHT = 4;
    private static final long QUIET_NS = 10_000_000L;
    private static final long PATIENCE_NS = 30_000_000_000L;

    /** What one call sends: datagrams of one length, the last may be shorter. */
    private record Message(int firstNumber, byte[] bytes, int segmentLength) {
        int count() {
            return (bytes.length + segmentLength - 1) / segmentLength;
        }
    }

    /** One of the sockets a host sends from. */
    private interface Sender extends AutoCloseable {
        void send(Message message) throws IOException;

        @Override
        void close() throws IOException;
    }

    private final SplittableRandom random;
    private final DatagramChannel receiver;
    private final InetSocketAddress remote;
    private final PrivateHost source;
    private final List<Sender> senders = new ArrayList<>();
    private final List<byte[]> expected = new ArrayList<>();
    private final BitSet arrived = new BitSet();
    private final ByteBuffer received = ByteBuffer.allocate(DATAGRAM_LENGTH_MAX);

    DatagramTransfer(TransferSite from, TransferSite to, boolean isIpv6, long seed)
            throws Exception {
        random = new SplittableRandom(seed);
        receiver = to.host.call(() -> bind("::"));
        int port = ((InetSocketAddress) receiver.getLocalAddress()).getPort();
        remote = new InetSocketAddress(InetAddress.ofLiteral(to.address(isIpv6)), port);
        source = from.host;
    }

    private static DatagramChannel bind(String address) throws IOException {
        DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(address, 0));
        channel.configureBlocking(false);
        return channel;
    }

    /** Single datagrams of up to {@code lengthMax} bytes, which the kernel fragments. */
    void run(int count, int lengthMax) throws Exception {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(NUMBER_LENGTH, lengthMax + 1);
            messages.add(message(length, length));
        }
        run(messages, () -> new Fragmented(bind("::"), remote));
    }

    /** Messages of many datagrams, each up to {@code segmentLengthMax} bytes. */
    void runSegmented(int count, int segmentLengthMax) throws Exception {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int segment = random.nextInt(NUMBER_LENGTH, segmentLengthMax + 1);
            int segments = Math.min(SEGMENTS_MAX, SEGMENTED_LENGTH_MAX / segment);
            int full = random.nextInt(0, segments);
            int last = random.nextInt(NUMBER_LENGTH, segment + 1);
            messages.add(message(full * segment + last, segment));
        }
        run(messages, () -> new Segmented(open(), remote));
    }

    private UdpSocket open() throws IOException {
        String any = remote.getAddress().getAddress().length == 4 ? "0.0.0.0" : "::";
        var local = new InetSocketAddress(InetAddress.ofLiteral(any), 0);
        return UdpSocket.open(new UdpConfig(null, local, false, 1 << 20));
    }

    /** The datagrams' numbers go on where those of the message before ended. */
    private Message message(int length, int segmentLength) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int firstNumber = expected.size();
        for (int at = 0; at < length; at += segmentLength) {
            ByteBuffer.wrap(bytes).putInt(at, expected.size());
            expected.add(Arrays.copyOfRange(bytes, at, Math.min(length, at + segmentLength)));
        }
        return new Message(firstNumber, bytes, segmentLength);
    }

    private interface Opening {
        Sender open() throws IOException;
    }

    private void run(List<Message> messages, Opening opening) throws Exception {
        List<Sender> flows = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            flows.add(source.call(opening::open));
        }
        senders.addAll(flows);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (arrived.cardinality() < expected.size()) {
            int missing = arrived.nextClearBit(0);
            assertTrue(System.nanoTime() - deadlineNs < 0, "datagram " + missing + " never came");
            receive(sendMissing(messages, flows));
        }
    }

    /** Numbers of the datagrams sent. */
    private BitSet sendMissing(List<Message> messages, List<Sender> flows) throws IOException {
        BitSet numbers = new BitSet();
        int sent = 0;
        for (Message message : messages) {
            int end = message.firstNumber + message.count();
            if (sent < MESSAGES_IN_FLIGHT && arrived.nextClearBit(message.firstNumber) < end) {
                flows.get(sent++ % FLOWS).send(message);
                numbers.set(message.firstNumber, end);
            }
        }
        return numbers;
    }

    /** Until all that is awaited is there, or nothing comes for a while. */
    private void receive(BitSet awaited) throws IOException {
        long quietNs = System.nanoTime();
        awaited.andNot(arrived);
        while (!awaited.isEmpty() && System.nanoTime() - quietNs < QUIET_NS) {
            if (receiver.receive(received.clear()) == null) {
                LockSupport.parkNanos(50_000);
                continue;
            }
            quietNs = System.nanoTime();
            byte[] bytes = new byte[received.flip().remaining()];
            received.get(bytes);
            int number = received.getInt(0);
            assertArrayEquals(expected.get(number), bytes, "datagram " + number);
            arrived.set(number);
            awaited.clear(number);
        }
    }

    @Override
    public void close() throws IOException {
        receiver.close();
        for (Sender sender : senders) {
            sender.close();
        }
    }

    /** Each message is one datagram, which the kernel cuts into fragments where it must. */
    private record Fragmented(DatagramChannel channel, InetSocketAddress remote) implements Sender {
        @Override
        public void send(Message message) throws IOException {
            channel.send(ByteBuffer.wrap(message.bytes), remote);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Each message is as many datagrams as it has segments, by UDP_SEGMENT. */
    private record Segmented(UdpSocket socket, UnsafeBuffer memory, UnsafeBuffer endpoint)
            implements Sender {
        Segmented(UdpSocket socket, InetSocketAddress remote) {
            this(socket, direct(DATAGRAM_LENGTH_MAX), direct(EndpointAddress.LENGTH));
            EndpointAddress.encode(remote, endpoint.addressOffset());
        }

        private static UnsafeBuffer direct(int length) {
            return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }

        @Override
        public void send(Message message) {
            memory.putBytes(0, message.bytes);
            int length = message.bytes.length;
            int segment = message.count() == 1 ? 0 : message.segmentLength;
            socket.send(memory.addressOffset(), length, segment, endpoint.addressOffset());
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
