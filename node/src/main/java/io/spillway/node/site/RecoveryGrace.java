package io.spillway.node.site;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Leniency;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.RenewalWindow;
import io.spillway.crypto.Role;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that ends while no PoP is reachable cannot be renewed: between sites that know each
 * other it counts for a while longer. Never for a PoP, nor for a site that the directory does not
 * name; what is revoked stays refused ({@link Leniency}).
 *
 * <p>Only the data tunnels decide whether a PoP is reachable, as they do for recovery. Owned by
 * control; {@link #coversEnd} is for any thread.
 */
final class RecoveryGrace implements Leniency {
    static final Duration LENGTH = RenewalWindow.GRACE;

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryGrace.class);

    /** Swapped whole. */
    private record Terms(boolean isCloudAlive, Set<Long> known) {}

    /** A peer whose certificate has ended, and for how long it still counts. */
    record Covered(long siteId, String name, Instant expired, Instant until) {}

    private final Map<Long, Covered> covered = new TreeMap<>(Long::compareUnsigned);
    private final Map<Long, Instant> told = new HashMap<>(); // ends, by site
    private final SiteClock clock;
    private volatile Terms terms = new Terms(false, Set.of());

    RecoveryGrace(SiteClock clock) {
        this.clock = clock;
    }

    @Override
    public boolean coversEnd(CertifiedName name, X509Certificate expired, Instant now) {
        Terms current = terms;
        return !current.isCloudAlive()
                && name.role() == Role.SITE
                && current.known().contains(name.siteId())
                && !now.isAfter(until(expired));
    }

    /** A site without a clock may have slept through its peers' renewals. */
    @Override
    public boolean coversStart(X509Certificate early) {
        return clock.onPeer(early.getNotBefore().toInstant());
    }

    /** The last moment at which a certificate can count anywhere. */
    static Instant until(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().plus(LENGTH);
    }

    /**
     * @param known sites that the directory names
     */
    void publish(boolean isCloudAlive, Set<Long> known) {
        terms = new Terms(isCloudAlive, Set.copyOf(known));
    }

    /** Takes note of peers whose certificates have ended, one line each. */
    void watch(Collection<PeerIdentity> peers, Instant now) {
        covered.clear();
        told.keySet().retainAll(terms.known());
        for (PeerIdentity peer : peers) {
            Instant end = peer.certificate().getNotAfter().toInstant();
            if (now.isAfter(end)) {
                Instant until = until(peer.certificate());
                Covered found = new Covered(peer.siteId(), peer.name(), end, until);
                covered.put(peer.siteId(), found);
                tell(found);
            }
        }
    }

    private void tell(Covered found) {
        if (!found.expired().equals(told.put(found.siteId(), found.expired()))) {
            LOG.warn(
                    "certificate of {} expired {}: accepted until {} while no PoP is reachable",
                    found.name(),
                    found.expired(),
                    found.until());
        }
    }

    /** Peers with living tunnels whose certificates have ended. */
    List<Covered> covered() {
        return List.copyOf(covered.values());
    }
}
