package io.spillway.dataplane.sim;

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

/** A UDP socket on a network of maps and queues, which the test may fill, look into and break. */
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

    /** One call of send. */
    public record Sent(int length, int segmentLength) {}

    private record Datagram(InetSocketAddress source, byte[] bytes, int segmentLength) {}

    private final Network network;
    private final InetSocketAddress local;
    private final ArrayDeque<Datagram> toReceive = new ArrayDeque<>();
    private final ArrayDeque<Integer> sendErrors = new ArrayDeque<>();
    private final List<Sent> sent = new ArrayList<>();
    private Runnable onArrival = () -> {};
    private int receiveErrors;
    private int receiveError;
    private int receivedSegmentLength;

    private SimulatedLink(Network network, InetSocketAddress local) {
        this.network = network;
        this.local = local;
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
        toReceive.add(new Datagram(source, datagrams, segmentLength));
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
        return toReceive.size();
    }

    /** Takes back everything that waits to be received, oldest first. */
    public List<byte[]> takeUnreceived() {
        List<byte[]> datagrams = toReceive.stream().map(Datagram::bytes).toList();
        toReceive.clear();
        return datagrams;
    }

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
}
