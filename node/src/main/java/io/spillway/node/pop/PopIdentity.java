package io.spillway.node.pop;

import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.RenewalWindow;
import io.spillway.crypto.Trust;
import io.spillway.node.NodeStart;
import io.spillway.node.PopConfig;
import io.spillway.node.tunnel.Vintage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a PoP is and whom it trusts, from its files, and again as those change. Where the account's
 * authority is on this machine, the PoP has its own certificate renewed by it.
 *
 * <p>Read again by one thread; read by any.
 */
final class PopIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(PopIdentity.class);
    private static final String CERTIFICATE = "certificate.pem";

    private final Path directory;
    private final Path authority;
    private final InstantSource clock;
    private final NanoClock elapsed;
    private final PeerVerifier verifier;
    private FileTime seen;
    private boolean isDiskOlder;
    private volatile Identity current;
    private volatile Vintage vintage;

    /**
     * Blocks.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    PopIdentity(PopConfig config, InstantSource clock, NanoClock elapsed) throws IOException {
        PopConfig.Pop pop = config.pop();
        directory = config.identity();
        authority = config.authority();
        this.clock = clock;
        this.elapsed = elapsed;
        seen = certificateTime();
        current = NodeStart.identity(directory, CertifiedName.pop(pop.account(), pop.name()));
        current.requireInForce(clock.instant(), Duration.ZERO);
        verifier = current.verifier(clock);
        note(current);
    }

    /** Shown in new handshakes. */
    Identity current() {
        return current;
    }

    PeerVerifier verifier() {
        return verifier;
    }

    /** What tunnels that stand are measured by. */
    Vintage vintage() {
        return vintage;
    }

    /**
     * Takes up what changed on the disk. Blocks.
     *
     * @return whether anything did
     */
    boolean look() throws IOException, GeneralSecurityException {
        Trust onDisk = Trust.read(authority == null ? directory : authority);
        Trust trust = onDisk.withNewerListsOf(verifier.trust());
        warnOfOlder(onDisk, trust);
        boolean hasChanged = !trust.isSameAs(verifier.trust());
        if (hasChanged) {
            verifier.trust(trust);
        }
        if (authority != null && trust.isOtherThanIn(directory)) {
            current.saveTrust(trust);
        }
        if (authority != null && isRenewalDue(trust)) {
            renew(trust);
        }
        FileTime now = certificateTime();
        if (!now.equals(seen) || hasChanged) {
            seen = now;
            take(Identity.load(directory, clock));
            hasChanged = true;
        }
        return hasChanged;
    }

    private void warnOfOlder(Trust onDisk, Trust inForce) {
        boolean wasOlder = isDiskOlder;
        isDiskOlder = onDisk != inForce;
        if (isDiskOlder && !wasOlder) {
            LOG.warn(
                    "{}: a revocation list there is older than the one in force: not taken",
                    authority == null ? directory : authority);
        }
    }

    private boolean isRenewalDue(Trust trust) {
        return !current.authority().equals(trust.issuer())
                || RenewalWindow.of(current.certificate()).isOpen(clock.instant());
    }

    private void renew(Trust trust) throws IOException, GeneralSecurityException {
        CertifiedName name = current.name();
        String request = Identity.request(directory, name.name());
        String issued = Authority.load(authority, clock).issue(request, name);
        Identity.install(directory, issued, trust.bundlePem(), trust.listsPem());
    }

    private void take(Identity read) {
        if (!read.name().equals(current.name())) {
            LOG.warn("{}: is of {} now: not taken", directory, read.name());
            return;
        }
        boolean isOther = !read.certificate().equals(current.certificate());
        current = read;
        note(read);
        if (isOther) {
            LOG.info(
                    "certificate of authority {} in use: valid until {}",
                    vintage.own(),
                    read.certificate().getNotAfter().toInstant());
        }
    }

    private void note(Identity identity) {
        vintage = Vintage.of(verifier.trust(), identity.certificate(), vintage, elapsed.nanoTime());
    }

    private FileTime certificateTime() throws IOException {
        return Files.getLastModifiedTime(directory.resolve(CERTIFICATE));
    }
}
