package io.spillway.dataplane.sim;

import io.spillway.crypto.record.RecordHeader;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A UDP socket, or a group of them that is steered by the connection ID, on a network of maps and
 * queues, which the test may fill, look into and break.
 */
public final class SimulatedLink implements DatagramDevice {
    /** The links by their endpoints; what is sent to nobody is kept as {@link #lost}. */
    public static final class Network {
        private final Map<InetSocketAddress, SimulatedLink> links = new HashMap<>();
        private final List<byte[]> lost = new ArrayList<>();

        public SimulatedLink link(String address, int port) {
            SimulatedLink link = new SimulatedLink(this, new InetSocketAddress(address, port));
            links.put(link.local, link);
            return link;
        }

        public List<byte[]> lost() {
            return lost;
        }
    }

    /** Of the connection ID in a record. */
    private static final int ID_OFFSET = 11;

    /** One call of send. */
    public record Sent(int length, int segmentLength) {}

    private record Datagram(InetSocketAddress source, byte[] bytes, int segmentLength) {}

    private final Network network;
    private final InetSocketAddress local;
    private final List<Socket> sockets = new ArrayList<>();
    private final ArrayDeque<Integer> sendErrors = new ArrayDeque<>();
    private final List<Sent> sent = new ArrayList<>();
    private Runnable onArrival = () -> {};
    private int receiveErrors;
    private int receiveError;

    private SimulatedLink(Network network, InetSocketAddress local) {
        this.network = network;
        this.local = local;
        sockets.add(new Socket());
    }

    /** As many sockets as there are WAN threads, a power of two. */
    public List<DatagramDevice> sockets(int count) {
        while (sockets.size() < count) {
            sockets.add(new Socket());
        }
        return List.copyOf(sockets);
    }

    /** What the kernel's edge does. */
    public void onArrival(Runnable action) {
        onArrival = action;
    }

    public void deliver(InetSocketAddress source, byte[] datagram) {
        deliver(source, datagram, 0);
    }

    /** Several datagrams in one message, as the kernel coalesces them (UDP_GRO). */
    public void deliver(InetSocketAddress source, byte[] datagrams, int segmentLength) {
        sockets.get(steer(datagrams)).toReceive.add(new Datagram(source, datagrams, segmentLength));
        onArrival.run();
    }

    /** As the kernel does it: by the first datagram of a message. */
    private int steer(byte[] datagrams) {
        boolean hasId =
                datagrams.length >= ID_OFFSET + Integer.BYTES
                        && datagrams[0] == RecordHeader.TLS12_CID;
        return hasId ? datagrams[ID_OFFSET + Integer.BYTES - 1] & sockets.size() - 1 : 0;
    }

    /** To the socket of that index, whatever stands in it. */
    public void misdeliver(int index, InetSocketAddress source, byte[] datagram) {
        sockets.get(index).toReceive.add(new Datagram(source, datagram, 0));
        onArrival.run();
    }

    /** The next sends give these error numbers, 0 = none, one each. */
    public void failSends(Integer... errors) {
        sendErrors.addAll(Arrays.asList(errors));
    }

    /** Takes back what {@link #failSends} still has to come. */
    public void stopFailing() {
        sendErrors.clear();
    }

    /** The next {@code count} receives give this error number. */
    public void failReceives(int count, int errno) {
        receiveErrors = count;
        receiveError = errno;
    }

    public List<Sent> sent() {
        return sent;
    }

    public int unreceivedCount() {
        return sockets.stream().mapToInt(socket -> socket.toReceive.size()).sum();
    }

    /** Takes back everything that waits to be received, oldest first at each socket. */
    public List<byte[]> takeUnreceived() {
        List<byte[]> datagrams = new ArrayList<>();
        for (Socket socket : sockets) {
            socket.toReceive.forEach(datagram -> datagrams.add(datagram.bytes));
            socket.toReceive.clear();
        }
        return datagrams;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(long address, int length, long endpointAddress) {
        return sockets.getFirst().receive(address, length, endpointAddress);
    }

    @Override
    public int receivedSegmentLength() {
        return sockets.getFirst().receivedSegmentLength;
    }

    @Override
    public int send(long address, int length, int segmentLength, long endpointAddress) {
        sent.add(new Sent(length, segmentLength));
        Integer error = sendErrors.poll();
        if (error != null && error != 0) {
            return -error;
        }
        SimulatedLink remote = network.links.get(EndpointAddress.decode(endpointAddress));
        int step = segmentLength == 0 ? length : segmentLength;
        for (int from = 0; from < length; from += step) {
            byte[] datagram = Sim.read(address + from, Math.min(step, length - from));
            if (remote == null) {
                network.lost.add(datagram);
            } else {
                remote.deliver(local, datagram);
            }
        }
        return length;
    }

    @Override
    public InetSocketAddress localEndpoint() {
        return local;
    }

    @Override
    public void close() {}

    /** One of the group, with what waits for it. */
    private final class Socket implements DatagramDevice {
        private final ArrayDeque<Datagram> toReceive = new ArrayDeque<>();
        private int receivedSegmentLength;

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public int receive(long address, int length, long endpointAddress) {
            if (receiveErrors > 0) {
                receiveErrors--;
                return -receiveError;
            }
            Datagram datagram = toReceive.poll();
            if (datagram == null) {
                return -Errno.EAGAIN;
            }
            Sim.write(datagram.bytes, address);
            EndpointAddress.encode(datagram.source, endpointAddress);
            receivedSegmentLength = datagram.segmentLength;
            return datagram.bytes.length;
        }

        @Override
        public int receivedSegmentLength() {
            return receivedSegmentLength;
        }

        @Override
        public int send(long address, int length, int segmentLength, long endpointAddress) {
            return SimulatedLink.this.send(address, length, segmentLength, endpointAddress);
        }

        @Override
        public InetSocketAddress localEndpoint() {
            return local;
        }

        @Override
        public void close() {}
    }
}
