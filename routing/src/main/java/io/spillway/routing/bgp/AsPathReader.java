package io.spillway.routing.bgp;

import java.util.Arrays;

/**
 * Reads AS_PATHs into segments of four octets an AS, and mends those of neighbours that have two
 * only with their AS4_PATH (RFC 6793 section 4.2.3). Reused.
 *
 * <pre>
 *   type (1) | count (1) | AS * count
 * </pre>
 */
final class AsPathReader {
    private static final int CAPACITY = 256;

    private byte[] segments = new byte[CAPACITY];
    private int length;
    private boolean hasOwn;

    byte[] segments() {
        return segments;
    }

    int length() {
        return length;
    }

    /** Whether the AS asked for by {@link #read} is in the path. */
    boolean hasOwn() {
        return hasOwn;
    }

    /**
     * Whether the path is well formed. Confederations are none of ours (RFC 5065), an AS 0 is in no
     * path (RFC 7607).
     *
     * @param width octets of an AS, 2 or 4
     */
    boolean read(byte[] bytes, int offset, int end, int width, long ownAs) {
        length = 0;
        hasOwn = false;
        int at = offset;
        while (at < end) {
            if (end - at < 2) {
                return false;
            }
            int type = Wire.u8(bytes, at);
            int count = Wire.u8(bytes, at + 1);
            boolean isKnown = type == AttributeType.AS_SET || type == AttributeType.AS_SEQUENCE;
            if (!isKnown || count == 0 || count * width > end - at - 2) {
                return false;
            }
            if (!readSegment(bytes, at, count, width, ownAs)) {
                return false;
            }
            at += 2 + count * width;
        }
        return true;
    }

    private boolean readSegment(byte[] bytes, int at, int count, int width, long ownAs) {
        require(2 + 4 * count);
        Wire.put(segments, length, bytes, at, 2);
        length += 2;
        for (int i = 0; i < count; i++) {
            int from = at + 2 + i * width;
            long as = width == 2 ? Wire.u16(bytes, from) : Wire.u32(bytes, from);
            if (as == 0) {
                return false;
            }
            hasOwn |= as == ownAs;
            length = Wire.put32(segments, length, as);
        }
        return true;
    }

    /**
     * Puts the AS4_PATH in place of the end of this path, as far as it reaches; one that is longer
     * than the path is ignored.
     */
    void mend(AsPathReader as4) {
        int leading = hops(segments, length) - hops(as4.segments, as4.length);
        if (leading < 0) {
            return;
        }
        int kept = truncate(leading);
        length = kept;
        require(as4.length);
        length = Wire.put(segments, kept, as4.segments, 0, as4.length);
        hasOwn |= as4.hasOwn;
    }

    /** Cuts behind that many hops; returns the length left. */
    private int truncate(int hopsKept) {
        int left = hopsKept;
        int at = 0;
        while (left > 0) {
            int count = Wire.u8(segments, at + 1);
            if (Wire.u8(segments, at) == AttributeType.AS_SET) {
                left--;
            } else if (count > left) {
                segments[at + 1] = (byte) left;
                return at + 2 + 4 * left;
            } else {
                left -= count;
            }
            at += 2 + 4 * count;
        }
        return at;
    }

    private static int hops(byte[] segments, int length) {
        int hops = 0;
        for (int at = 0; at < length; ) {
            int count = Wire.u8(segments, at + 1);
            hops += Wire.u8(segments, at) == AttributeType.AS_SET ? 1 : count;
            at += 2 + 4 * count;
        }
        return hops;
    }

    private void require(int more) {
        if (segments.length - length < more) {
            segments = Arrays.copyOf(segments, Math.max(2 * segments.length, length + more));
        }
    }
}
