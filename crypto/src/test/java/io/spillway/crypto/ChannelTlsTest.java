package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelTlsTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int TIMEOUT_MS = 10_000;

    @TempDir Path directory;
    private TestAccount acme;
    private Identity site;
    private Identity pop;

    @BeforeEach
    void issueIdentities() {
        acme = new TestAccount(directory, "acme", CLOCK);
        site = acme.site(1001);
        pop = acme.pop("frankfurt");
    }

    @Test
    void shouldAuthenticateBothWaysOverTls13() throws Exception {
        PeerVerifier sites = pop.verifier(CLOCK).accepting(Role.SITE);
        PeerVerifier pops = site.verifier(CLOCK).accepting(Role.POP);

        SSLSession session =
                exchange(site, pops, pop, sites).get(TIMEOUT_MS, TimeUnit.MILLISECONDS);

        assertEquals("TLSv1.3", session.getProtocol());
        X509Certificate shown = (X509Certificate) session.getPeerCertificates()[0];
        assertEquals(1001, sites.verify(shown).siteId());
    }

    @Test
    void shouldRefuseSiteThatPosesAsPop() throws Exception {
        PeerVerifier pops = site.verifier(CLOCK).accepting(Role.POP);

        assertThrows(
                ExecutionException.class,
                () ->
                        exchange(site, pops, acme.site(1002), pop.verifier(CLOCK))
                                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldRefuseExpiredSite() {
        InstantSource later = InstantSource.offset(CLOCK, Duration.ofDays(91));

        ExecutionException refused =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                exchange(site, site.verifier(CLOCK), pop, pop.verifier(later))
                                        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS));

        assertEquals(Refusal.EXPIRED, refusalIn(refused).refusal());
    }

    /** One byte from the client to the server; the server's session, or why there is none. */
    private static CompletableFuture<SSLSession> exchange(
            Identity client, PeerVerifier ofClient, Identity server, PeerVerifier ofServer)
            throws IOException {
        CompletableFuture<SSLSession> outcome = new CompletableFuture<>();
        SSLServerSocket listening =
                (SSLServerSocket)
                        server.tlsContext(ofServer)
                                .getServerSocketFactory()
                                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listening.setSSLParameters(Identity.tlsParameters());
        listening.setSoTimeout(TIMEOUT_MS);
        Thread.ofVirtual().start(() -> accept(listening, outcome));
        try (SSLSocket socket =
                (SSLSocket)
                        client.tlsContext(ofClient)
                                .getSocketFactory()
                                .createSocket(
                                        InetAddress.getLoopbackAddress(),
                                        listening.getLocalPort())) {
            socket.setSSLParameters(Identity.tlsParameters());
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(1);
            socket.getInputStream().read();
        } catch (IOException e) {
            // The server's view is what counts: a refused client learns of it as a broken socket.
        }
        return outcome;
    }

    private static void accept(SSLServerSocket listening, CompletableFuture<SSLSession> outcome) {
        try (listening;
                SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getInputStream().read();
            outcome.complete(socket.getSession());
        } catch (IOException e) {
            outcome.completeExceptionally(e);
        }
    }

    private static PeerRefusedException refusalIn(Throwable thrown) {
        Throwable cause = thrown;
        while (!(cause instanceof PeerRefusedException)) {
            cause = cause.getCause();
        }
        return (PeerRefusedException) cause;
    }
}
