package io.spillway.crypto.handshake;

/**
 * Looks at a datagram before Bouncy Castle does. It allocates the length that the first fragment of
 * a handshake message announces, up to 16 MiB, and does so for 16 messages ahead: a few forged
 * datagrams would cost a handshake 256 MiB. No message of ours is longer than a certificate chain.
 *
 * <pre>
 * record (RFC 6347, 4.1):     type 1 | version 2 | epoch 2 | sequence 6 | length 2 | content
 * handshake message (4.2.2):  type 1 | length 3 | sequence 2 | fragment offset 3, length 3 | ...
 * </pre>
 */
final class FlightGuard {
    static final int MESSAGE_LENGTH_MAX = 16 * 1024;

    private static final int RECORD_HEADER_LENGTH = 13;
    private static final int EPOCH_OFFSET = 3;
    private static final int LENGTH_OFFSET = 11;
    private static final int HANDSHAKE = 22;

    private static final int MESSAGE_HEADER_LENGTH = 12;
    private static final int MESSAGE_LENGTH_OFFSET = 1;
    private static final int FRAGMENT_LENGTH_OFFSET = 9;

    private FlightGuard() {}

    /**
     * Whether every record in the datagram is whole, and every unprotected handshake message of a
     * bearable length. Records of other epochs are sealed, so that they cannot be forged; the rest
     * of a datagram behind one is not looked at, as its header may contain a connection ID.
     */
    static boolean admits(byte[] datagram) {
        if (datagram.length < RECORD_HEADER_LENGTH
                || datagram.length > DatagramQueue.DATAGRAM_LENGTH_MAX) {
            return false;
        }
        int offset = 0;
        while (offset < datagram.length) {
            int content = offset + RECORD_HEADER_LENGTH;
            if (content > datagram.length) {
                return false;
            }
            if (uint(datagram, offset + EPOCH_OFFSET, 2) != 0) {
                return true;
            }
            int end = content + uint(datagram, offset + LENGTH_OFFSET, 2);
            boolean isHandshake = datagram[offset] == HANDSHAKE;
            if (end > datagram.length || isHandshake && !admitsMessages(datagram, content, end)) {
                return false;
            }
            offset = end;
        }
        return true;
    }

    private static boolean admitsMessages(byte[] datagram, int start, int end) {
        int offset = start;
        while (offset + MESSAGE_HEADER_LENGTH <= end) {
            if (uint(datagram, offset + MESSAGE_LENGTH_OFFSET, 3) > MESSAGE_LENGTH_MAX) {
                return false;
            }
            int fragmentLength = uint(datagram, offset + FRAGMENT_LENGTH_OFFSET, 3);
            offset += MESSAGE_HEADER_LENGTH + fragmentLength;
        }
        return true;
    }

    private static int uint(byte[] bytes, int offset, int length) {
        int value = 0;
        for (int i = 0; i < length; i++) {
            value = value << Byte.SIZE | bytes[offset + i] & 0xFF;
        }
        return value;
    }
}
