package io.spillway.routing.bgp;

/** Type codes and flags of path attributes, and their values (RFC 4271 sections 4.3 and 5). */
final class AttributeType {
    static final int ORIGIN = 1;
    static final int AS_PATH = 2;
    static final int NEXT_HOP = 3;
    static final int MULTI_EXIT_DISC = 4;
    static final int LOCAL_PREF = 5;
    static final int ATOMIC_AGGREGATE = 6;
    static final int AGGREGATOR = 7;
    static final int COMMUNITIES = 8; // RFC 1997
    static final int ORIGINATOR_ID = 9; // RFC 4456
    static final int CLUSTER_LIST = 10; // RFC 4456
    static final int MP_REACH_NLRI = 14; // RFC 4760
    static final int MP_UNREACH_NLRI = 15; // RFC 4760
    static final int EXTENDED_COMMUNITIES = 16; // RFC 4360
    static final int AS4_PATH = 17; // RFC 6793
    static final int AS4_AGGREGATOR = 18; // RFC 6793
    static final int LARGE_COMMUNITIES = 32; // RFC 8092

    static final int OPTIONAL = 0x80;
    static final int TRANSITIVE = 0x40;
    static final int PARTIAL = 0x20;
    static final int EXTENDED_LENGTH = 0x10;

    static final int ORIGIN_IGP = 0;
    static final int ORIGIN_INCOMPLETE = 2;

    static final int AS_SET = 1;
    static final int AS_SEQUENCE = 2;

    static final int NO_EXPORT = 0xFFFF_FF01; // RFC 1997
    static final int NO_ADVERTISE = 0xFFFF_FF02;
    static final int NO_EXPORT_SUBCONFED = 0xFFFF_FF03;

    private AttributeType() {}

    /** OPTIONAL and TRANSITIVE as they must be; -1: not a type that is known here. */
    static int flags(int type) {
        return switch (type) {
            case ORIGIN, AS_PATH, NEXT_HOP, LOCAL_PREF, ATOMIC_AGGREGATE -> TRANSITIVE;
            case MULTI_EXIT_DISC, ORIGINATOR_ID, CLUSTER_LIST, MP_REACH_NLRI, MP_UNREACH_NLRI ->
                    OPTIONAL;
            case AGGREGATOR,
                    COMMUNITIES,
                    EXTENDED_COMMUNITIES,
                    AS4_PATH,
                    AS4_AGGREGATOR,
                    LARGE_COMMUNITIES ->
                    OPTIONAL | TRANSITIVE;
            default -> -1;
        };
    }
}
