package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityRenewalTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir Path directory;
    private Instant now = START;
    private final InstantSource clock = () -> now;
    private TestAccount acme;
    private Identity old;
    private PeerIdentity holder;
    private Path home;

    @BeforeEach
    void issueIdentity() throws Exception {
        acme = new TestAccount(directory, "acme", clock);
        old = acme.site(1001);
        home = acme.directoryOf(old.name());
        holder = old.verifier(clock).verify(old.certificate());
        now = START.plus(Duration.ofDays(61));
    }

    @Test
    void shouldTakeTheNewKeyAndCertificate() throws Exception {
        byte[] issued = acme.authority().renew(IdentityRenewal.request(home, "berlin"), holder);

        Identity renewed = IdentityRenewal.install(home, old, issued);

        assertEquals(old.name(), renewed.name());
        assertNotEquals(old.key(), renewed.key());
        assertEquals(
                START.plus(Duration.ofDays(61 + 90)),
                renewed.certificate().getNotAfter().toInstant());
        assertEquals(renewed.key(), Identity.load(home, clock).key());
        assertEquals(old.key(), renewed.previousKey().orElseThrow());
        for (String file : new String[] {"key.pem", "key.previous.pem"}) {
            var mode = Files.getPosixFilePermissions(home.resolve(file));
            assertEquals("rw-------", PosixFilePermissions.toString(mode));
        }
        assertFalse(Files.exists(home.resolve("key.next.pem")));
    }

    @Test
    void shouldBeTheSameHolderForThePoP() throws Exception {
        byte[] issued = acme.authority().renew(IdentityRenewal.request(home, "berlin"), holder);
        Identity renewed = IdentityRenewal.install(home, old, issued);
        PeerVerifier verifier = old.verifier(clock);
        PeerIdentity after = verifier.verify(renewed.certificate());

        assertTrue(after.isSameHolder(holder) && holder.isSameHolder(after));
        PeerIdentity other = verifier.verify(acme.site(1002).certificate());
        assertFalse(after.isSameHolder(other));
    }

    @Test
    void shouldAskAgainWithTheSameKey() throws Exception {
        byte[] first = IdentityRenewal.request(home, "berlin");
        byte[] second = IdentityRenewal.request(home, "berlin");
        acme.authority().renew(first, holder);

        IdentityRenewal.install(home, old, acme.authority().renew(second, holder));
    }

    /** Between any two of the steps the power may go. */
    @Test
    void shouldFindItsKeyWhereverThePowerWent() throws Exception {
        byte[] issued = acme.authority().renew(IdentityRenewal.request(home, "berlin"), holder);
        byte[] nextKey = Files.readAllBytes(home.resolve("key.next.pem"));
        byte[] oldKey = Files.readAllBytes(home.resolve("key.pem"));
        assertEquals(old.key(), Identity.load(home, clock).key());

        IdentityRenewal.install(home, old, issued);

        Files.write(home.resolve("key.next.pem"), nextKey); // as after step 2
        Files.write(home.resolve("key.pem"), oldKey);
        Files.delete(home.resolve("key.previous.pem"));
        assertEquals(old.key(), Identity.load(home, clock).previousKey().orElseThrow());
        Files.move(home.resolve("key.pem"), home.resolve("key.next.pem")); // as after step 3
        Identity.load(home, clock);
        assertArrayEquals(nextKey, Files.readAllBytes(home.resolve("key.pem")));
    }

    @Test
    void shouldNotInstallWhatIsNotItsOwn() throws Exception {
        IdentityRenewal.request(home, "berlin");
        byte[] before = Files.readAllBytes(home.resolve("certificate.pem"));

        assertRefused("is not of our new key", acme.site(1002).certificate().getEncoded());
        assertRefused("will not be written: ", new byte[] {1, 2, 3});
        TestAccount impostor = new TestAccount(directory.resolve("elsewhere"), "acme", clock);
        byte[] foreign =
                impostor.authority().renew(IdentityRenewal.request(home, "berlin"), holder);
        assertRefused("was not issued by an authority of ours", foreign);
        PeerIdentity other = old.verifier(clock).verify(acme.site(1002).certificate());
        byte[] ofOther = acme.authority().renew(IdentityRenewal.request(home, "x"), other);
        assertRefused("is of spillway://acme/site/1002", ofOther);

        assertArrayEquals(before, Files.readAllBytes(home.resolve("certificate.pem")));
    }

    @Test
    void shouldNotRenewWhatIsRevokedNorForTheOldKey() throws Exception {
        byte[] ofOldKey = Pem.decode(Pem.CERTIFICATE_REQUEST, Identity.request(home, "site-1001"));
        assertThrows(
                GeneralSecurityException.class, () -> acme.authority().renew(ofOldKey, holder));
        acme.authority().revoke(entry -> entry.name().siteId() == 1001);
        byte[] request = IdentityRenewal.request(home, "berlin");

        GeneralSecurityException refused =
                assertThrows(
                        GeneralSecurityException.class,
                        () -> acme.authority().renew(request, holder));
        assertEquals("its certificate is revoked", refused.getMessage());
    }

    @Test
    void shouldMakeAnotherKeyWhereTheNextOneCannotBeRead() throws Exception {
        Files.writeString(home.resolve("key.next.pem"), "cut short");

        byte[] issued = acme.authority().renew(IdentityRenewal.request(home, "berlin"), holder);

        IdentityRenewal.install(home, old, issued);
    }

    @Test
    void shouldOpenWithTheOldKeyWhatItSealed() throws Exception {
        BoxSeal before = BoxSeal.of(old.key(), "berlin", new byte[0]);
        byte[] issued = acme.authority().renew(IdentityRenewal.request(home, "berlin"), holder);
        Identity renewed = IdentityRenewal.install(home, old, issued);
        BoxSeal after = BoxSeal.of(renewed.key(), "berlin", new byte[0]).opening(before);

        assertArrayEquals(new byte[] {7}, after.open(before.seal(new byte[] {7})));
        assertArrayEquals(new byte[] {7}, after.open(after.seal(new byte[] {7})));
        assertThrows(GeneralSecurityException.class, () -> before.open(after.seal(new byte[] {7})));
    }

    @Test
    void shouldOpenTheWindowAfterTwoThirdsOfALife() {
        RenewalWindow window = RenewalWindow.of(old.certificate());
        Instant day60 = START.plus(Duration.ofDays(60));

        assertTrue(Duration.between(window.from(), day60).abs().toMinutes() < 5);
        assertEquals(Duration.ofMinutes(10), window.retryFirst());
        assertEquals(6, window.retryMax().toHours());
        assertTrue(window.isOpen(window.from()) && !window.isOpen(window.from().minusMillis(1)));
    }

    private void assertRefused(String expected, byte[] issued) {
        IOException refused =
                assertThrows(IOException.class, () -> IdentityRenewal.install(home, old, issued));
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }
}
