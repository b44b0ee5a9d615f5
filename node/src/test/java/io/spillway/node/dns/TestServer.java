package io.spillway.node.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A name server on loopback that answers each query, by UDP and TCP, as a test says. */
final class TestServer implements AutoCloseable {
    private static final int LENGTH_MAX = 65_535;

    private final DatagramSocket datagrams;
    private final ServerSocket calls;
    private final Function<byte[], List<byte[]>> answers;
    private final List<byte[]> queries = new CopyOnWriteArrayList<>();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();

    /**
     * @param answers to each query, in order; none: silence
     */
    TestServer(Function<byte[], List<byte[]>> answers) throws IOException {
        this.answers = answers;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        datagrams = new DatagramSocket(0, loopback);
        calls = new ServerSocket(datagrams.getLocalPort(), 1, loopback);
        Thread.ofVirtual().start(this::serveDatagrams);
        Thread.ofVirtual().start(this::serveCalls);
    }

    /** One answer with this text behind the question. */
    static TestServer saying(String text) throws IOException {
        return new TestServer(query -> List.of(Queries.answer(query, 0, text)));
    }

    static TestServer silent() throws IOException {
        return new TestServer(query -> List.of());
    }

    DnsZone zone(String name) {
        return new DnsZone(name, List.of(ends()));
    }

    DnsZone.Ends ends() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new DnsZone.Ends(null, new InetSocketAddress(loopback, datagrams.getLocalPort()));
    }

    /** As they came. */
    List<byte[]> queries() {
        return queries;
    }

    /** Where each came from. */
    List<Integer> ports() {
        return ports;
    }

    private void serveDatagrams() {
        byte[] room = new byte[LENGTH_MAX];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                datagrams.receive(packet);
                ports.add(packet.getPort());
                byte[] query = Arrays.copyOf(room, packet.getLength());
                for (byte[] answer : answer(query)) {
                    datagrams.send(
                            new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serveCalls() {
        try {
            while (true) {
                try (Socket call = calls.accept()) {
                    DataInputStream in = new DataInputStream(call.getInputStream());
                    DataOutputStream out = new DataOutputStream(call.getOutputStream());
                    byte[] query = in.readNBytes(in.readUnsignedShort());
                    for (byte[] answer : answer(query)) {
                        out.writeShort(answer.length);
                        out.write(answer);
                    }
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private List<byte[]> answer(byte[] query) {
        queries.add(query);
        return answers.apply(query);
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        calls.close();
    }
}
