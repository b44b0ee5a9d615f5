package io.spillway.crypto.record;

import java.nio.ByteBuffer;

/**
 * A connection ID as records carry it (RFC 9146 §4), 0 to 255 bytes. Immutable.
 *
 * <p>All of ours have 4 bytes, and such a one is written and compared as one number.
 */
final class ConnectionId {
    private final byte[] bytes;
    private final int length;
    private final int number;

    /** Copies the bytes. */
    ConnectionId(byte[] bytes) {
        this.bytes = bytes.clone();
        length = bytes.length;
        number = isNumber() ? ByteBuffer.wrap(bytes).getInt() : 0;
    }

    int length() {
        return length;
    }

    /** Writes it to memory that the caller has proved to be there. */
    void write(long address) {
        if (isNumber()) {
            RawMemory.putInt(address, number);
            return;
        }
        for (int i = 0; i < length; i++) {
            RawMemory.putByte(address + i, bytes[i]);
        }
    }

    /** Whether it stands in memory that the caller has proved to be there. */
    boolean isAt(long address) {
        if (isNumber()) {
            return RawMemory.getInt(address) == number;
        }
        for (int i = 0; i < length; i++) {
            if (RawMemory.getByte(address + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isNumber() {
        return length == Integer.BYTES;
    }
}
