package io.spillway.node.lab;

import java.nio.ByteBuffer;

/**
 * A byte stream that both ends can compute: each block is the marker, then bytes that follow from
 * their position.
 */
final class TcpPattern {
    static final int BLOCK_LENGTH = 1024;
    private final Marker marker;

    TcpPattern(Marker marker) {
        this.marker = marker;
    }

    /** Fills the buffer to its limit with the stream from {@code position} on. */
    void fill(ByteBuffer buffer, long position) {
        for (long at = position; buffer.hasRemaining(); at++) {
            buffer.put(byteAt(at));
        }
    }

    /**
     * Compares what remains in the buffer with the stream from {@code position} on.
     *
     * @return the position of the first wrong byte, or -1
     */
    long firstDifference(ByteBuffer buffer, long position) {
        for (long at = position; buffer.hasRemaining(); at++) {
            if (buffer.get() != byteAt(at)) return at;
        }
        return -1;
    }

    private byte byteAt(long position) {
        int inBlock = (int) (position % BLOCK_LENGTH);
        if (inBlock < Marker.LENGTH) return marker.at(inBlock);
        return (byte) (position * 31 + position / BLOCK_LENGTH);
    }
}
