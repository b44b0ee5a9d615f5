package io.spillway.control.directory;

import java.net.InetSocketAddress;

/**
 * A tunnel that should exist: an enabled local link to an enabled link of a peer.
 *
 * @param role of both links
 * @param remote where to reach the peer's link; null: nobody knows yet
 * @param isFixed whoever has {@code remote} calls there without punching (D13)
 * @param isInitiator we open the handshake, as its client (R022, D08)
 */
public record TunnelPlan(
        Key key, LinkRole role, InetSocketAddress remote, boolean isFixed, boolean isInitiator) {
    /** Names a tunnel whatever its remote endpoint is at the moment. */
    public record Key(int localLink, long siteId, int remoteLink) {
        /** The tunnel to that site by way of a third, of which there is one at most. */
        public static Key relayed(long siteId) {
            return new Key(Link.LINKS_MAX, siteId, Link.LINKS_MAX);
        }

        public boolean isRelayed() {
            return localLink == Link.LINKS_MAX;
        }

        @Override
        public String toString() {
            return localLink + ">" + Long.toUnsignedString(siteId) + ":" + remoteLink;
        }
    }
}
