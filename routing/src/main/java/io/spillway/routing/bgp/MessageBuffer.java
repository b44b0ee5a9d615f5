package io.spillway.routing.bgp;

import java.util.Arrays;

/** Messages on their way out. Reused. */
final class MessageBuffer {
    private static final int CAPACITY = 16_384;

    private byte[] bytes = new byte[CAPACITY];
    private int length;

    /** Room for that much behind what is there; the array may be another afterwards. */
    byte[] require(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        return bytes;
    }

    int length() {
        return length;
    }

    void length(int newLength) {
        length = newLength;
    }

    /** All of it; empty afterwards. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, length);
        length = 0;
        return taken;
    }
}
