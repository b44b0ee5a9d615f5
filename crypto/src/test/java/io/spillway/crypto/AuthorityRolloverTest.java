package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityRolloverTest {
    @TempDir Path directory;
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final InstantSource clock = () -> now;
    private Path root;
    private AuthorityRollover rollover;
    private TestAccount acme;
    private X509Certificate old;
    private Identity site;
    private PeerVerifier remote;

    @BeforeEach
    void makeAccount() {
        acme = new TestAccount(directory, "acme", clock);
        root = acme.authorityFile().getParent();
        old = acme.authority().certificate();
        site = acme.site(1);
        remote = PeerVerifier.of("acme", old, clock);
        rollover = new AuthorityRollover(root, clock);
        now = now.plus(Duration.ofHours(1));
    }

    @Test
    void shouldBeTrustedByWhoKnowsTheOldOne() throws Exception {
        Authority next = rollover.begin();

        assertRefused(Refusal.UNKNOWN_AUTHORITY, issuedBy(next));
        assertTrue(remote.extend(Trust.read(root).bundle()));

        assertEquals(1, remote.verify(issuedBy(next)).siteId());
        remote.verify(site.certificate());
        assertEquals(old, remote.trust().issuer());
        assertEquals(old, Authority.load(root, clock).certificate());
    }

    @Test
    void shouldBringAlongTheOldOneToWhoJoinedByTheNewOne() throws Exception {
        Authority next = rollover.begin();
        PeerVerifier newcomer = PeerVerifier.of("acme", next.certificate(), clock);

        newcomer.extend(Trust.read(root).bundle());

        newcomer.verify(site.certificate());
    }

    @Test
    void shouldNotBeTrustedWithoutALinkFromTheOldOne() throws Exception {
        Authority next = rollover.begin();
        List<X509Certificate> unlinked = Trust.read(root).authorities().stream().toList();
        List<X509Certificate> otherWay =
                List.of(next.certificate(), old, next.linkTo(acme.authority()));

        assertFalse(remote.extend(unlinked));
        assertFalse(remote.extend(otherWay));
        assertRefused(Refusal.UNKNOWN_AUTHORITY, issuedBy(next));
    }

    @Test
    void shouldNotBeOfAnotherAccount() throws Exception {
        Authority foreign = Authority.init(directory.resolve("globex"), "globex", clock);
        List<X509Certificate> bundle =
                List.of(foreign.certificate(), acme.authority().linkTo(foreign));

        assertFalse(remote.extend(bundle));
    }

    @Test
    void shouldIssueOnceActivatedAndNeverGoBack() throws Exception {
        Authority next = rollover.begin();
        List<X509Certificate> before = Trust.read(root).bundle();
        rollover.activate();

        remote.extend(Trust.read(root).bundle());
        assertEquals(next.certificate(), remote.trust().issuer());
        assertEquals(next.certificate(), Authority.load(root, clock).certificate());

        remote.extend(before); // of a PoP that does not know yet
        assertEquals(next.certificate(), remote.trust().issuer());
    }

    @Test
    void shouldWithdrawTheOldOneForGood() throws Exception {
        Authority next = rollover.begin();
        rollover.activate();
        List<X509Certificate> bundle = Trust.read(root).bundle();
        remote.extend(bundle);
        rollover.end();

        assertTrue(remote.revoke(Authority.load(root, clock).revocations()));

        assertRefused(Refusal.UNKNOWN_AUTHORITY, site.certificate());
        assertTrue(remote.isRevoked(site.certificate()));
        assertTrue(remote.trust().isWithdrawn(old));
        remote.extend(bundle);
        assertRefused(Refusal.UNKNOWN_AUTHORITY, site.certificate());
        remote.verify(issuedBy(next));
    }

    @Test
    void shouldNotWithdrawANewerOne() throws Exception {
        Authority next = rollover.begin();
        remote.extend(Trust.read(root).bundle());

        acme.authority().withdraw(next);

        assertTrue(remote.revoke(acme.authority().revocations()));
        remote.verify(issuedBy(next));
    }

    @Test
    void shouldNameWhoWouldBeLeftBehind() throws Exception {
        Identity other = acme.site(2);
        rollover.begin();
        Authority next = rollover.activate();
        assertEquals(
                List.of(site.name(), other.name()),
                rollover.unrenewed().stream()
                        .sorted(java.util.Comparator.comparing(CertifiedName::uri))
                        .toList());

        next.renew(IdentityRenewal.request(acme.directoryOf(site.name()), "a"), holder(site));

        assertEquals(List.of(other.name()), rollover.unrenewed());
    }

    @Test
    void shouldRefuseStepsOutOfOrder() throws Exception {
        assertThrows(IdentityException.class, rollover::activate);
        assertThrows(IdentityException.class, rollover::end);
        rollover.begin();
        assertThrows(IdentityException.class, rollover::begin);
        assertThrows(IdentityException.class, rollover::end);
        rollover.activate();
        assertThrows(IdentityException.class, rollover::begin);
        rollover.end();
        now = now.plus(Duration.ofHours(1));

        Authority third = rollover.begin(); // and so on
        rollover.activate();
        assertEquals(third.certificate(), Authority.load(root, clock).certificate());
        assertTrue(Trust.read(root).isWithdrawn(old));
    }

    @Test
    void shouldKeepBothOverARestart() throws Exception {
        Authority next = rollover.begin();
        remote.extend(Trust.read(root).bundle());
        remote.revoke(acme.authority().revocations());
        remote.revoke(next.revocations());
        site.saveTrust(remote.trust());

        Identity again = Identity.load(acme.directoryOf(site.name()), clock);

        assertTrue(again.trust().isSameAs(remote.trust()));
        assertEquals(old, again.authority());
        again.verifier(clock).verify(issuedBy(next));
    }

    @Test
    void shouldRenewUnderTheNewOne() throws Exception {
        rollover.begin();
        Authority next = rollover.activate();
        Path home = acme.directoryOf(site.name());
        site.saveTrust(Trust.read(root));
        byte[] request = IdentityRenewal.request(home, "site-1");

        Identity renewed = IdentityRenewal.install(home, site, next.renew(request, holder(site)));

        assertEquals(next.certificate(), renewed.authority());
        assertTrue(holder(renewed).isSameHolder(holder(site)));
    }

    private PeerIdentity holder(Identity identity) {
        return PeerIdentity.of(identity.name(), identity.certificate());
    }

    private X509Certificate issuedBy(Authority authority) throws Exception {
        String request = Identity.request(directory.resolve("other"), "other");
        String pem = authority.issue(request, CertifiedName.site("acme", 1, "other"));
        return Certificates.decode(Pem.decode(Pem.CERTIFICATE, pem));
    }

    private void assertRefused(Refusal refusal, X509Certificate certificate) throws IOException {
        PeerRefusedException thrown =
                assertThrows(PeerRefusedException.class, () -> remote.verify(certificate));
        assertEquals(refusal, thrown.refusal());
    }
}
