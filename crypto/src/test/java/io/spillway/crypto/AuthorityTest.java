package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir Path directory;

    @Test
    void shouldIssueSiteCertificateForNinetyDays() throws Exception {
        TestAccount acme = new TestAccount(directory, "acme", CLOCK);

        Identity identity = acme.site(1001);

        assertEquals(CertifiedName.site("acme", 1001, "site-1001"), identity.name());
        assertEquals(
                NOW.plus(Duration.ofDays(90)), identity.certificate().getNotAfter().toInstant());
        assertEquals(-1, identity.certificate().getBasicConstraints());
        assertEquals(List.of(), identity.warnings());
    }

    @Test
    void shouldKeepItsKeyToItself() throws Exception {
        Authority.init(directory.resolve("ca"), "acme", CLOCK);

        Path key = directory.resolve("ca/key.pem");

        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    }

    @Test
    void shouldNotOverwriteAnotherAuthority() throws Exception {
        Authority.init(directory.resolve("ca"), "acme", CLOCK);

        IdentityException refused =
                assertThrows(
                        IdentityException.class,
                        () -> Authority.init(directory.resolve("ca"), "acme", CLOCK));

        assertTrue(refused.getMessage().contains("ca/key.pem: exists already"));
    }

    @Test
    void shouldFindItsBookAgainAfterRestart() throws Exception {
        TestAccount acme = new TestAccount(directory, "acme", CLOCK);
        acme.site(1001);
        acme.pop("frankfurt");

        Authority loaded = Authority.load(directory.resolve("acme/ca"), CLOCK);

        assertEquals("acme", loaded.account());
        assertEquals(acme.authority().certificate(), loaded.certificate());
        assertEquals(
                List.of("spillway://acme/pop/frankfurt", "spillway://acme/site/1001"),
                loaded.issued().stream().map(entry -> entry.name().uri()).sorted().toList());
    }

    @Test
    void shouldRevokeOnceAndKeepEarlierRevocations() throws Exception {
        TestAccount acme = new TestAccount(directory, "acme", CLOCK);
        X509Certificate first = acme.site(1).certificate();
        X509Certificate second = acme.site(2).certificate();
        X509Certificate third = acme.site(3).certificate();

        assertEquals(1, acme.authority().revoke(entry -> entry.name().siteId() == 1).size());
        assertEquals(1, acme.authority().revoke(entry -> entry.name().siteId() == 2).size());
        assertEquals(0, acme.authority().revoke(entry -> entry.name().siteId() == 2).size());

        Authority loaded = Authority.load(directory.resolve("acme/ca"), CLOCK);
        assertTrue(loaded.revocations().isRevoked(first));
        assertTrue(loaded.revocations().isRevoked(second));
        assertFalse(loaded.revocations().isRevoked(third));
        assertEquals(2, loaded.issued().stream().filter(IssuedCertificate::isRevoked).count());
    }

    @Test
    void shouldRefuseRequestThatIsNone() throws Exception {
        Authority authority = Authority.init(directory.resolve("ca"), "acme", CLOCK);

        for (String request : List.of("", "garbage", authority.certificatePem())) {
            assertThrows(
                    GeneralSecurityException.class,
                    () -> authority.issue(request, CertifiedName.site("acme", 1, "berlin")));
        }
    }

    @Test
    void shouldRefuseRequestWithForeignSignature() throws Exception {
        Authority authority = Authority.init(directory.resolve("ca"), "acme", CLOCK);
        KeyPair claimed = Keys.generate();
        KeyPair owned = Keys.generate();
        KeyPair mixed = new KeyPair(claimed.getPublic(), owned.getPrivate());

        assertThrows(
                GeneralSecurityException.class,
                () ->
                        authority.issue(
                                SigningRequest.encode(mixed, "berlin"),
                                CertifiedName.site("acme", 1, "berlin")));
    }

    @Test
    void shouldRefuseOtherCurves() throws Exception {
        Authority authority = Authority.init(directory.resolve("ca"), "acme", CLOCK);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));

        GeneralSecurityException refused =
                assertThrows(
                        GeneralSecurityException.class,
                        () ->
                                authority.issue(
                                        SigningRequest.encode(
                                                generator.generateKeyPair(), "berlin"),
                                        CertifiedName.site("acme", 1, "berlin")));

        assertTrue(refused.getMessage().contains("P-256"), refused.getMessage());
    }

    @Test
    void shouldIssueForEd25519KeyOfPeer() throws Exception {
        Authority authority = Authority.init(directory.resolve("ca"), "acme", CLOCK);
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] request =
                new JcaPKCS10CertificationRequestBuilder(
                                new X500Name("CN=berlin"), pair.getPublic())
                        .build(new JcaContentSignerBuilder("Ed25519").build(pair.getPrivate()))
                        .getEncoded();

        String issued =
                authority.issue(
                        Pem.encode(Pem.CERTIFICATE_REQUEST, request),
                        CertifiedName.site("acme", 1, "berlin"));

        X509Certificate certificate = Certificates.decode(Pem.decode(Pem.CERTIFICATE, issued));
        assertEquals(pair.getPublic(), certificate.getPublicKey());
    }

    @Test
    void shouldNotIssueForAnotherAccount() throws Exception {
        Authority authority = Authority.init(directory.resolve("ca"), "acme", CLOCK);
        String request = Identity.request(directory.resolve("box"), "berlin");

        assertThrows(
                IllegalArgumentException.class,
                () -> authority.issue(request, CertifiedName.site("other", 1, "berlin")));
    }
}
