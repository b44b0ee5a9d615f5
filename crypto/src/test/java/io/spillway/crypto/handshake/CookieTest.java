package io.spillway.crypto.handshake;

import static io.spillway.crypto.handshake.Conversation.CLIENT_ENDPOINT;
import static io.spillway.crypto.handshake.Conversation.CLIENT_ID;
import static io.spillway.crypto.handshake.Conversation.SERVER_ENDPOINT;
import static io.spillway.crypto.handshake.Conversation.SERVER_ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CookieTest {
    @TempDir Path directory;
    private final Datagrams fromClient = new Datagrams();
    private final Datagrams fromServer = new Datagrams();
    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 1);
    private TestParty party;
    private Handshake client;

    @BeforeEach
    void startClient() {
        party = new TestParty(directory);
        client = party.connector().connect(SERVER_ENDPOINT, CLIENT_ID, fromClient);
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void shouldKeepNoStateBeforeTheCookie() throws Exception {
        DtlsHandshakes server = party.acceptor();
        byte[] hello = fromClient.next();

        for (int i = 0; i < 3; i++) {
            assertNull(server.accept(hello, CLIENT_ENDPOINT, SERVER_ID, fromServer));
        }

        // Every answer is the same: nothing was remembered in between.
        byte[] answer = fromServer.next();
        assertTrue(answer.length <= hello.length, answer.length + " > " + hello.length);
        assertEquals(hex(answer), hex(fromServer.next()));
        assertEquals(hex(answer), hex(fromServer.next()));
        client.onDatagram(answer);
        Handshake accepted =
                server.accept(helloWithCookie(), CLIENT_ENDPOINT, SERVER_ID, fromServer);
        assertNotNull(accepted);
        accepted.close();
    }

    @Test
    void shouldNotTakeCookieFromAnotherEndpoint() throws Exception {
        DtlsHandshakes server = party.acceptor();
        assertNull(server.accept(fromClient.next(), CLIENT_ENDPOINT, SERVER_ID, fromServer));
        client.onDatagram(fromServer.next());
        byte[] hello = helloWithCookie();
        InetSocketAddress otherPort =
                new InetSocketAddress(CLIENT_ENDPOINT.getAddress(), CLIENT_ENDPOINT.getPort() + 1);

        assertNull(server.accept(hello, otherPort, SERVER_ID, fromServer));
        assertNull(party.acceptor().accept(hello, CLIENT_ENDPOINT, SERVER_ID, fromServer));
    }

    @Test
    void shouldForgetSecretsAfterTwoLifetimes() throws Exception {
        Cookie cookie = new Cookie(new BcTlsCrypto(new SecureRandom()), nowNs::get);
        byte[] hello = helloWithCookieOf(cookie);

        assertNotNull(verify(cookie, hello));
        nowNs.addAndGet(Cookie.SECRET_LIFETIME.toNanos());
        assertNotNull(verify(cookie, hello));
        nowNs.addAndGet(Cookie.SECRET_LIFETIME.toNanos());
        assertNull(verify(cookie, hello));
    }

    @Test
    void shouldForgetBothSecretsAfterLongSilence() throws Exception {
        Cookie cookie = new Cookie(new BcTlsCrypto(new SecureRandom()), nowNs::get);
        byte[] hello = helloWithCookieOf(cookie);

        nowNs.addAndGet(2 * Cookie.SECRET_LIFETIME.toNanos());

        assertNull(verify(cookie, hello));
    }

    @Test
    void shouldIgnoreGarbage() throws Exception {
        DtlsHandshakes server = party.acceptor();
        byte[] hello = fromClient.next();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);

        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(hello.length + 20)];
            random.nextBytes(garbage);
            int kept = random.nextInt(Math.min(garbage.length, hello.length) + 1);
            System.arraycopy(hello, 0, garbage, 0, kept);
            assertNull(
                    server.accept(garbage, CLIENT_ENDPOINT, SERVER_ID, fromServer), "seed " + seed);
        }
    }

    private byte[] helloWithCookieOf(Cookie cookie) throws InterruptedException {
        assertNull(verify(cookie, fromClient.next()));
        client.onDatagram(fromServer.next());
        return helloWithCookie();
    }

    /** The next ClientHello that is no repetition of the first: message sequence 1. */
    private byte[] helloWithCookie() throws InterruptedException {
        byte[] hello = fromClient.next();
        while (hello[13 + 5] != 1) {
            hello = fromClient.next();
        }
        return hello;
    }

    private DTLSRequest verify(Cookie cookie, byte[] hello) {
        return cookie.verify(
                hello,
                CLIENT_ENDPOINT,
                new DatagramSender() {
                    @Override
                    public int getSendLimit() {
                        return 1200;
                    }

                    @Override
                    public void send(byte[] buffer, int offset, int length) {
                        byte[] datagram = new byte[length];
                        System.arraycopy(buffer, offset, datagram, 0, length);
                        fromServer.send(datagram);
                    }
                });
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    /** Collects what is sent; nothing completes here. */
    private static final class Datagrams implements Handshake.Listener {
        private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

        byte[] next() throws InterruptedException {
            byte[] datagram = sent.poll(10, TimeUnit.SECONDS);
            assertNotNull(datagram, "nothing was sent");
            return datagram;
        }

        @Override
        public void send(byte[] datagram) {
            sent.add(datagram);
        }

        @Override
        public void onComplete(HandshakeResult result) {
            throw new AssertionError("completed");
        }

        @Override
        public void onFailed(String reason) {}
    }
}
