package io.spillway.dataplane.buffer;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sealed datagrams of one tunnel, side by side, as one {@code sendmsg} with UDP_SEGMENT takes them:
 * all of one length but a shorter last.
 *
 * <pre>
 *   | datagram (segmentLength) | datagram (segmentLength) | ... | last (&lt;= segmentLength) |
 * </pre>
 *
 * <p>Owned by a WAN agent.
 */
public final class DatagramBatch {
    /** The kernel's UDP_MAX_SEGMENTS on every version we run on. */
    public static final int DATAGRAMS_MAX = 64;

    /** Largest UDP payload over IPv4. */
    public static final int LENGTH_MAX = 65_507;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final long[] captureIds = new long[DATAGRAMS_MAX];
    private int link;
    private long endpointAddress;
    private int count;
    private int length;
    private int segmentLength;
    private boolean isClosed;

    /** Starts an empty batch towards one endpoint. */
    public void start(int linkIndex, long remoteEndpointAddress) {
        link = linkIndex;
        endpointAddress = remoteEndpointAddress;
        count = 0;
        length = 0;
        segmentLength = 0;
        isClosed = false;
    }

    /**
     * Whether a datagram of {@code datagramLength} bytes may follow; it then goes to {@link
     * #nextOffset()}.
     */
    public boolean hasRoom(int datagramLength) {
        return count == 0
                || (!isClosed
                        && datagramLength <= segmentLength
                        && length + datagramLength <= LENGTH_MAX
                        && count < DATAGRAMS_MAX);
    }

    /** Index in {@link #memory()} where the next datagram is written. */
    public int nextOffset() {
        return length;
    }

    /** The datagram at {@link #nextOffset()} is complete; no packet is in it. */
    public void append(int datagramLength) {
        append(datagramLength, 0);
    }

    /** As above, with the {@link PacketBuffer#captureId} of the packet in it. */
    public void append(int datagramLength, long captureId) {
        assert hasRoom(datagramLength);
        captureIds[count] = captureId;
        if (count == 0) {
            segmentLength = datagramLength;
        }
        isClosed = datagramLength < segmentLength;
        length += datagramLength;
        count++;
    }

    /** Nothing may follow the last one: it goes alone, or ends the message. */
    public void close() {
        isClosed = true;
    }

    public UnsafeBuffer memory() {
        return memory;
    }

    public int link() {
        return link;
    }

    public long endpointAddress() {
        return endpointAddress;
    }

    public int count() {
        return count;
    }

    /** Bytes of all datagrams. */
    public int length() {
        return length;
    }

    /** Bytes of one datagram. */
    int length(int index) {
        return Math.min(segmentLength, length - index * segmentLength);
    }

    /** {@link PacketBuffer#captureId} of the packet in one datagram; 0: it has none. */
    long captureId(int index) {
        return captureIds[index];
    }

    /** Bytes of each datagram but the last. */
    public int segmentLength() {
        return segmentLength;
    }
}
