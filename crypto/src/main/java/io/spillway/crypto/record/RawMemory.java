package io.spillway.crypto.record;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Off-heap memory by address, where the caller has proved the bounds of a whole record at once, not
 * those of each field. Numbers are big-endian.
 */
final class RawMemory {
    private static final boolean IS_BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

    private RawMemory() {}

    static byte getByte(long address) {
        return UnsafeApi.getByte(address);
    }

    static short getShort(long address) {
        return bigEndian(UnsafeApi.getShort(address));
    }

    static int getInt(long address) {
        return bigEndian(UnsafeApi.getInt(address));
    }

    static long getLong(long address) {
        return bigEndian(UnsafeApi.getLong(address));
    }

    /** In the machine's order: for bytes that are only compared. */
    static long getBytes(long address) {
        return UnsafeApi.getLong(address);
    }

    static void putByte(long address, byte value) {
        UnsafeApi.putByte(address, value);
    }

    static void putShort(long address, short value) {
        UnsafeApi.putShort(address, bigEndian(value));
    }

    static void putInt(long address, int value) {
        UnsafeApi.putInt(address, bigEndian(value));
    }

    static void putLong(long address, long value) {
        UnsafeApi.putLong(address, bigEndian(value));
    }

    private static short bigEndian(short value) {
        return IS_BIG_ENDIAN ? value : Short.reverseBytes(value);
    }

    private static int bigEndian(int value) {
        return IS_BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static long bigEndian(long value) {
        return IS_BIG_ENDIAN ? value : Long.reverseBytes(value);
    }
}
