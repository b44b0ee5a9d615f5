package io.spillway.tap;

import java.net.InetSocketAddress;

/**
 * Sends and receives UDP datagrams of one WAN link and address family. Never blocks.
 *
 * <p>Owned by one thread at a time. Memory at the given addresses stays the caller's. Endpoints are
 * {@link EndpointAddress}es.
 */
public interface DatagramDevice extends AutoCloseable {
    /** For the event loop; -1 when simulated. */
    int fd();

    /**
     * One datagram, or several of one sender and equal length in a row (the last may be shorter).
     * Its source is written at {@code endpointAddress}, {@link EndpointAddress#LENGTH} bytes.
     *
     * @return bytes, 0 for an empty datagram; or -errno: -EAGAIN when there is none, -EMSGSIZE when
     *     it was longer than {@code length} and is lost.
     */
    int receive(long address, int length, long endpointAddress);

    /** Of the last receive that brought something; 0 = single datagram. */
    int receivedSegmentLength();

    /**
     * Sends one datagram, or with a segment length as many datagrams of that length as the bytes
     * give, the last may be shorter.
     *
     * @param segmentLength 0 = one datagram; else at most 64 segments and 65507 bytes.
     * @return bytes; or -errno: -EAGAIN when the send buffer is full, -EMSGSIZE when a datagram
     *     exceeds the link's MTU (then nothing was sent), -EIO or -EINVAL when the link cannot
     *     segment.
     */
    int send(long address, int length, int segmentLength, long endpointAddress);

    /**
     * Sends one datagram that no router passes on after so many hops. Where no routers are, as in a
     * simulation, it is sent like any other.
     *
     * @param hops 1 = to a neighbour only
     * @return as {@link #send}
     */
    default int sendNear(int hops, long address, int length, long endpointAddress) {
        return send(address, length, 0, endpointAddress);
    }

    InetSocketAddress localEndpoint();

    @Override
    void close();
}
