package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Identity;
import io.spillway.node.PopConfig;
import io.spillway.node.channel.TestAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PopIdentityTest {
    private static final String CONFIG =
            """
            pop: {name: %s, account: acme}
            identity: %s
            %s
            listen: {address: 203.0.113.10, device: eth0}
            """;

    @TempDir Path directory;
    private TestAccount account;
    private Path home;
    private Identity site;
    private Duration later = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(later);

    @BeforeEach
    void makeAccount() throws IOException {
        account = new TestAccount(directory, "acme");
        site = account.site(7);
        account.pop();
        home = account.lastHome();
    }

    private PopIdentity open(String name, boolean hasAuthority) throws Exception {
        String authority = hasAuthority ? "authority: " + account.authorityDirectory() : "";
        Path file = directory.resolve("pop.yaml");
        Files.writeString(file, CONFIG.formatted(name, home, authority));
        return new PopIdentity(PopConfig.read(file), clock, () -> 0);
    }

    private boolean isSiteRevoked(PopIdentity identity) {
        return identity.verifier().isRevoked(site.certificate());
    }

    @Test
    void shouldTakeUpARevocationFromTheDisk() throws Exception {
        PopIdentity identity = open("frankfurt", true);
        identity.look();
        assertFalse(identity.look());

        account.authority().revoke(entry -> entry.name().siteId() == 7);

        assertTrue(identity.look());
        assertTrue(isSiteRevoked(identity));
        assertFalse(identity.look());
    }

    @Test
    void shouldRefuseAnOlderListThatIsPutBack() throws Exception {
        PopIdentity identity = open("frankfurt", true);
        account.authority().revoke(entry -> entry.name().siteId() == 1234);
        identity.look();
        Path list = account.authorityDirectory().resolve("revoked.crl");
        Path before = Files.copy(list, directory.resolve("before.crl"));
        account.authority().revoke(entry -> entry.name().siteId() == 7);
        identity.look();

        Files.copy(before, list, StandardCopyOption.REPLACE_EXISTING);

        assertFalse(identity.look(), "nothing to take up");
        assertTrue(isSiteRevoked(identity));
    }

    @Test
    void shouldKeepAListThatWasDeleted() throws Exception {
        PopIdentity identity = open("frankfurt", false);
        account.authority().revoke(entry -> entry.name().siteId() == 7);
        Path list = home.resolve("revoked.crl");
        Files.copy(
                account.authorityDirectory().resolve("revoked.crl"),
                list,
                StandardCopyOption.REPLACE_EXISTING);
        assertTrue(identity.look());

        Files.delete(list);
        identity.look();

        assertTrue(isSiteRevoked(identity));
    }

    @Test
    void shouldRenewItselfWhereItHasTheAuthority() throws Exception {
        PopIdentity identity = open("frankfurt", true);
        identity.look();
        var before = identity.current().certificate();

        later = Duration.ofDays(364);
        assertTrue(identity.look());

        assertNotEquals(before, identity.current().certificate());
        assertEquals(identity.vintage().own(), identity.vintage().authority());
        assertFalse(identity.look());
    }

    @Test
    void shouldNotStartAsSomebodyElse() {
        IOException refused = assertThrows(IOException.class, () -> open("paris", false));

        assertTrue(refused.getMessage().contains("paris"), refused.getMessage());
    }
}
