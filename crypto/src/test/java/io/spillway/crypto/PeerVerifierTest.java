package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerVerifierTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir Path directory;
    private Instant now = START;
    private final InstantSource clock = () -> now;
    private TestAccount acme;
    private PeerVerifier verifier;

    @BeforeEach
    void makeAccount() {
        acme = new TestAccount(directory, "acme", clock);
        verifier = PeerVerifier.of("acme", acme.authority().certificate(), clock);
    }

    @Test
    void shouldTellWhoThePeerIs() throws Exception {
        PeerIdentity site = verifier.verify(acme.site(-2).certificate());
        PeerIdentity pop = verifier.verify(acme.pop("frankfurt").certificate());

        assertEquals(Role.SITE, site.role());
        assertEquals(-2, site.siteId());
        assertEquals("acme", site.account());
        assertEquals("site-18446744073709551614", site.name());
        assertEquals(Role.POP, pop.role());
        assertEquals(0, pop.siteId());
        assertEquals("frankfurt", pop.name());
    }

    @Test
    void shouldTellWhetherACertificateIsThatSites() {
        X509Certificate certificate = acme.site(7).certificate();
        assertTrue(verifier.isOfSite(certificate, 7));
        assertFalse(verifier.isOfSite(certificate, 8));
        assertFalse(verifier.isOfSite(acme.pop("frankfurt").certificate(), 0));

        now = START.plus(Duration.ofDays(91));

        assertFalse(verifier.isOfSite(certificate, 7));
    }

    @Test
    void shouldRefusePeerWithoutCertificate() {
        assertRefused(Refusal.NO_CERTIFICATE, verifier);
    }

    @Test
    void shouldRefuseExpiredCertificate() throws Exception {
        X509Certificate certificate = acme.site(1).certificate();

        now = START.plus(Duration.ofDays(90));
        verifier.verify(certificate);
        now = now.plusMillis(1);

        assertRefused(Refusal.EXPIRED, verifier, certificate);
    }

    @Test
    void shouldAcceptExpiredCertificateThatTheGraceCovers() throws Exception {
        PeerVerifier gracious = verifier.with((name, expired, at) -> name.siteId() == 1);
        X509Certificate covered = acme.site(1).certificate();
        X509Certificate other = acme.site(2).certificate();
        now = START.plus(Duration.ofDays(91));

        assertEquals(1, gracious.accepting(Role.SITE).verify(covered).siteId());
        assertRefused(Refusal.EXPIRED, gracious, other);
        assertRefused(Refusal.EXPIRED, verifier, covered);
    }

    @Test
    void shouldAskForTheExpiredAuthorityToo() throws Exception {
        PeerVerifier ofSitesOnly =
                verifier.with((name, expired, at) -> expired.getBasicConstraints() < 0);
        PeerVerifier ofAll = verifier.with((name, expired, at) -> true);
        X509Certificate certificate = acme.site(1).certificate();
        now = START.plus(Duration.ofDays(3651));

        assertRefused(Refusal.EXPIRED, ofSitesOnly, certificate);
        assertEquals(1, ofAll.verify(certificate).siteId());
    }

    @Test
    void shouldRefuseRevokedCertificateWhateverTheGrace() throws Exception {
        X509Certificate certificate = acme.site(1).certificate();
        acme.authority().revoke(entry -> entry.name().siteId() == 1);
        PeerVerifier gracious = verifier.with((name, expired, at) -> true);
        gracious.revoke(acme.authority().revocations());
        now = START.plus(Duration.ofDays(91));

        assertRefused(Refusal.REVOKED, gracious, certificate);
    }

    @Test
    void shouldKeepTheNewerOfTwoListsInItsPlace() throws Exception {
        X509Certificate first = acme.site(1).certificate();
        X509Certificate second = acme.site(2).certificate();
        acme.authority().revoke(entry -> entry.name().siteId() == 1);
        Trust older = Trust.of(acme.authority().certificate()).with(acme.authority().revocations());
        acme.authority().revoke(entry -> entry.name().siteId() == 2);
        Trust newer = older.with(acme.authority().revocations());

        assertTrue(older.withNewerListsOf(newer).isSameAs(newer));
        assertSame(newer, newer.withNewerListsOf(older));
        assertTrue(older.withNewerListsOf(newer).isRevoked(second));
        assertTrue(newer.isRevoked(first));
        assertFalse(older.isRevoked(second));
    }

    @Test
    void shouldRefuseCertificateFromTheFuture() {
        X509Certificate certificate = acme.site(1).certificate();

        now = START.minus(Duration.ofMinutes(6));

        assertRefused(Refusal.NOT_YET_VALID, verifier, certificate);
    }

    @Test
    void shouldRefuseForeignAccount() {
        TestAccount other = new TestAccount(directory, "other", clock);

        assertRefused(Refusal.FOREIGN_ACCOUNT, verifier, other.site(1).certificate());
    }

    @Test
    void shouldRefuseAccountOfTheSameName() {
        TestAccount impostor = new TestAccount(directory.resolve("elsewhere"), "acme", clock);

        assertRefused(Refusal.UNKNOWN_AUTHORITY, verifier, impostor.site(1).certificate());
    }

    @Test
    void shouldRefuseTheAuthorityItselfAsPeer() {
        assertRefused(Refusal.UNKNOWN_AUTHORITY, verifier, acme.authority().certificate());
    }

    @Test
    void shouldRefuseCertificateWithoutIdentity() throws Exception {
        X509Certificate nameless =
                TestCertificates.issue(directory.resolve("acme/ca"), clock, "https://acme.example");

        assertRefused(Refusal.NO_IDENTITY, verifier, nameless);
    }

    @Test
    void shouldRefuseMalformedIdentity() throws Exception {
        for (String uri :
                new String[] {
                    "spillway://acme/site/0",
                    "spillway://acme/site/01",
                    "spillway://acme/site/18446744073709551616",
                    "spillway://acme/site/99999999999999999999",
                    "spillway://acme/site/-1",
                    "spillway://acme/site/",
                    "spillway://acme/pop/",
                    "spillway://acme/pop/a/b",
                    "spillway://acme/authority",
                    "spillway://"
                }) {
            X509Certificate malformed =
                    TestCertificates.issue(directory.resolve("acme/ca"), clock, uri);
            assertRefused(Refusal.NO_IDENTITY, verifier, malformed);
        }
    }

    @Test
    void shouldRefuseTwoIdentitiesInOneCertificate() throws Exception {
        X509Certificate both =
                TestCertificates.issue(
                        directory.resolve("acme/ca"),
                        clock,
                        "spillway://acme/site/1",
                        "spillway://acme/site/2");

        assertRefused(Refusal.NO_IDENTITY, verifier, both);
    }

    @Test
    void shouldRefuseWrongRole() throws Exception {
        X509Certificate site = acme.site(1).certificate();
        X509Certificate pop = acme.pop("frankfurt").certificate();

        verifier.accepting(Role.SITE).verify(site);
        verifier.accepting(Role.POP).verify(pop);

        assertRefused(Refusal.WRONG_ROLE, verifier.accepting(Role.POP), site);
        assertRefused(Refusal.WRONG_ROLE, verifier.accepting(Role.SITE), pop);
    }

    @Test
    void shouldRefuseRevokedCertificateAtOnceInAllViews() throws Exception {
        X509Certificate certificate = acme.site(1).certificate();
        PeerVerifier sites = verifier.accepting(Role.SITE);
        sites.verify(certificate);

        acme.authority().revoke(entry -> entry.name().siteId() == 1);
        assertTrue(verifier.revoke(acme.authority().revocations()));

        assertRefused(Refusal.REVOKED, sites, certificate);
    }

    @Test
    void shouldNotGoBackToOlderRevocations() throws Exception {
        X509Certificate certificate = acme.site(1).certificate();
        X509CRL before = acme.authority().revocations();
        acme.authority().revoke(entry -> entry.name().siteId() == 1);
        verifier.revoke(acme.authority().revocations());

        assertFalse(verifier.revoke(before));

        assertTrue(verifier.isRevoked(certificate));
    }

    @Test
    void shouldRefuseForeignRevocations() {
        TestAccount impostor = new TestAccount(directory.resolve("elsewhere"), "acme", clock);

        assertThrows(
                GeneralSecurityException.class,
                () -> verifier.revoke(impostor.authority().revocations()));
    }

    private static void assertRefused(
            Refusal expected, PeerVerifier verifier, X509Certificate... chain) {
        PeerRefusedException refused =
                assertThrows(PeerRefusedException.class, () -> verifier.verify(chain));
        assertEquals(expected, refused.refusal(), refused.getMessage());
    }
}
