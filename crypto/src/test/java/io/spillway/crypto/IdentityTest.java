package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir Path directory;
    private TestAccount acme;
    private Identity identity;
    private Path home;

    @BeforeEach
    void issueIdentity() {
        acme = new TestAccount(directory, "acme", CLOCK);
        identity = acme.site(1001);
        home = acme.directoryOf(identity.name());
    }

    @Test
    void shouldKeepKeyAcrossRequests() throws Exception {
        String before = Files.readString(home.resolve("key.pem"));

        String request = Identity.request(home, "site-1001");

        assertEquals(before, Files.readString(home.resolve("key.pem")));
        assertEquals(identity.certificate().getPublicKey(), SigningRequest.verifiedKey(request));
    }

    @Test
    void shouldWriteKeyForOwnerOnly() throws Exception {
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("key.pem"))));
    }

    @Test
    void shouldWarnAboutExposedKey() throws Exception {
        Files.setPosixFilePermissions(
                home.resolve("key.pem"), PosixFilePermissions.fromString("rw-r-----"));

        Identity loaded = Identity.load(home, CLOCK);

        assertEquals(1, loaded.warnings().size());
        assertTrue(loaded.warnings().getFirst().startsWith(home.resolve("key.pem") + ": mode"));
    }

    @Test
    void shouldNameMissingFile() throws Exception {
        for (String file : new String[] {"key.pem", "certificate.pem", "authority.pem"}) {
            Path moved = home.resolve(file + ".moved");
            Files.move(home.resolve(file), moved);

            assertRefused(file, "no such file");

            Files.move(moved, home.resolve(file));
        }
    }

    @Test
    void shouldNameUnreadableFile() throws Exception {
        Files.delete(home.resolve("key.pem"));
        Files.createDirectory(home.resolve("key.pem"));

        assertRefused("key.pem", "cannot be read");
    }

    @Test
    void shouldNameMalformedFile() throws Exception {
        for (String file :
                new String[] {"key.pem", "certificate.pem", "authority.pem", "revoked.crl"}) {
            String before = Files.readString(home.resolve(file));
            Files.writeString(home.resolve(file), "garbage");

            assertRefused(file, "found no PEM object");

            Files.writeString(home.resolve(file), before.replace("M", "A"));
            assertRefused(file, "");
            Files.writeString(home.resolve(file), before);
        }
    }

    @Test
    void shouldRefuseKeyOfAnotherCertificate() throws Exception {
        Identity other = acme.site(1002);
        Files.copy(
                acme.directoryOf(other.name()).resolve("key.pem"),
                home.resolve("key.pem"),
                StandardCopyOption.REPLACE_EXISTING);

        assertRefused("key.pem", "is not the key of");
    }

    @Test
    void shouldRefuseCertificateOfAnotherAuthority() throws Exception {
        TestAccount other = new TestAccount(directory, "other", CLOCK);
        Files.writeString(home.resolve("authority.pem"), other.authority().certificatePem());

        assertRefused("certificate.pem", "was issued by");
    }

    @Test
    void shouldRefuseRevocationsOfAnotherAuthority() throws Exception {
        TestAccount other = new TestAccount(directory, "other", CLOCK);
        Files.writeString(home.resolve("revoked.crl"), other.authority().revocationsPem());

        assertRefused("revoked.crl", "not signed by the authority");
    }

    @Test
    void shouldRefuseExpiredAndFutureCertificate() {
        InstantSource later = InstantSource.fixed(NOW.plus(Duration.ofDays(91)));
        InstantSource earlier = InstantSource.fixed(NOW.minus(Duration.ofDays(1)));

        IOException expired = assertThrows(IOException.class, () -> Identity.load(home, later));
        IOException future = assertThrows(IOException.class, () -> Identity.load(home, earlier));

        assertTrue(expired.getMessage().contains("certificate.pem: expired 2027-02-19"));
        assertTrue(future.getMessage().contains("certificate.pem: not valid before"));
    }

    @Test
    void shouldNotInstallCertificateOfAnotherKey() throws Exception {
        Identity.request(directory.resolve("box"), "berlin");

        IdentityException refused =
                assertThrows(
                        IdentityException.class,
                        () ->
                                Identity.install(
                                        directory.resolve("box"),
                                        Files.readString(home.resolve("certificate.pem")),
                                        acme.authority().certificatePem(),
                                        null));

        assertTrue(refused.getMessage().contains("is not the key of"));
        assertTrue(Files.notExists(directory.resolve("box/certificate.pem")));
    }

    @Test
    void shouldKeepRevocationsForNextStart() throws Exception {
        Identity revoked = acme.site(1002);
        acme.authority().revoke(entry -> entry.name().siteId() == 1002);

        identity.saveTrust(identity.trust().with(acme.authority().revocations()));

        PeerVerifier verifier = Identity.load(home, CLOCK).verifier(CLOCK);
        assertTrue(verifier.isRevoked(revoked.certificate()));
    }

    private void assertRefused(String file, String problem) {
        IdentityException refused =
                assertThrows(IdentityException.class, () -> Identity.load(home, CLOCK));
        String expected = home.resolve(file) + ": " + problem;
        assertTrue(refused.getMessage().startsWith(expected), refused.getMessage());
    }
}
