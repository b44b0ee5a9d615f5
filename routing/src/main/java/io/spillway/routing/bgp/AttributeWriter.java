package io.spillway.routing.bgp;

/**
 * Writes path attributes as one neighbour is to see them: our AS in front where it is of another
 * (RFC 4271 section 5), in two octets where it knows no more (RFC 6793 section 4.2.2). The next hop
 * is always ourselves. Reused.
 */
final class AttributeWriter {
    private static final int SEGMENT_MAX = 255;
    private static final int AGGREGATOR_LENGTH = 8;

    /** Attributes that we make, the AS_PATH apart, and its new segment. */
    private static final int FIXED_LENGTH = 64;

    private final NeighbourConfig config;
    private final SessionTerms terms;
    private byte[] bytes = new byte[256];
    private byte[] path = new byte[256];
    private int length;
    private int pathLength;

    AttributeWriter(NeighbourConfig config, SessionTerms terms) {
        this.config = config;
        this.terms = terms;
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * Writes all but MP_REACH_NLRI.
     *
     * @param isIpv4 with NEXT_HOP
     * @param isOwn the route begins at this site, or at another of ours
     * @return their length
     */
    int write(PathAttributes attributes, boolean isIpv4, boolean isOwn) {
        require(2 * attributes.body.length + FIXED_LENGTH);
        length = 0;
        head(AttributeType.ORIGIN, 1);
        length = Wire.put8(bytes, length, attributes.origin);
        preparePath(attributes);
        boolean isTranslated = asPath();
        if (isIpv4) {
            head(AttributeType.NEXT_HOP, Wire.IPV4_LENGTH);
            length = Wire.putAddress(bytes, length, config.nextHopIpv4());
        }
        long med = isOwn ? config.metric() : attributes.med;
        if (med != PathAttributes.ABSENT && (isOwn || !terms.isExternal())) {
            head(AttributeType.MULTI_EXIT_DISC, Wire.IPV4_LENGTH);
            length = Wire.put32(bytes, length, med);
        }
        if (!terms.isExternal()) {
            head(AttributeType.LOCAL_PREF, Wire.IPV4_LENGTH);
            length = Wire.put32(bytes, length, attributes.preference());
        }
        rest(attributes);
        if (isTranslated) {
            attribute(AttributeType.AS4_PATH, path, 0, pathLength);
        }
        return length;
    }

    private void require(int capacity) {
        if (bytes.length < capacity) {
            bytes = new byte[2 * capacity];
            path = new byte[2 * capacity];
        }
    }

    private void head(int type, int valueLength) {
        int flags = AttributeType.flags(type);
        boolean isLong = valueLength > 255;
        length = Wire.put8(bytes, length, isLong ? flags | AttributeType.EXTENDED_LENGTH : flags);
        length = Wire.put8(bytes, length, type);
        length =
                isLong
                        ? Wire.put16(bytes, length, valueLength)
                        : Wire.put8(bytes, length, valueLength);
    }

    private void attribute(int type, byte[] value, int offset, int valueLength) {
        head(type, valueLength);
        length = Wire.put(bytes, length, value, offset, valueLength);
    }

    /** RFC 4271 section 5.1.2: into the first segment, if that is a sequence with room. */
    private void preparePath(PathAttributes attributes) {
        byte[] body = attributes.body;
        int rest = 0;
        pathLength = 0;
        if (terms.isExternal()) {
            boolean isJoined =
                    attributes.asPathLength > 0
                            && Wire.u8(body, 0) == AttributeType.AS_SEQUENCE
                            && Wire.u8(body, 1) < SEGMENT_MAX;
            rest = isJoined ? 2 : 0;
            int count = isJoined ? Wire.u8(body, 1) + 1 : 1;
            pathLength = Wire.put16(path, 0, AttributeType.AS_SEQUENCE << 8 | count);
            pathLength = Wire.put32(path, pathLength, config.localAs());
        }
        pathLength = Wire.put(path, pathLength, body, rest, attributes.asPathLength - rest);
    }

    /** Whether an AS of the path had to be named otherwise. */
    private boolean asPath() {
        if (terms.asWidth() == Wire.IPV4_LENGTH) {
            attribute(AttributeType.AS_PATH, path, 0, pathLength);
            return false;
        }
        head(AttributeType.AS_PATH, shortPathLength());
        boolean isTranslated = false;
        for (int at = 0; at < pathLength; ) {
            int count = Wire.u8(path, at + 1);
            length = Wire.put(bytes, length, path, at, 2);
            for (int i = 0; i < count; i++) {
                long as = Wire.u32(path, at + 2 + 4 * i);
                isTranslated |= as > OpenMessage.TWO_OCTET_AS_MAX;
                length = Wire.put16(bytes, length, twoOctets(as));
            }
            at += 2 + 4 * count;
        }
        return isTranslated;
    }

    private int shortPathLength() {
        int shortLength = 0;
        for (int at = 0; at < pathLength; ) {
            int count = Wire.u8(path, at + 1);
            shortLength += 2 + 2 * count;
            at += 2 + 4 * count;
        }
        return shortLength;
    }

    private static int twoOctets(long as) {
        return as > OpenMessage.TWO_OCTET_AS_MAX ? OpenMessage.AS_TRANS : (int) as;
    }

    /** What passes through us as it came. */
    private void rest(PathAttributes attributes) {
        byte[] body = attributes.body;
        if (terms.asWidth() == Wire.IPV4_LENGTH) {
            int passed = body.length - attributes.asPathLength;
            length = Wire.put(bytes, length, body, attributes.asPathLength, passed);
            return;
        }
        for (int at = attributes.asPathLength; at < body.length; ) {
            boolean isLong = (Wire.u8(body, at) & AttributeType.EXTENDED_LENGTH) != 0;
            int head = isLong ? 4 : 3;
            int valueLength = isLong ? Wire.u16(body, at + 2) : Wire.u8(body, at + 2);
            if (Wire.u8(body, at + 1) == AttributeType.AGGREGATOR) {
                aggregator(body, at + head);
            } else {
                length = Wire.put(bytes, length, body, at, head + valueLength);
            }
            at += head + valueLength;
        }
    }

    private void aggregator(byte[] body, int at) {
        long as = Wire.u32(body, at);
        head(AttributeType.AGGREGATOR, AGGREGATOR_LENGTH - 2);
        length = Wire.put16(bytes, length, twoOctets(as));
        length = Wire.put(bytes, length, body, at + 4, Wire.IPV4_LENGTH);
        if (as > OpenMessage.TWO_OCTET_AS_MAX) {
            attribute(AttributeType.AS4_AGGREGATOR, body, at, AGGREGATOR_LENGTH);
        }
    }
}
