package io.spillway.crypto.handshake;

/**
 * Offsets in unprotected records and handshake messages, as they lie in a datagram.
 *
 * <pre>
 * record (RFC 6347, 4.1):     type 1 | version 2 | epoch 2 | sequence 6 | length 2 | content
 * handshake message (4.2.2):  type 1 | length 3 | sequence 2 | fragment offset 3, length 3 | ...
 * </pre>
 */
final class RecordBytes {
    static final int HEADER_LENGTH = 13;
    static final int VERSION_OFFSET = 1;
    static final int EPOCH_OFFSET = 3;
    static final int LENGTH_OFFSET = 11;

    static final int MESSAGE_HEADER_LENGTH = 12;
    static final int MESSAGE_LENGTH_OFFSET = 1;
    static final int FRAGMENT_OFFSET_OFFSET = 6;
    static final int FRAGMENT_LENGTH_OFFSET = 9;

    private RecordBytes() {}

    static int uint16(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 8 | bytes[offset + 1] & 0xFF;
    }

    static int uint24(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 16 | uint16(bytes, offset + 1);
    }
}
