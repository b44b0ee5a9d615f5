package io.spillway.crypto.handshake;

import java.nio.ByteBuffer;
import java.util.List;

/** Header of a record as a capture would show it; one record a datagram. */
record WireRecord(int type, int epoch, long sequence, byte[] datagram) {
    static final int HANDSHAKE = 22;
    static final int CONNECTION_ID = 25;

    static WireRecord of(byte[] datagram) {
        ByteBuffer buffer = ByteBuffer.wrap(datagram);
        long epochAndSequence = buffer.getLong(3);
        return new WireRecord(
                buffer.get(0) & 0xFF,
                (int) (epochAndSequence >>> 48),
                epochAndSequence & 0xFFFFFFFFFFFFL,
                datagram);
    }

    static List<WireRecord> sealedIn(List<byte[]> datagrams) {
        return datagrams.stream()
                .map(WireRecord::of)
                .filter(header -> header.epoch() == 1)
                .toList();
    }

    byte[] connectionId() {
        return java.util.Arrays.copyOfRange(datagram, 11, 15);
    }
}
