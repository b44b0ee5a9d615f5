package io.spillway.node.channel;

import static io.spillway.node.channel.ChannelBench.next;
import static io.spillway.node.channel.ChannelBench.stateRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Renew;
import io.spillway.control.wire.RenewReply;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.IdentityRenewal;
import io.spillway.crypto.PeerVerifier;
import io.spillway.node.enrol.EnrolTokens;
import io.spillway.node.enrol.Enrolment;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewalTest {
    @TempDir Path directory;
    private final ChannelBench bench = new ChannelBench();
    private final SiteRecorder atSite = new SiteRecorder();
    private final PopRecorder atPop = new PopRecorder();
    private TestAccount acme;
    private Identity pop;
    private Identity site;
    private Path home;

    @BeforeEach
    void issueIdentities() throws IOException {
        acme = new TestAccount(directory, "acme");
        pop = acme.pop();
        site = acme.site(1001);
        home = acme.lastHome();
    }

    @AfterEach
    void closeAll() {
        bench.close();
    }

    @Test
    void shouldRenewOverTheSitesOwnChannel() throws Exception {
        ChannelServer server = server(Duration.ofDays(61));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        client.send(renew());
        RenewReply reply = next(atSite.frames).getRenewReply();

        assertEquals("", reply.getError());
        Identity renewed =
                IdentityRenewal.install(home, site, reply.getCertificate().toByteArray());
        assertEquals(CertifiedName.site("acme", 1001, "site-1001"), renewed.name());
        client.send(stateRequest(3));
        assertEquals(3, next(atPop.frames).getStateRequest().getRequest());
    }

    /** The channel of the old key stands: the new one is no stranger to it. */
    @Test
    void shouldTakeTheRenewedKeyForTheSameMachine() throws Exception {
        ChannelServer server = server(Duration.ofDays(61));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);
        client.send(renew());
        byte[] issued = next(atSite.frames).getRenewReply().getCertificate().toByteArray();
        Identity renewed = IdentityRenewal.install(home, site, issued);

        PeerVerifier verifier = renewed.verifier(clockAfter(Duration.ofDays(61)));
        SiteRecorder again = new SiteRecorder();
        bench.client(renewed, verifier, server.local(), again);

        next(again.connected);
        assertEquals(site.certificate(), next(atPop.accepted).peer().certificate());
        assertEquals(renewed.certificate(), next(atPop.accepted).peer().certificate());
    }

    @Test
    void shouldNotRenewBeforeTheLastThird() throws Exception {
        ChannelServer server = server(Duration.ofDays(50));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        client.send(renew());

        String error = next(atSite.frames).getRenewReply().getError();
        assertTrue(error.startsWith("its certificate is not to be renewed before"), error);
    }

    @Test
    void shouldNotRenewOneCertificateAgainAndAgain() throws Exception {
        ChannelServer server = server(Duration.ofDays(61));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);
        client.send(renew());
        next(atSite.frames);

        client.send(renew());

        assertEquals(
                "its certificate was renewed a moment ago",
                next(atSite.frames).getRenewReply().getError());
    }

    @Test
    void shouldSayThatThePoPCannotRenew() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        client.send(renew());

        String error = next(atSite.frames).getRenewReply().getError();
        assertTrue(error.startsWith("this PoP does not renew certificates: "), error);
    }

    @Test
    void shouldSayWhatIsWrongWithARequest() throws Exception {
        ChannelServer server = server(Duration.ofDays(61));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        client.send(renew(new byte[] {1, 2, 3}));

        String error = next(atSite.frames).getRenewReply().getError();
        assertTrue(error.startsWith("not a signing request: "), error);
    }

    /** Nothing but a renewal, and only for thirty days. */
    @Test
    void shouldRenewACertificateThatHasEndedOfLate() throws Exception {
        ChannelServer server = server(Duration.ofDays(100));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        client.send(renew());
        client.send(stateRequest(1));
        RenewReply reply = next(atSite.frames).getRenewReply();

        assertEquals("", reply.getError());
        X509Certificate issued = Certificates.decode(reply.getCertificate().toByteArray());
        assertEquals(1001, pop.verifier(TestAccount.CLOCK).verify(issued).siteId());
        next(atSite.disconnected);
        assertTrue(atPop.accepted.isEmpty() && atPop.frames.isEmpty());
    }

    @Test
    void shouldRefuseWhoseCertificateHasEndedAndSaysSomethingElse() throws Exception {
        ChannelServer server = server(Duration.ofDays(100));
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        client.send(stateRequest(1));

        assertRefused("EXPIRED: site 1001 of account acme");
    }

    @Test
    void shouldNotRenewLongAfterTheEnd() throws Exception {
        ChannelServer server = server(Duration.ofDays(121));

        bench.client(site, server.local(), atSite);

        assertRefused("EXPIRED: site 1001 of account acme");
    }

    @Test
    void shouldNotRenewWhatIsRevoked() throws Exception {
        acme.authority().revoke(entry -> entry.name().siteId() == 1001);
        ChannelServer server = server(Duration.ofDays(100));

        bench.client(site, server.local(), atSite);

        assertRefused("EXPIRED: site 1001 of account acme");
    }

    private void assertRefused(String reason) throws InterruptedException {
        String detail = next(atSite.frames).getWelcome().getDetail();
        assertTrue(detail.startsWith(reason), detail);
        assertTrue(atPop.accepted.isEmpty());
    }

    /** A PoP with the authority, whose clock is ahead. */
    private ChannelServer server(Duration later) throws Exception {
        InstantSource clock = clockAfter(later);
        PeerVerifier verifier = pop.verifier(clock);
        verifier.revoke(acme.authority().revocations());
        EnrolTokens tokens = new EnrolTokens(directory.resolve("state"), clock);
        return bench.server(pop, verifier, new Enrolment(acme::authority, tokens, clock), atPop);
    }

    private static InstantSource clockAfter(Duration later) {
        return InstantSource.offset(TestAccount.CLOCK, later);
    }

    private Frame renew() throws IOException {
        return renew(IdentityRenewal.request(home, "site-1001"));
    }

    private static Frame renew(byte[] csr) {
        Renew renew = Renew.newBuilder().setCsr(ByteString.copyFrom(csr)).build();
        return Frame.newBuilder().setRenew(renew).build();
    }
}
