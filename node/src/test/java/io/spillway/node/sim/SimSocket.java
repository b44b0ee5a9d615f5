package io.spillway.node.sim;

import io.spillway.crypto.record.RecordHeader;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A UDP socket of the simulated network, or a group of them that is steered by the connection ID.
 * Their receive queues are bounded as a kernel's are.
 */
public final class SimSocket {
    private static final int QUEUE_MAX = 4096;
    private static final int IPV4_UDP_LENGTH = 20 + 8;

    private record Arrived(InetSocketAddress from, byte[] bytes) {}

    private final SimNetwork network;
    private final InetSocketAddress local;
    private final List<Device> devices = new ArrayList<>();
    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private final Map<Long, InetSocketAddress> decoded = new HashMap<>();
    private int sendError;
    private int linkMtu = 65_535;

    SimSocket(SimNetwork network, InetSocketAddress local) {
        this.network = network;
        this.local = local;
    }

    /** One for each WAN thread; a power of two. Once, before the first datagram. */
    List<DatagramDevice> devices(int count) {
        while (devices.size() < count) {
            devices.add(new Device());
        }
        return List.copyOf(devices);
    }

    void arrive(InetSocketAddress from, byte[] bytes) {
        ArrayDeque<Arrived> queue = devices.get(steer(bytes)).queue;
        if (queue.size() < QUEUE_MAX) {
            queue.add(new Arrived(from, bytes));
        }
    }

    private int steer(byte[] bytes) {
        int last = RecordHeader.CONNECTION_ID_OFFSET + Integer.BYTES - 1;
        boolean hasId = bytes.length > last && bytes[0] == RecordHeader.TLS12_CID;
        return hasId ? bytes[last] & devices.size() - 1 : 0;
    }

    /** Every send fails so from now on; 0 = none does. */
    void failSends(int errno) {
        sendError = errno;
    }

    /** What the link takes; a send of more fails whole, as the kernel's does. */
    void linkMtu(int bytes) {
        linkMtu = bytes;
    }

    void close() {
        devices.forEach(device -> device.queue.clear());
        network.closed(this);
    }

    InetSocketAddress localEndpoint() {
        return local;
    }

    private InetSocketAddress decode(long endpointAddress) {
        memory.wrap(endpointAddress, EndpointAddress.LENGTH);
        return decoded.computeIfAbsent(
                memory.getLong(0), _ -> EndpointAddress.decode(endpointAddress));
    }

    /** One of the group, with what waits for it. */
    private final class Device implements DatagramDevice {
        private final ArrayDeque<Arrived> queue = new ArrayDeque<>();

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
            if (Math.min(step, length) + IPV4_UDP_LENGTH > linkMtu) {
                return -Errno.EMSGSIZE;
            }
            for (int at = 0; at < length || at == 0; at += step) {
                byte[] bytes = new byte[Math.min(step, length - at)];
                memory.wrap(address + at, bytes.length);
                memory.getBytes(0, bytes);
                network.send(local, to, bytes);
            }
            return length;
        }

        /** Out of the NAT, if there is one, and no further. */
        @Override
        public int sendNear(int hops, long address, int length, long endpointAddress) {
            network.sendNear(local, decode(endpointAddress));
            return length;
        }

        @Override
        public InetSocketAddress localEndpoint() {
            return local;
        }

        @Override
        public void close() {
            queue.clear();
        }
    }
}
