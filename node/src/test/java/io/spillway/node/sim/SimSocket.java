package io.spillway.node.sim;

import io.spillway.tap.DatagramDevice;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A UDP socket of the simulated network. Its receive queue is bounded as a kernel's is. */
public final class SimSocket implements DatagramDevice {
    private static final int QUEUE_MAX = 4096;

    private record Arrived(InetSocketAddress from, byte[] bytes) {}

    private final SimNetwork network;
    private final InetSocketAddress local;
    private final ArrayDeque<Arrived> queue = new ArrayDeque<>();
    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private final Map<Long, InetSocketAddress> decoded = new HashMap<>();
    private int sendError;

    SimSocket(SimNetwork network, InetSocketAddress local) {
        this.network = network;
        this.local = local;
    }

    void arrive(InetSocketAddress from, byte[] bytes) {
        if (queue.size() < QUEUE_MAX) {
            queue.add(new Arrived(from, bytes));
        }
    }

    /** Every send fails so from now on; 0 = none does. */
    void failSends(int errno) {
        sendError = errno;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(long address, int length, long endpointAddress) {
        Arrived next = queue.poll();
        if (next == null) {
            return -Errno.EAGAIN;
        }
        if (next.bytes().length > length) {
            return -Errno.EMSGSIZE;
        }
        memory.wrap(address, length);
        memory.putBytes(0, next.bytes());
        EndpointAddress.encode(next.from(), endpointAddress);
        return next.bytes().length;
    }

    @Override
    public int receivedSegmentLength() {
        return 0;
    }

    @Override
    public int send(long address, int length, int segmentLength, long endpointAddress) {
        if (sendError != 0) {
            return -sendError;
        }
        InetSocketAddress to = decode(endpointAddress);
        int step = segmentLength == 0 ? Math.max(1, length) : segmentLength;
        for (int at = 0; at < length || at == 0; at += step) {
            byte[] bytes = new byte[Math.min(step, length - at)];
            memory.wrap(address + at, bytes.length);
            memory.getBytes(0, bytes);
            network.send(local, to, bytes);
        }
        return length;
    }

    @Override
    public InetSocketAddress localEndpoint() {
        return local;
    }

    @Override
    public void close() {
        queue.clear();
        network.closed(this);
    }

    private InetSocketAddress decode(long endpointAddress) {
        memory.wrap(endpointAddress, EndpointAddress.LENGTH);
        return decoded.computeIfAbsent(
                memory.getLong(0), _ -> EndpointAddress.decode(endpointAddress));
    }
}
