package io.spillway.node.lab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The 32 random bytes in every payload of a host; they must never be seen outside in clear. */
final class Marker {
    static final int LENGTH = 32;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private final byte[] bytes = new byte[LENGTH];
    private final long head;

    Marker(RandomGenerator random) {
        random.nextBytes(bytes);
        head = (long) LONG.get(bytes, 0);
    }

    void write(ByteBuffer buffer) {
        buffer.put(bytes);
    }

    byte at(int index) {
        return bytes[index];
    }

    /** Whether it occurs anywhere in the first {@code length} bytes. */
    boolean occursIn(byte[] packet, int length) {
        for (int at = 0; at <= length - LENGTH; at++) {
            if ((long) LONG.get(packet, at) == head
                    && Arrays.equals(packet, at, at + LENGTH, bytes, 0, LENGTH)) {
                return true;
            }
        }
        return false;
    }
}
