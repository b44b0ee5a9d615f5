package io.spillway.node.channel;

import static io.spillway.node.channel.ChannelBench.next;
import static io.spillway.node.channel.ChannelBench.stateRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Refusal;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalTest {
    @TempDir Path directory;
    private final ChannelBench bench = new ChannelBench();
    private final SiteRecorder atSite = new SiteRecorder();
    private final PopRecorder atPop = new PopRecorder();
    private final CapturedLog popLog = new CapturedLog(ChannelServer.class);
    private final CapturedLog siteLog = new CapturedLog(ChannelClient.class);
    private TestAccount acme;
    private Identity pop;
    private Identity site;

    @BeforeEach
    void issueIdentities() throws IOException {
        acme = new TestAccount(directory, "acme");
        pop = acme.pop();
        site = acme.site(1001);
    }

    @AfterEach
    void closeAll() throws Exception {
        popLog.close();
        siteLog.close();
        bench.close();
    }

    @Test
    void shouldRefuseExpiredSite() throws Exception {
        InstantSource later = InstantSource.offset(TestAccount.CLOCK, Duration.ofDays(121));
        ChannelServer server = serverThatChecks(pop.verifier(later));

        bench.client(site, server.local(), atSite);

        assertRefused(Refusal.REFUSAL_IDENTITY_MISMATCH, "EXPIRED: site 1001 of account acme");
    }

    @Test
    void shouldRefuseRevokedSite() throws Exception {
        acme.authority().revoke(entry -> entry.name().siteId() == 1001);
        PeerVerifier verifier = pop.verifier(TestAccount.CLOCK);
        verifier.revoke(acme.authority().revocations());
        ChannelServer server = serverThatChecks(verifier);

        bench.client(site, server.local(), atSite);

        assertRefused(Refusal.REFUSAL_REVOKED, "REVOKED: certificate ");
    }

    @Test
    void shouldRefuseSiteOfForeignAccount() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        Identity foreign = new TestAccount(directory, "globex").site(1001);

        bench.client(foreign, site.verifier(TestAccount.CLOCK), server.local(), atSite);

        assertRefused(
                Refusal.REFUSAL_WRONG_ACCOUNT, "FOREIGN_ACCOUNT: spillway://globex/site/1001");
    }

    @Test
    void shouldRefusePopThatPosesAsSite() throws Exception {
        ChannelServer server = bench.server(pop, atPop);

        bench.client(acme.pop(), site.verifier(TestAccount.CLOCK), server.local(), atSite);

        assertRefused(Refusal.REFUSAL_IDENTITY_MISMATCH, "WRONG_ROLE: PoP frankfurt");
    }

    @Test
    void shouldNotTalkToPopOfForeignAccount() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        Identity foreign = new TestAccount(directory, "globex").site(1001);

        bench.client(foreign, server.local(), atSite);

        String reason = "refused its certificate: FOREIGN_ACCOUNT: spillway://acme/pop/frankfurt";
        ChannelBench.await("site's line", () -> !siteLog.containing(reason).isEmpty());
        String told = "the far side refused our certificate (TLS alert certificate_unknown)";
        ChannelBench.await("PoP's line", () -> !popLog.containing(told).isEmpty());
        assertEquals(1, siteLog.containing(reason).size());
        assertNull(atSite.connected.poll());
        assertNull(atPop.accepted.poll());
    }

    @Test
    void shouldNotTalkToSiteThatPosesAsPop() throws Exception {
        ChannelServer server = bench.server(acme.site(1002), atPop);

        bench.client(site, server.local(), atSite);

        String reason = "refused its certificate: WRONG_ROLE: site 1002";
        ChannelBench.await("site's line", () -> !siteLog.containing(reason).isEmpty());
        assertNull(atSite.connected.poll());
    }

    @Test
    void shouldRefuseSiteWithoutCertificate() throws Exception {
        ChannelServer server = bench.server(pop, atPop);

        try (RawSite nobody = RawSite.withoutCertificate(server.local())) {
            nobody.send(stateRequest(1));
            Frame answer = nobody.read();

            assertEquals(Refusal.REFUSAL_IDENTITY_MISMATCH, answer.getWelcome().getRefusal());
            assertTrue(answer.getWelcome().getDetail().startsWith("NO_CERTIFICATE: "));
            assertTrue(nobody.isClosedByFarSide());
        }
        ChannelBench.await("line", () -> popLog.containing("refused: NO_CERTIFICATE").size() == 1);
        assertTrue(atPop.accepted.isEmpty() && atPop.frames.isEmpty());
    }

    @Test
    void shouldEndNewcomerWhoSaysNothing() throws Exception {
        ChannelServer server = bench.server(pop, atPop);

        try (RawSite nobody = RawSite.withoutCertificate(server.local())) {
            assertTrue(nobody.isClosedByFarSide());
        }

        ChannelBench.await("line", () -> !popLog.containing("nothing heard").isEmpty());
    }

    @Test
    void shouldRefuseSecondMachineWithTheSameId() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        bench.client(site, server.local(), new SiteRecorder());
        next(atPop.accepted);

        bench.client(acme.site(1001), server.local(), atSite);

        assertRefused(
                Refusal.REFUSAL_DUPLICATE_SITE_ID,
                "another machine uses this ID: site 1001 (site-1001) at 127.0.0.1");
        assertTrue(atPop.closed.isEmpty());
    }

    @Test
    void shouldNotBeHeldUpByConnectionsAboveTheBound() throws Exception {
        ChannelServer server =
                bench.open(
                        new ChannelServerConfig(
                                ChannelBench.loopback(0),
                                pop,
                                pop.verifier(TestAccount.CLOCK),
                                Set.of(),
                                Enroller.UNAVAILABLE,
                                1,
                                ChannelBench.FAST),
                        atPop);
        bench.client(site, server.local(), atSite);
        next(atPop.accepted);

        bench.client(acme.site(1002), server.local(), new SiteRecorder());

        String line = "refused, all 1 connections are in use";
        ChannelBench.await("line", () -> !popLog.containing(line).isEmpty());
        assertTrue(atSite.disconnected.isEmpty());
    }

    private ChannelServer serverThatChecks(PeerVerifier verifier) throws IOException {
        return bench.server(pop, verifier, Enroller.UNAVAILABLE, atPop);
    }

    /** Both ends know, and each says so once, however often the site tries again. */
    private void assertRefused(Refusal refusal, String reason) throws Exception {
        Frame welcome = next(atSite.frames);
        assertEquals(refusal, welcome.getWelcome().getRefusal());
        assertTrue(welcome.getWelcome().getDetail().startsWith(reason), welcome.toString());
        assertTrue(next(atSite.disconnected).startsWith("refused by the PoP: " + refusal));
        next(atSite.disconnected); // tried again
        ChannelBench.await("line", () -> !popLog.containing("refused: " + reason).isEmpty());
        assertEquals(1, siteLog.containing(reason).size());
    }
}
