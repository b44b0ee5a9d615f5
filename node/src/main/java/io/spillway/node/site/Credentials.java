package io.spillway.node.site;

import static java.util.stream.Collectors.toSet;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Signer;
import io.spillway.node.tunnel.Vintage;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * What proves who the site and others are, and since when and until when: certificates, revocations
 * and the time. Called by control; nothing here blocks.
 */
public interface Credentials {
    /** For simulated sites, which have none. */
    Credentials NONE =
            new Credentials() {
                @Override
                public void onFrame(Frame frame, long nowNs) {}

                @Override
                public void poll(View view, long nowNs) {}
            };

    /** The channel is open, and nothing was said on it yet. */
    default void onConnected(long nowNs) {}

    /** What tunnels that stand are measured by; null: certificates are of no matter. */
    default Vintage vintage() {
        return null;
    }

    /** What our own word is signed with where others hand it on; null: nothing is. */
    default Signer signer() {
        return null;
    }

    /** Whether the account vouches now for that certificate of that site. */
    default boolean isTrusted(X509Certificate certificate, long siteId) {
        return false;
    }

    /** Our own certificate has ended. */
    default boolean isOwnExpired() {
        return false;
    }

    /** The machine's clock is not believed. */
    default boolean isClockWrong() {
        return false;
    }

    /** A frame of the PoP's, over the authenticated channel. */
    void onFrame(Frame frame, long nowNs);

    /** About once a second, and when a PoP came or went. */
    void poll(View view, long nowNs);

    /**
     * What control knows at that moment.
     *
     * @param isCloudAlive a PoP tunnel lives
     * @param known sites that the directory names
     * @param peers sites with living tunnels, as their certificates name them
     */
    record View(boolean isCloudAlive, Set<Long> known, List<PeerIdentity> peers) {
        static View of(boolean isCloudAlive, PeerDirectory directory, SiteTunnels tunnels) {
            Set<Long> known = directory.peers().stream().map(Peer::siteId).collect(toSet());
            return new View(isCloudAlive, known, tunnels.peersAlive());
        }
    }
}
