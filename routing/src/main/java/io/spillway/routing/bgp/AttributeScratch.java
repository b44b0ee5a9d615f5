package io.spillway.routing.bgp;

import java.util.Arrays;

/** Attributes while they are read or made; what {@link PathAttributes} becomes of. Reused. */
final class AttributeScratch {
    private static final int CAPACITY = 1024;

    byte[] body = new byte[CAPACITY];
    int bodyLength;
    int asPathLength;
    int origin;
    long med;
    long localPref;
    boolean isNextHopIpv4;
    long nextHopHigh;
    long nextHopLow;
    int hops;
    long neighbourAs;
    boolean isNotExported;
    boolean isNotAdvertised;
    boolean isFromSite;

    void reset() {
        bodyLength = 0;
        asPathLength = 0;
        origin = AttributeType.ORIGIN_IGP;
        med = PathAttributes.ABSENT;
        localPref = PathAttributes.ABSENT;
        isNextHopIpv4 = true;
        nextHopHigh = 0;
        nextHopLow = 0;
        hops = 0;
        neighbourAs = 0;
        isNotExported = false;
        isNotAdvertised = false;
        isFromSite = false;
    }

    void nextHop(boolean isIpv4, long high, long low) {
        isNextHopIpv4 = isIpv4;
        nextHopHigh = high;
        nextHopLow = low;
    }

    /** Puts the path in front of what the body holds already; segments of four octets an AS. */
    void asPath(byte[] segments, int length) {
        require(length);
        System.arraycopy(body, 0, body, length, bodyLength);
        System.arraycopy(segments, 0, body, 0, length);
        bodyLength += length;
        asPathLength = length;
        describePath();
    }

    private void describePath() {
        for (int at = 0; at < asPathLength; ) {
            boolean isSequence = Wire.u8(body, at) == AttributeType.AS_SEQUENCE;
            int count = Wire.u8(body, at + 1);
            if (at == 0 && isSequence) {
                neighbourAs = Wire.u32(body, at + 2);
            }
            hops += isSequence ? count : 1;
            at += 2 + 4 * count;
        }
    }

    /** Appends an attribute, header included. */
    void pass(int flags, int type, byte[] value, int offset, int length) {
        require(length + 4);
        boolean isLong = length > 255;
        int extended = isLong ? AttributeType.EXTENDED_LENGTH : 0;
        int at = Wire.put8(body, bodyLength, flags & ~AttributeType.EXTENDED_LENGTH | extended);
        at = Wire.put8(body, at, type);
        at = isLong ? Wire.put16(body, at, length) : Wire.put8(body, at, length);
        bodyLength = Wire.put(body, at, value, offset, length);
    }

    private void require(int length) {
        if (body.length - bodyLength < length) {
            body = Arrays.copyOf(body, Math.max(2 * body.length, bodyLength + length));
        }
    }

    int hash() {
        long hash = nextHopHigh * 31 + nextHopLow;
        hash = (hash * 31 + med) * 31 + localPref;
        hash = hash * 31 + origin * 4L + asPathLength;
        for (int i = 0; i < bodyLength; i++) {
            hash = hash * 0x9E37_79B9_7F4A_7C15L + body[i];
        }
        hash ^= hash >>> 29;
        hash *= 0xBF58_476D_1CE4_E5B9L;
        return (int) (hash >>> 32);
    }
}
