package io.spillway.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Plain loads and stores at raw addresses, as the kernel's structures need them. Native byte order
 * unless the name says network order. Nothing is checked: the address must be memory the caller
 * owns.
 */
final class Memory {
    private static final MemorySegment ALL = everything();
    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Memory() {}

    static byte getByte(long address) {
        return ALL.get(JAVA_BYTE, address);
    }

    static void putByte(long address, byte value) {
        ALL.set(JAVA_BYTE, address, value);
    }

    static int getUnsignedShort(long address) {
        return ALL.get(JAVA_SHORT_UNALIGNED, address) & 0xFFFF;
    }

    static void putShort(long address, int value) {
        ALL.set(JAVA_SHORT_UNALIGNED, address, (short) value);
    }

    static int getNetworkShort(long address) {
        return ALL.get(NETWORK_SHORT, address) & 0xFFFF;
    }

    static void putNetworkShort(long address, int value) {
        ALL.set(NETWORK_SHORT, address, (short) value);
    }

    static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    static void putInt(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, value);
    }

    static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    static void putLong(long address, long value) {
        ALL.set(JAVA_LONG_UNALIGNED, address, value);
    }

    static void getBytes(long address, byte[] destination) {
        MemorySegment.copy(ALL, JAVA_BYTE, address, destination, 0, destination.length);
    }

    static void putBytes(long address, byte[] source) {
        MemorySegment.copy(source, 0, ALL, JAVA_BYTE, address, source.length);
    }

    static void clear(long address, long length) {
        ALL.asSlice(address, length).fill((byte) 0);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
