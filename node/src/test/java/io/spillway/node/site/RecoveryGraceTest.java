package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerRefusedException;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Refusal;
import io.spillway.node.channel.TestAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryGraceTest {
    private static final CertifiedName LONDON = CertifiedName.site("acme", 1002, "london");
    private static final Set<Long> KNOWN = Set.of(1002L, 1003L);

    @TempDir Path directory;
    private Instant machine = Instant.now();
    private RecoveryGrace grace;
    private TestAccount acme;
    private PeerVerifier asSeenBy;
    private X509Certificate certificate;
    private Instant end;

    @BeforeEach
    void issue() throws IOException {
        acme = new TestAccount(directory, "acme");
        certificate = acme.site(1002).certificate();
        end = certificate.getNotAfter().toInstant();
        Instant own = Instant.now().minus(Duration.ofDays(9));
        SiteClock clock =
                new SiteClock(() -> machine.toEpochMilli(), () -> 0, own, end.plusSeconds(99));
        grace = new RecoveryGrace(clock);
        asSeenBy = PeerVerifier.of("acme", acme.authority().certificate(), clock).with(grace);
    }

    @Test
    void shouldCoverAKnownSiteForThirtyDaysWithoutAPoP() {
        grace.publish(false, KNOWN);

        assertTrue(grace.coversEnd(LONDON, certificate, end.plusMillis(1)));
        assertTrue(grace.coversEnd(LONDON, certificate, end.plus(Duration.ofDays(30))));
        assertFalse(
                grace.coversEnd(LONDON, certificate, end.plus(Duration.ofDays(30)).plusMillis(1)));
    }

    @Test
    void shouldCoverNobodyWhileAPoPIsReachable() {
        grace.publish(true, KNOWN);
        assertFalse(grace.coversEnd(LONDON, certificate, end.plusMillis(1)));

        grace.publish(false, KNOWN);

        assertTrue(grace.coversEnd(LONDON, certificate, end.plusMillis(1)));
    }

    @Test
    void shouldCoverNoStranger() {
        assertFalse(grace.coversEnd(LONDON, certificate, end.plusMillis(1)));
        grace.publish(false, Set.of(1003L));

        assertFalse(grace.coversEnd(LONDON, certificate, end.plusMillis(1)));
    }

    @Test
    void shouldNotCoverAPoP() throws IOException {
        X509Certificate pop = acme.pop().certificate();
        CertifiedName name = CertifiedName.pop("acme", "frankfurt");
        grace.publish(false, Set.of(0L, 1002L));

        assertFalse(grace.coversEnd(name, pop, pop.getNotAfter().toInstant().plusMillis(1)));
    }

    /** With a whole verifier: what the handshakes ask. */
    @Test
    void shouldRefuseWithItsReasonOnceThePoPIsBack() throws Exception {
        PeerVerifier verifier =
                PeerVerifier.of("acme", acme.authority().certificate(), () -> end.plusSeconds(9))
                        .with(grace);
        grace.publish(false, KNOWN);
        assertEquals(1002, verifier.verify(certificate).siteId());

        grace.publish(true, KNOWN);

        PeerRefusedException refused =
                assertThrows(PeerRefusedException.class, () -> verifier.verify(certificate));
        assertEquals(Refusal.EXPIRED, refused.refusal());
    }

    @Test
    void shouldNeverCoverWhatIsRevoked() throws Exception {
        PeerVerifier verifier =
                PeerVerifier.of("acme", acme.authority().certificate(), () -> end.plusSeconds(9))
                        .with(grace);
        acme.authority().revoke(entry -> entry.name().siteId() == 1002);
        verifier.revoke(acme.authority().revocations());
        grace.publish(false, KNOWN);

        PeerRefusedException refused =
                assertThrows(PeerRefusedException.class, () -> verifier.verify(certificate));
        assertEquals(Refusal.REVOKED, refused.refusal());
    }

    /** It was renewed while a box without a battery was off. */
    @Test
    void shouldLearnFromACertificateThatItIsLater() throws Exception {
        machine = Instant.EPOCH;

        assertEquals(1002, asSeenBy.verify(certificate).siteId());
        machine = certificate.getNotBefore().toInstant().minusSeconds(1);

        assertEquals(1002, asSeenBy.verify(certificate).siteId());
    }

    @Test
    void shouldBelieveAGoodClockRatherThanACertificate() {
        machine = certificate.getNotBefore().toInstant().minusSeconds(1);

        PeerRefusedException refused =
                assertThrows(PeerRefusedException.class, () -> asSeenBy.verify(certificate));
        assertEquals(Refusal.NOT_YET_VALID, refused.refusal());
    }

    @Test
    void shouldShowWhoseCertificateHasEnded() throws Exception {
        PeerIdentity london =
                PeerVerifier.of("acme", acme.authority().certificate(), TestAccount.CLOCK)
                        .verify(certificate);
        grace.watch(List.of(london), end);
        assertEquals(List.of(), grace.covered());

        grace.watch(List.of(london), end.plusSeconds(1));
        assertEquals(end.plus(RecoveryGrace.LENGTH), grace.covered().getFirst().until());

        grace.watch(List.of(), end.plusSeconds(2));
        assertEquals(List.of(), grace.covered());
    }
}
