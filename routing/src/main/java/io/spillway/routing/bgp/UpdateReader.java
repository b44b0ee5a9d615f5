package io.spillway.routing.bgp;

/**
 * Reads UPDATE messages (RFC 4271 section 4.3, RFC 4760) and tells a {@link Sink} their routes.
 *
 * <pre>
 *   length (2) | withdrawn | length (2) | path attributes | NLRI, up to the end
 * </pre>
 *
 * <p>What RFC 7606 lets pass is counted by {@link NeighbourCounters}; what it does not, is thrown.
 */
final class UpdateReader {
    /** Takes routes. Bits behind a prefix's length are zero. */
    interface Sink {
        void announce(boolean isIpv4, long high, long low, int length, PathAttributes attributes);

        void withdraw(boolean isIpv4, long high, long low, int length);

        /** The neighbour has told all it knew at first (RFC 4724). */
        void endOfRib(boolean isIpv4);
    }

    private static final int REACH_LENGTH_MIN = 5;
    private static final int UNREACH_LENGTH_MIN = 3;

    private final AttributeReader attributes = new AttributeReader();
    private final AttributeTable table;
    private final NeighbourCounters counters;
    private final Sink sink;
    private SessionTerms terms;

    UpdateReader(AttributeTable table, NeighbourCounters counters, Sink sink) {
        this.table = table;
        this.counters = counters;
        this.sink = sink;
    }

    /** The body of at least four bytes. */
    void read(byte[] bytes, int offset, int end, SessionTerms sessionTerms) throws BgpException {
        terms = sessionTerms;
        int withdrawnEnd = offset + 2 + Wire.u16(bytes, offset);
        require(withdrawnEnd + 2 <= end);
        int attributesAt = withdrawnEnd + 2;
        int attributesEnd = attributesAt + Wire.u16(bytes, withdrawnEnd);
        require(attributesEnd <= end);
        boolean isEmpty = withdrawnEnd == offset + 2 && attributesEnd == attributesAt;
        if (isEmpty && attributesEnd == end) {
            sink.endOfRib(true);
            return;
        }
        attributes.read(bytes, attributesAt, attributesEnd, terms);
        boolean hasRoutes = attributesEnd < end || attributes.reachAt() >= 0;
        if (attributes.isWithdraw() && !hasRoutes) {
            require(attributes.count() == 0 && attributes.unreachAt() >= 0); // RFC 7606 5.2
        }
        counters.attributesDiscarded += attributes.discarded();
        boolean isWithdraw = hasRoutes && isWithdraw(attributesEnd < end);
        counters.treatedAsWithdrawn += isWithdraw ? 1 : 0;
        prefixes(bytes, offset + 2, withdrawnEnd, true, null);
        unreach(bytes, withdrawnEnd == offset + 2 && !hasRoutes);
        if (attributesEnd < end) {
            routes(bytes, attributesEnd, end, true, isWithdraw); // by NEXT_HOP
        }
        reach(bytes, isWithdraw); // by its own next hop, which takes the place of that
    }

    private boolean isWithdraw(boolean hasIpv4) {
        boolean isComplete =
                attributes.has(AttributeType.ORIGIN)
                        && attributes.has(AttributeType.AS_PATH)
                        && (attributes.has(AttributeType.NEXT_HOP) || !hasIpv4)
                        && (attributes.has(AttributeType.LOCAL_PREF) || terms.isExternal());
        boolean isForeign =
                terms.isExternal() && attributes.scratch().neighbourAs != terms.peerAs();
        return attributes.isWithdraw() || !isComplete || isForeign;
    }

    private void unreach(byte[] bytes, boolean isAlone) throws BgpException {
        int at = attributes.unreachAt();
        if (at < 0) {
            return;
        }
        int end = attributes.unreachEnd();
        if (end - at < UNREACH_LENGTH_MIN) {
            throw malformed();
        }
        int family = family(bytes, at);
        if (family == 0) {
            return;
        }
        boolean isIpv4 = family == Capabilities.AFI_IPV4;
        if (end - at == UNREACH_LENGTH_MIN && isAlone && attributes.count() == 0) {
            sink.endOfRib(isIpv4);
        }
        prefixes(bytes, at + UNREACH_LENGTH_MIN, end, isIpv4, null);
    }

    private void reach(byte[] bytes, boolean isWithdraw) throws BgpException {
        int at = attributes.reachAt();
        if (at < 0) {
            return;
        }
        int end = attributes.reachEnd();
        int hopLength = end - at < REACH_LENGTH_MIN ? 0 : Wire.u8(bytes, at + 3);
        if (end - at < REACH_LENGTH_MIN + hopLength) {
            throw malformed();
        }
        int family = family(bytes, at);
        if (family == 0) {
            return;
        }
        boolean isIpv4 = family == Capabilities.AFI_IPV4;
        int hop = at + 4;
        if (isIpv4 && hopLength == Wire.IPV4_LENGTH) {
            attributes.scratch().nextHop(true, (long) Wire.i32(bytes, hop) << 32, 0);
        } else if (!isIpv4
                && (hopLength == Wire.IPV6_LENGTH || hopLength == 2 * Wire.IPV6_LENGTH)) {
            attributes.scratch().nextHop(false, Wire.i64(bytes, hop), Wire.i64(bytes, hop + 8));
        } else {
            throw malformed();
        }
        routes(bytes, hop + hopLength + 1, end, isIpv4, isWithdraw);
    }

    /** A unicast family of this session's; 0: another, which is not for us to read. */
    private int family(byte[] bytes, int at) {
        int family = Wire.u16(bytes, at);
        boolean isUnicast = Wire.u8(bytes, at + 2) == Capabilities.SAFI_UNICAST;
        boolean isOurs =
                family == Capabilities.AFI_IPV4 && terms.hasIpv4()
                        || family == Capabilities.AFI_IPV6 && terms.hasIpv6();
        return isUnicast && isOurs ? family : 0;
    }

    private void routes(byte[] bytes, int at, int end, boolean isIpv4, boolean isWithdraw)
            throws BgpException {
        if (isWithdraw || attributes.isLoop() || attributes.scratch().isFromSite) {
            counters.loops += !isWithdraw && attributes.isLoop() ? 1 : 0;
            counters.fromSites += !isWithdraw && !attributes.isLoop() ? 1 : 0;
            prefixes(bytes, at, end, isIpv4, null);
            return;
        }
        PathAttributes set = table.intern(attributes.scratch());
        counters.withoutRoom += set == null ? 1 : 0;
        try {
            prefixes(bytes, at, end, isIpv4, set);
        } finally {
            if (set != null) {
                table.forgetUnused(set);
            }
        }
    }

    /** Without a set the prefixes are withdrawn. */
    private void prefixes(byte[] bytes, int offset, int end, boolean isIpv4, PathAttributes set)
            throws BgpException {
        int at = offset;
        while (at < end) {
            int length = Wire.u8(bytes, at);
            int size = Wire.prefixLength(length);
            boolean isRight =
                    length <= 8 * (isIpv4 ? Wire.IPV4_LENGTH : Wire.IPV6_LENGTH)
                            && size <= end - at;
            if (!isRight) {
                throw new BgpException(Notification.UPDATE, Notification.INVALID_NETWORK);
            }
            long high = word(bytes, at + 1, Math.min(length, Long.SIZE));
            long low = length > Long.SIZE ? word(bytes, at + 9, length - Long.SIZE) : 0;
            if (set == null) {
                sink.withdraw(isIpv4, high, low, length);
            } else {
                sink.announce(isIpv4, high, low, length, set);
            }
            at += size;
        }
    }

    /** The first bits of up to eight bytes, left-aligned. */
    private static long word(byte[] bytes, int at, int bits) {
        long word = 0;
        for (int i = 0; i < bits; i += Byte.SIZE) {
            word |= (bytes[at + (i >> 3)] & 0xFFL) << 56 - i;
        }
        return bits == 0 ? 0 : word & -1L << Long.SIZE - bits;
    }

    private static void require(boolean isRight) throws BgpException {
        if (!isRight) {
            throw new BgpException(Notification.UPDATE, Notification.MALFORMED_ATTRIBUTES);
        }
    }

    private static BgpException malformed() {
        return new BgpException(Notification.UPDATE, Notification.OPTIONAL_ATTRIBUTE);
    }
}
