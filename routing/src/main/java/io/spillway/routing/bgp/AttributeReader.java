package io.spillway.routing.bgp;

import java.util.Arrays;

/**
 * Reads the path attributes of an UPDATE, with the error handling of RFC 7606: a fault makes the
 * message's routes withdrawn or costs an attribute; only what leaves the routes unknown ends the
 * session. Reused.
 */
final class AttributeReader {
    private static final int AGGREGATOR_AS2_LENGTH = 6;
    private static final int AGGREGATOR_AS4_LENGTH = 8;
    private static final int HEADER_LENGTH = 3;
    private static final int TYPES = 256;

    private final AttributeScratch scratch = new AttributeScratch();
    private final AsPathReader path = new AsPathReader();
    private final AsPathReader path4 = new AsPathReader();
    private final boolean[] seen = new boolean[TYPES];
    private final byte[] aggregator = new byte[AGGREGATOR_AS4_LENGTH];

    private SessionTerms terms;
    private boolean isWithdraw;
    private int discarded;
    private int count;
    private boolean isAggregatorTranslated;
    private int aggregatorFlags;
    private int reachAt;
    private int reachEnd;
    private int unreachAt;
    private int unreachEnd;

    /**
     * Reads attributes that fill their field.
     *
     * @throws BgpException where nothing less than the end of the session will do
     */
    void read(byte[] bytes, int offset, int end, SessionTerms sessionTerms) throws BgpException {
        begin(sessionTerms);
        int at = offset;
        while (at < end) {
            int flags = Wire.u8(bytes, at);
            boolean isExtended = (flags & AttributeType.EXTENDED_LENGTH) != 0;
            int head = isExtended ? HEADER_LENGTH + 1 : HEADER_LENGTH;
            int length =
                    end - at < head
                            ? -1
                            : isExtended ? Wire.u16(bytes, at + 2) : Wire.u8(bytes, at + 2);
            if (length < 0 || length > end - at - head) {
                isWithdraw = true; // RFC 7606 section 4
                break;
            }
            one(bytes, at + head, length, flags, Wire.u8(bytes, at + 1));
            at += head + length;
        }
        finish();
    }

    private void begin(SessionTerms sessionTerms) {
        terms = sessionTerms;
        scratch.reset();
        Arrays.fill(seen, false);
        isWithdraw = false;
        discarded = 0;
        count = 0;
        isAggregatorTranslated = false;
        aggregatorFlags = 0;
        reachAt = -1;
        unreachAt = -1;
        path.read(aggregator, 0, 0, 2, 0);
        path4.read(aggregator, 0, 0, 2, 0);
    }

    private void one(byte[] bytes, int at, int length, int flags, int type) throws BgpException {
        count += type == AttributeType.MP_UNREACH_NLRI ? 0 : 1;
        if (seen[type]) {
            repeated(type);
            return;
        }
        seen[type] = true;
        int expected = AttributeType.flags(type);
        if (expected < 0) {
            unknown(bytes, at, length, flags, type);
            return;
        }
        int mask = AttributeType.OPTIONAL | AttributeType.TRANSITIVE;
        if ((flags & mask) != expected) {
            isWithdraw = true; // RFC 7606 section 3 c; where its routes are, is read nevertheless
        }
        known(bytes, at, length, flags, type);
    }

    private void repeated(int type) throws BgpException {
        if (type == AttributeType.MP_REACH_NLRI || type == AttributeType.MP_UNREACH_NLRI) {
            throw new BgpException(Notification.UPDATE, Notification.MALFORMED_ATTRIBUTES);
        }
        discarded++;
    }

    private void unknown(byte[] bytes, int at, int length, int flags, int type)
            throws BgpException {
        if ((flags & AttributeType.OPTIONAL) == 0) {
            throw new BgpException(Notification.UPDATE, Notification.UNRECOGNIZED_WELL_KNOWN);
        }
        if ((flags & AttributeType.TRANSITIVE) != 0) {
            scratch.pass(flags | AttributeType.PARTIAL, type, bytes, at, length);
        }
    }

    private void known(byte[] bytes, int at, int length, int flags, int type) throws BgpException {
        switch (type) {
            case AttributeType.ORIGIN -> {
                boolean isRight =
                        length == 1 && Wire.u8(bytes, at) <= AttributeType.ORIGIN_INCOMPLETE;
                scratch.origin = isRight ? Wire.u8(bytes, at) : 0;
                isWithdraw |= !isRight;
            }
            case AttributeType.AS_PATH ->
                    isWithdraw |=
                            !path.read(bytes, at, at + length, terms.asWidth(), terms.localAs());
            case AttributeType.NEXT_HOP -> nextHop(bytes, at, length);
            case AttributeType.MULTI_EXIT_DISC -> {
                isWithdraw |= length != Wire.IPV4_LENGTH;
                scratch.med = length == Wire.IPV4_LENGTH ? Wire.u32(bytes, at) : 0;
            }
            case AttributeType.LOCAL_PREF -> localPref(bytes, at, length);
            case AttributeType.ATOMIC_AGGREGATE ->
                    passIf(length == 0, bytes, at, length, flags, type);
            case AttributeType.AGGREGATOR -> aggregator(bytes, at, length, flags);
            case AttributeType.AS4_AGGREGATOR -> aggregator4(bytes, at, length);
            case AttributeType.AS4_PATH -> {
                boolean isUsed =
                        terms.asWidth() == 2
                                && path4.read(bytes, at, at + length, 4, terms.localAs());
                if (!isUsed) {
                    path4.read(bytes, at, at, 4, 0);
                    discarded++;
                }
            }
            case AttributeType.ORIGINATOR_ID, AttributeType.CLUSTER_LIST ->
                    reflected(length, type == AttributeType.CLUSTER_LIST);
            case AttributeType.MP_REACH_NLRI -> {
                reachAt = at;
                reachEnd = at + length;
            }
            case AttributeType.MP_UNREACH_NLRI -> {
                unreachAt = at;
                unreachEnd = at + length;
            }
            default -> communities(bytes, at, length, flags, type);
        }
    }

    private void nextHop(byte[] bytes, int at, int length) {
        if (length == Wire.IPV4_LENGTH) {
            scratch.nextHop(true, (long) Wire.i32(bytes, at) << 32, 0);
        } else {
            isWithdraw = true;
        }
    }

    /** From another AS it says nothing to us (RFC 7606 section 7.5). */
    private void localPref(byte[] bytes, int at, int length) {
        if (terms.isExternal()) {
            discarded++;
        } else if (length == Wire.IPV4_LENGTH) {
            scratch.localPref = Wire.u32(bytes, at);
        } else {
            isWithdraw = true;
        }
    }

    private void passIf(boolean isRight, byte[] bytes, int at, int length, int flags, int type) {
        if (isRight) {
            scratch.pass(flags, type, bytes, at, length);
        } else {
            discarded++;
        }
    }

    private void aggregator(byte[] bytes, int at, int length, int flags) {
        boolean isTwo = terms.asWidth() == 2;
        if (length != (isTwo ? AGGREGATOR_AS2_LENGTH : AGGREGATOR_AS4_LENGTH)) {
            discarded++;
            return;
        }
        aggregatorFlags = flags;
        long as = isTwo ? Wire.u16(bytes, at) : Wire.u32(bytes, at);
        isAggregatorTranslated = isTwo && as == OpenMessage.AS_TRANS;
        Wire.put(aggregator, Wire.put32(aggregator, 0, as), bytes, at + length - 4, 4);
    }

    /** Kept until the path is known to be of use; {@link #finish} decides. */
    private void aggregator4(byte[] bytes, int at, int length) {
        if (terms.asWidth() != 2 || length != AGGREGATOR_AS4_LENGTH || !isAggregatorTranslated) {
            discarded++;
            return;
        }
        Wire.put(aggregator, 0, bytes, at, length);
    }

    private void reflected(int length, boolean isList) {
        boolean isRight =
                isList ? length > 0 && length % Wire.IPV4_LENGTH == 0 : length == Wire.IPV4_LENGTH;
        if (terms.isExternal()) {
            discarded++;
        } else {
            isWithdraw |= !isRight;
        }
    }

    private void communities(byte[] bytes, int at, int length, int flags, int type) {
        int size =
                switch (type) {
                    case AttributeType.COMMUNITIES -> Wire.IPV4_LENGTH;
                    case AttributeType.EXTENDED_COMMUNITIES -> 2 * Wire.IPV4_LENGTH;
                    default -> SiteOfOrigin.COMMUNITY_LENGTH;
                };
        if (length == 0 || length % size != 0) {
            isWithdraw = true;
            return;
        }
        if (type == AttributeType.COMMUNITIES) {
            wellKnown(bytes, at, length);
        } else if (type == AttributeType.LARGE_COMMUNITIES) {
            scratch.isFromSite = SiteOfOrigin.isIn(bytes, at, length);
        }
        scratch.pass(flags, type, bytes, at, length);
    }

    private void wellKnown(byte[] bytes, int at, int length) {
        for (int each = at; each < at + length; each += Wire.IPV4_LENGTH) {
            int community = Wire.i32(bytes, each);
            scratch.isNotAdvertised |= community == AttributeType.NO_ADVERTISE;
            scratch.isNotExported |=
                    community == AttributeType.NO_EXPORT
                            || community == AttributeType.NO_EXPORT_SUBCONFED;
        }
    }

    /** An aggregator that has its AS in two octets knows of no AS4_PATH (RFC 6793 4.2.3). */
    private void finish() {
        boolean isOldAggregator = seen[AttributeType.AGGREGATOR] && !isAggregatorTranslated;
        boolean ignoresPath4 = isOldAggregator && seen[AttributeType.AS4_AGGREGATOR];
        if (path4.length() > 0 && !ignoresPath4) {
            path.mend(path4);
        }
        if (aggregatorFlags != 0) {
            scratch.pass(
                    aggregatorFlags,
                    AttributeType.AGGREGATOR,
                    aggregator,
                    0,
                    AGGREGATOR_AS4_LENGTH);
        }
        scratch.asPath(path.segments(), path.length());
    }

    /** What was read; a next hop of MP_REACH_NLRI is for the caller to fill in. */
    AttributeScratch scratch() {
        return scratch;
    }

    boolean has(int type) {
        return seen[type];
    }

    /** The routes are to be taken as withdrawn. */
    boolean isWithdraw() {
        return isWithdraw;
    }

    /** Attributes left out. */
    int discarded() {
        return discarded;
    }

    /** Of attributes, MP_UNREACH_NLRI apart. */
    int count() {
        return count;
    }

    /** Our AS is in the path. */
    boolean isLoop() {
        return path.hasOwn();
    }

    /** Value of MP_REACH_NLRI; -1: there is none. */
    int reachAt() {
        return reachAt;
    }

    int reachEnd() {
        return reachEnd;
    }

    /** Value of MP_UNREACH_NLRI; -1: there is none. */
    int unreachAt() {
        return unreachAt;
    }

    int unreachEnd() {
        return unreachEnd;
    }
}
