package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;

/** Numbers of a message, most significant byte first. Callers have checked the lengths. */
final class Wire {
    static final int IPV4_LENGTH = 4;
    static final int IPV6_LENGTH = 16;

    private Wire() {}

    static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xFF;
    }

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    static int i32(byte[] bytes, int at) {
        return u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    static long u32(byte[] bytes, int at) {
        return i32(bytes, at) & 0xFFFF_FFFFL;
    }

    static long i64(byte[] bytes, int at) {
        return (long) i32(bytes, at) << 32 | u32(bytes, at + 4);
    }

    static int put8(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return at + 1;
    }

    static int put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
        return at + 2;
    }

    static int put32(byte[] bytes, int at, long value) {
        put16(bytes, at, (int) (value >>> 16));
        return put16(bytes, at + 2, (int) value);
    }

    static int put64(byte[] bytes, int at, long value) {
        put32(bytes, at, value >>> 32);
        return put32(bytes, at + 4, value);
    }

    static int put(byte[] bytes, int at, byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, at, length);
        return at + length;
    }

    static int putAddress(byte[] bytes, int at, IpAddress address) {
        return address.isIpv4()
                ? put32(bytes, at, address.toIpv4())
                : put64(bytes, put64(bytes, at, address.high()), address.low());
    }

    /** Length byte and as many address bytes as it needs (RFC 4271 section 4.3). */
    static int putPrefix(byte[] bytes, int at, long high, long low, int length) {
        int end = at + prefixLength(length);
        bytes[at] = (byte) length;
        for (int i = at + 1; i < end; i++) {
            int shift = 56 - 8 * ((i - at - 1) & 7);
            bytes[i] = (byte) ((i - at - 1 < 8 ? high : low) >>> shift);
        }
        return end;
    }

    /** Of a prefix on the wire, with its length byte. */
    static int prefixLength(int length) {
        return 1 + (length + 7 >> 3);
    }
}
