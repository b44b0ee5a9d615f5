package io.spillway.dataplane.sim;

import io.spillway.tap.Gather;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Small things that every simulated test needs. */
public final class Sim {
    private Sim() {}

    /** The seed of this run, to be printed with every failure. */
    public static long seed() {
        return Long.getLong("spillway.seed", 20_261_121);
    }

    /** Full counts with {@code -Dspillway.long=true}. */
    public static int count(int reduced, int full) {
        return Boolean.getBoolean("spillway.long") ? full : reduced;
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] bytes(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    static byte[] read(long address, int length) {
        return bytes(new UnsafeBuffer(address, length), 0, length);
    }

    public static byte[] read(Gather frame) {
        byte[] bytes = new byte[frame.length()];
        int at = 0;
        for (int i = 0; i < frame.count(); i++) {
            int length = frame.pieceLength(i);
            new UnsafeBuffer(frame.pieceAddress(i), length).getBytes(0, bytes, at, length);
            at += length;
        }
        return bytes;
    }

    static void write(byte[] bytes, long address) {
        new UnsafeBuffer(address, bytes.length).putBytes(0, bytes);
    }

    public static byte[] behind(byte[] bytes, int offset) {
        return Arrays.copyOfRange(bytes, offset, bytes.length);
    }
}
