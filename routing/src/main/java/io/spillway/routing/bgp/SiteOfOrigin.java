package io.spillway.routing.bgp;

/**
 * The mark on every route that a site tells its routers of another site: a large community (RFC
 * 8092) of three words, this administrator and the origin's site ID in two halves.
 *
 * <p>A site does not take such a route from its own routers: it came from the cloud, and would go
 * back there. So two sites whose routers also know each other by another way make no loop, and a
 * route that its origin withdraws does not live on between them.
 */
final class SiteOfOrigin {
    /** Ours, of the private ASes (RFC 6996). */
    static final long ADMINISTRATOR = 4_200_020_049L;

    static final int COMMUNITY_LENGTH = 12;

    private SiteOfOrigin() {}

    static void put(AttributeScratch scratch, long siteId) {
        byte[] community = new byte[COMMUNITY_LENGTH];
        Wire.put64(community, Wire.put32(community, 0, ADMINISTRATOR), siteId);
        int flags = AttributeType.flags(AttributeType.LARGE_COMMUNITIES);
        scratch.pass(flags, AttributeType.LARGE_COMMUNITIES, community, 0, community.length);
        scratch.isFromSite = true;
    }

    /** Whether the value of a LARGE_COMMUNITY attribute names a site. */
    static boolean isIn(byte[] value, int offset, int length) {
        for (int at = offset; at < offset + length; at += COMMUNITY_LENGTH) {
            if (Wire.u32(value, at) == ADMINISTRATOR) {
                return true;
            }
        }
        return false;
    }
}
