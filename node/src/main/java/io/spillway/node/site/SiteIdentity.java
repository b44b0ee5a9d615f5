package io.spillway.node.site;

import io.spillway.crypto.BoxSeal;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.IdentityRenewal;
import io.spillway.crypto.PeerVerifier;
import io.spillway.node.MachineId;
import io.spillway.node.NodeStart;
import io.spillway.node.tunnel.Vintage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Optional;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a site is and when it is, from its files: the certificate gives the clock its first floor,
 * the key opens the saved state, whose time gives the next; only then can dates be judged.
 *
 * <p>Renewed by the thread for files; read by any.
 */
final class SiteIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(SiteIdentity.class);

    private final Path directory;
    private final byte[] machine;
    private final SiteClock clock;
    private final SiteMemory memory;
    private final RecoveryGrace grace;
    private final PeerVerifier verifier;
    private final NanoClock elapsed;
    private volatile Identity current;
    private volatile Vintage vintage;

    private SiteIdentity(
            Path directory,
            byte[] machine,
            Identity current,
            SiteClock clock,
            SiteMemory memory,
            NanoClock elapsed) {
        this.directory = directory;
        this.machine = machine;
        this.current = current;
        this.clock = clock;
        this.memory = memory;
        grace = new RecoveryGrace(clock);
        this.elapsed = elapsed;
        verifier = current.verifier(clock).with(grace);
        noteVintage();
    }

    /**
     * Blocks.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    static SiteIdentity open(Path directory, Path state, CertifiedName name, NanoClock elapsed)
            throws IOException {
        Identity identity = NodeStart.identity(directory, name);
        Instant first = identity.certificate().getNotBefore().toInstant();
        Instant last = RecoveryGrace.until(identity.certificate());
        SiteClock clock = new SiteClock(SystemEpochClock.INSTANCE, elapsed, first, last);
        byte[] machine = MachineId.read();
        SiteMemory memory = SiteMemory.open(state, seal(identity, machine), elapsed.nanoTime());
        memory.loaded().ifPresent(saved -> clock.onSaved(saved.getSavedMs()));
        clock.check();
        identity.requireInForce(clock.instant(), RecoveryGrace.LENGTH);
        SiteIdentity opened =
                new SiteIdentity(directory, machine, identity, clock, memory, elapsed);
        if (identity.previousKey().isPresent()) {
            BoxSeal seal = seal(identity, machine);
            memory.reseal(seal, elapsed.nanoTime(), opened::forgetPreviousKey);
        }
        return opened;
    }

    private static BoxSeal seal(Identity identity, byte[] machine) throws IOException {
        String name = identity.name().uri();
        BoxSeal seal = BoxSeal.of(identity.key(), name, machine);
        Optional<PrivateKey> previous = identity.previousKey();
        return previous.isEmpty() ? seal : seal.opening(BoxSeal.of(previous.get(), name, machine));
    }

    /** Shown in new handshakes. */
    Identity current() {
        return current;
    }

    SiteClock clock() {
        return clock;
    }

    SiteMemory memory() {
        return memory;
    }

    RecoveryGrace grace() {
        return grace;
    }

    /** Of peers and PoPs. */
    PeerVerifier verifier() {
        return verifier;
    }

    /** What tunnels that stand are measured by. */
    Vintage vintage() {
        return vintage;
    }

    /** Another authority issues now, or has issued our certificate. */
    void noteVintage() {
        vintage = Vintage.of(verifier.trust(), current.certificate(), vintage, elapsed.nanoTime());
    }

    /** Another authority issues now than when our certificate was made. */
    boolean isSuperseded() {
        return !current.authority().equals(verifier.trust().issuer());
    }

    /** A signing request for a new key, DER. Blocks. */
    byte[] request() throws IOException {
        return IdentityRenewal.request(directory, current.name().name());
    }

    /**
     * Goes by the new certificate in new handshakes. Blocks.
     *
     * @return what seals the saved state from now on
     * @throws IOException when it is not one for us; nothing has changed then
     */
    BoxSeal renew(byte[] certificate) throws IOException {
        Identity renewed = IdentityRenewal.install(directory, current, certificate);
        current = renewed;
        noteVintage();
        clock.onRenewed(RecoveryGrace.until(renewed.certificate()));
        return seal(renewed, machine);
    }

    /** The saved state is sealed with the new key. Blocks. */
    void forgetPreviousKey() {
        try {
            IdentityRenewal.forgetPrevious(directory);
        } catch (IOException e) {
            LOG.warn("previous key stays on the disk: {}", e.getMessage());
        }
    }
}
