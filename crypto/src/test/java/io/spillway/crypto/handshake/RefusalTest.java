package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Role;
import io.spillway.crypto.TestAccount;
import io.spillway.crypto.handshake.Conversation.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each reason, with the client as the one refused, then the server. */
class RefusalTest {
    private static final InstantSource CLOCK = TestParty.CLOCK;

    @TempDir Path directory;
    private TestParty party;

    @BeforeEach
    void issueIdentities() {
        party = new TestParty(directory);
    }

    @Test
    void shouldRefuseExpiredCertificate() throws Exception {
        InstantSource later = InstantSource.offset(CLOCK, Duration.ofDays(91));

        assertRefusedBothWays(
                party.alice, party.bob.verifier(later), "EXPIRED: ", "certificate_expired");
    }

    @Test
    void shouldRefuseCertificateFromTheFuture() throws Exception {
        InstantSource earlier = InstantSource.offset(CLOCK, Duration.ofDays(-1));

        assertRefusedBothWays(
                party.alice, party.bob.verifier(earlier), "NOT_YET_VALID: ", "certificate_expired");
    }

    @Test
    void shouldRefuseForeignAccount() throws Exception {
        Identity foreign = new TestAccount(directory, "other", CLOCK).site(1001);

        assertRefusedBothWays(
                foreign, party.bob.verifier(CLOCK), "FOREIGN_ACCOUNT: ", "access_denied");
    }

    @Test
    void shouldRefuseUnknownAuthority() throws Exception {
        Identity forged = new TestAccount(directory.resolve("else"), "acme", CLOCK).site(1001);

        assertRefusedBothWays(
                forged, party.bob.verifier(CLOCK), "UNKNOWN_AUTHORITY: ", "unknown_ca");
    }

    @Test
    void shouldRefuseRevokedCertificate() throws Exception {
        PeerVerifier informed = party.bob.verifier(CLOCK);
        party.account.authority().revoke(entry -> entry.name().siteId() == 1001);
        informed.revoke(party.account.authority().revocations());

        assertRefusedBothWays(party.alice, informed, "REVOKED: ", "certificate_revoked");
    }

    @Test
    void shouldRefuseWrongRole() throws Exception {
        PeerVerifier onlyPops = party.bob.verifier(CLOCK).accepting(Role.POP);

        assertRefusedBothWays(party.alice, onlyPops, "WRONG_ROLE: ", "access_denied");
    }

    private void assertRefusedBothWays(
            Identity refused, PeerVerifier refusing, String reason, String alert) throws Exception {
        // The refused side accepts anything of its own account, and of the refusing one's.
        PeerVerifier lenient = party.bob.verifier(CLOCK);
        var outcast = new DtlsHandshakes(TestParty.config(refused).withVerifier(lenient));
        var judge = new DtlsHandshakes(TestParty.config(party.bob).withVerifier(refusing));

        try (var talk = Conversation.start(outcast, judge, Network.PERFECT)) {
            assertStartsWith(reason, talk.server.failure());
            assertStartsWith("ALERT: ", talk.client.failure());
            assertTrue(talk.client.failure().contains(alert), talk.client.failure());
        }
        try (var talk = Conversation.start(judge, outcast, Network.PERFECT)) {
            assertStartsWith(reason, talk.client.failure());
            assertStartsWith("ALERT: ", talk.server.failure());
            assertTrue(talk.server.failure().contains(alert), talk.server.failure());
        }
    }

    private static void assertStartsWith(String expected, String actual) {
        assertTrue(actual.startsWith(expected), actual);
    }
}
