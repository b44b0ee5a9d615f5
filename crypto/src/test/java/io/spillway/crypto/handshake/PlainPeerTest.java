package io.spillway.crypto.handshake;

import static io.spillway.crypto.handshake.Conversation.CLIENT_ENDPOINT;
import static io.spillway.crypto.handshake.Conversation.CLIENT_ID;
import static io.spillway.crypto.handshake.Conversation.SERVER_ENDPOINT;
import static io.spillway.crypto.handshake.Conversation.SERVER_ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.Session;
import io.spillway.crypto.handshake.PlainPeer.Manners;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.CipherSuite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our records and Bouncy Castle's under the same keys: the take-over, checked from outside. */
class PlainPeerTest {
    private static final long FIRST_SEQUENCE = 65536;

    @TempDir static Path directory;
    private static TestParty party;

    @BeforeAll
    static void issueIdentities() {
        party = new TestParty(directory);
    }

    @Test
    void shouldTakeOverAfterLostLastFlightAsServer() throws Exception {
        for (RecordSuite suite : RecordSuite.values()) {
            for (boolean withIds : new boolean[] {true, false}) {
                Ours ours = new Ours(2);
                PlainPeer peer =
                        PlainPeer.connect(manners(suite.code(), withIds, true), ours::accept);
                ours.peer.complete(peer::onDatagram);

                try (Session session = TestSessions.of(ours.result())) {
                    peer.sendText("from the peer");
                    assertEquals("from the peer", TestSessions.open(session, ours.lastReceived()));
                    assertTrue(ours.sealedBelowFirstSequence() >= 3);
                    exchange(session, peer, ours);
                }
                ours.started.join().close();
            }
        }
    }

    @Test
    void shouldTakeOverAsClient() throws Exception {
        for (RecordSuite suite : RecordSuite.values()) {
            for (boolean withIds : new boolean[] {true, false}) {
                Ours ours = new Ours(0);
                PlainPeer peer =
                        PlainPeer.accept(manners(suite.code(), withIds, true), ours::receive);
                ours.peer.complete(peer::onDatagram);
                ours.connect();

                try (Session session = TestSessions.of(ours.result())) {
                    assertTrue(session.maySeal());
                    exchange(session, peer, ours);
                }
            }
        }
    }

    @Test
    void shouldRefuseClientWithoutCertificate() throws Exception {
        Ours ours = new Ours(0);
        PlainPeer peer = PlainPeer.connect(manners(0xC02B, true, false), ours::accept);
        ours.peer.complete(peer::onDatagram);

        assertTrue(ours.failure().startsWith("NO_CERTIFICATE: "), ours.failure());
    }

    @Test
    void shouldRefuseServerThatDoesNotAskWhoWeAre() throws Exception {
        Ours ours = new Ours(0);
        PlainPeer peer = PlainPeer.accept(manners(0xC02B, true, false), ours::receive);
        ours.peer.complete(peer::onDatagram);
        ours.connect();

        assertTrue(ours.failure().contains("did not ask for our certificate"), ours.failure());
    }

    @Test
    void shouldRefuseOtherSuites() throws Exception {
        int cbc = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256;
        int ccm = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM;
        for (int suite : new int[] {cbc, ccm}) {
            Ours ours = new Ours(0);
            PlainPeer peer = PlainPeer.connect(manners(suite, true, true), ours::accept);
            ours.peer.complete(peer::onDatagram);

            assertTrue(ours.failure().startsWith("PROTOCOL: "), ours.failure());
            assertThrows(ExecutionException.class, peer::established);
        }
    }

    @Test
    void shouldPreferAes128WhateverTheClientPrefers() throws Exception {
        Ours ours = new Ours(0);
        Manners backwards =
                new Manners(party.alice, new int[] {0xCCA9, 0xC02C, 0xC02B}, CLIENT_ID, true);
        PlainPeer peer = PlainPeer.connect(backwards, ours::accept);
        ours.peer.complete(peer::onDatagram);

        HandshakeResult result = ours.result();

        assertEquals(RecordSuite.AES_128_GCM, result.keys().suite());
        result.keys().close();
        ours.started.join().close();
    }

    /** Two records each way; ours are the first two of our share of the sequence numbers. */
    private static void exchange(Session session, PlainPeer peer, Ours ours) throws Exception {
        for (int i = 0; i < 2; i++) {
            byte[] record = TestSessions.seal(session, "from us " + i);
            assertEquals(FIRST_SEQUENCE + i, WireRecord.of(record).sequence());
            peer.onDatagram(record);
            assertEquals("from us " + i, peer.receiveText());

            peer.sendText("from the peer " + i);
            assertEquals("from the peer " + i, TestSessions.open(session, ours.lastReceived()));
        }
    }

    private static Manners manners(int suite, boolean withIds, boolean authenticates) {
        return new Manners(
                party.alice, new int[] {suite}, withIds ? CLIENT_ID : null, authenticates);
    }

    /** Our side. Loses the first sealed datagrams it is told to. */
    private static final class Ours implements Handshake.Listener {
        final CompletableFuture<Consumer<byte[]>> peer = new CompletableFuture<>();
        private final CompletableFuture<HandshakeResult> outcome = new CompletableFuture<>();
        private final DtlsHandshakes factory = party.acceptor();
        private final List<byte[]> sent = new ArrayList<>();
        private int losses;
        private volatile byte[] last;
        private final CompletableFuture<Handshake> started = new CompletableFuture<>();

        Ours(int losses) {
            this.losses = losses;
        }

        void connect() {
            started.complete(factory.connect(SERVER_ENDPOINT, SERVER_ID, this));
        }

        void accept(byte[] datagram) {
            if (started.isDone()) {
                receive(datagram);
                return;
            }
            Handshake accepted = factory.accept(datagram, CLIENT_ENDPOINT, SERVER_ID, this);
            if (accepted != null) {
                started.complete(accepted);
            }
        }

        void receive(byte[] datagram) {
            last = datagram;
            started.join().onDatagram(datagram);
        }

        byte[] lastReceived() {
            return last;
        }

        HandshakeResult result() throws Exception {
            return outcome.get(20, TimeUnit.SECONDS);
        }

        String failure() throws Exception {
            return assertThrows(ExecutionException.class, this::result).getCause().getMessage();
        }

        /** Sealed records of Bouncy Castle's on our side, all with different numbers. */
        synchronized int sealedBelowFirstSequence() {
            List<Long> sequences =
                    WireRecord.sealedIn(sent).stream().map(WireRecord::sequence).toList();
            assertTrue(sequences.stream().allMatch(sequence -> sequence < FIRST_SEQUENCE));
            assertEquals(sequences.size(), sequences.stream().distinct().count());
            return sequences.size();
        }

        @Override
        public synchronized void send(byte[] datagram) {
            sent.add(datagram.clone());
            if (WireRecord.of(datagram).epoch() != 1 || losses-- <= 0) {
                peer.join().accept(datagram);
            }
        }

        @Override
        public void onComplete(HandshakeResult result) {
            outcome.complete(result);
        }

        @Override
        public void onFailed(String reason) {
            outcome.completeExceptionally(new IllegalStateException(reason));
        }
    }
}
