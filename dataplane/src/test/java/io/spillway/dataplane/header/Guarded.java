package io.spillway.dataplane.header;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Test buffers that show reads outside [offset, offset + length): behind the end Agrona's bounds
 * check throws; before the offset stands other noise in every copy, so that results would differ.
 */
public final class Guarded {
    private final SplittableRandom noise;

    public Guarded(long seed) {
        noise = new SplittableRandom(seed);
    }

    /** The bytes at {@code offset}, ending with the buffer, noise in front. */
    public UnsafeBuffer of(byte[] bytes, int offset) {
        byte[] all = new byte[offset + bytes.length];
        noise.nextBytes(all);
        System.arraycopy(bytes, 0, all, offset, bytes.length);
        return new UnsafeBuffer(all);
    }

    /** Room for {@code length} bytes, filled with noise. */
    public UnsafeBuffer room(int length) {
        return of(new byte[0], length);
    }

    public static byte[] bytes(UnsafeBuffer buffer, int offset, int length) {
        return Arrays.copyOfRange(buffer.byteArray(), offset, offset + length);
    }

    /** Full counts with {@code -Dspillway.long=true}. */
    public static int count(int reduced, int full) {
        return Boolean.getBoolean("spillway.long") ? full : reduced;
    }
}
