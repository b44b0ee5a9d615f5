package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.spillway.crypto.Trust;
import io.spillway.node.channel.TestAccount;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VintageTest {
    @TempDir Path directory;

    @Test
    void shouldKeepSinceWhenAsLongAsTheIssuerIsTheSame() throws Exception {
        TestAccount account = new TestAccount(directory, "acme");
        Trust trust = Trust.of(account.authority().certificate());
        X509Certificate own = account.site(1).certificate();

        Vintage first = Vintage.of(trust, own, null, 5);
        Vintage renewed = Vintage.of(trust, account.site(1).certificate(), first, 900);

        assertEquals(first.authority(), first.own());
        assertEquals(5, renewed.ownSinceNs());
        assertEquals(first, renewed);
    }

    @Test
    void shouldBeginAnewWithACertificateOfAnotherAuthority() throws Exception {
        TestAccount before = new TestAccount(directory.resolve("before"), "acme");
        TestAccount next = new TestAccount(directory.resolve("next"), "acme");
        Trust trust = Trust.of(next.authority().certificate());
        Vintage first = Vintage.of(trust, before.site(1).certificate(), null, 5);
        assertNotEquals(first.authority(), first.own(), "one is still to come");

        Vintage renewed = Vintage.of(trust, next.site(1).certificate(), first, 900);

        assertEquals(900, renewed.ownSinceNs());
        assertEquals(renewed.authority(), renewed.own());
    }
}
