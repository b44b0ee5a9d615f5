package io.spillway.node.site;

import io.spillway.crypto.BoxSeal;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.node.MachineId;
import io.spillway.node.NodeStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * Who a site is and when it is, from its files: the certificate gives the clock its first floor,
 * the key opens the saved state, whose time gives the next; only then can dates be judged.
 *
 * @param current shown in new handshakes
 * @param verifier of peers and PoPs
 */
record SiteIdentity(
        Identity current,
        SiteClock clock,
        SiteMemory memory,
        RecoveryGrace grace,
        PeerVerifier verifier) {
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
        BoxSeal seal = BoxSeal.of(identity.key(), name.uri(), MachineId.read());
        SiteMemory memory = SiteMemory.open(state, seal, elapsed.nanoTime());
        memory.loaded().ifPresent(saved -> clock.onSaved(saved.getSavedMs()));
        clock.check();
        identity.requireInForce(clock.instant(), RecoveryGrace.LENGTH);
        RecoveryGrace grace = new RecoveryGrace();
        PeerVerifier verifier = identity.verifier(clock).with(grace);
        return new SiteIdentity(identity, clock, memory, grace, verifier);
    }
}
