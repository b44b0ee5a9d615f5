package io.spillway.crypto.handshake;

import static io.spillway.crypto.handshake.Conversation.CLIENT_ID;
import static io.spillway.crypto.handshake.Conversation.Fate.DROP;
import static io.spillway.crypto.handshake.Conversation.Fate.PASS;
import static io.spillway.crypto.handshake.Conversation.SERVER_ENDPOINT;
import static io.spillway.crypto.handshake.Conversation.SERVER_ID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.KeyLog;
import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.handshake.Conversation.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DtlsHandshakeTest {
    private static final int PAIRS = 200;

    @TempDir static Path directory;
    private static TestParty party;

    @BeforeAll
    static void issueIdentities() {
        party = new TestParty(directory);
    }

    @Test
    void shouldYieldKeysAndPeerOnBothSides() throws Exception {
        try (var talk = Conversation.start(party.connector(), party.acceptor(), Network.PERFECT)) {
            HandshakeResult client = talk.client.result();
            HandshakeResult server = talk.server.result();

            assertEquals(1002, client.peer().siteId());
            assertEquals(1001, server.peer().siteId());
            assertEquals("acme", server.peer().account());
            assertEquals(RecordSuite.AES_128_GCM, server.keys().suite());
            assertFalse(client.sentLastFlight());
            assertTrue(server.sentLastFlight());
            TestSessions.assertKeysEqualCrosswise(client, server);
        }
    }

    @Test
    void shouldPutConnectionIdOfReceiverInSealedRecords() throws Exception {
        try (var talk = Conversation.start(party.connector(), party.acceptor(), Network.PERFECT)) {
            assertArrayEquals(CLIENT_ID, talk.client.result().localConnectionId());
            assertArrayEquals(SERVER_ID, talk.server.result().localConnectionId());

            WireRecord toServer = WireRecord.sealedIn(talk.client.sent()).getFirst();
            WireRecord toClient = WireRecord.sealedIn(talk.server.sent()).getFirst();
            assertEquals(WireRecord.CONNECTION_ID, toServer.type());
            assertEquals(WireRecord.CONNECTION_ID, toClient.type());
            assertArrayEquals(SERVER_ID, toServer.connectionId());
            assertArrayEquals(CLIENT_ID, toClient.connectionId());
        }
    }

    @Test
    void shouldDoWithoutConnectionIds() throws Exception {
        for (byte[] client : new byte[][] {{}, CLIENT_ID}) {
            try (var talk =
                    Conversation.start(
                            party.connector(),
                            client,
                            party.acceptor(),
                            new byte[0],
                            Network.PERFECT)) {
                assertEquals(0, talk.server.result().localConnectionId().length);
                assertEquals(0, talk.server.result().remoteConnectionId().length);
                WireRecord finished = WireRecord.sealedIn(talk.client.sent()).getFirst();
                assertEquals(WireRecord.HANDSHAKE, finished.type());
                TestSessions.assertKeysEqualCrosswise(talk.client.result(), talk.server.result());
            }
        }
    }

    @Test
    void shouldKeepDatagramsWithinTheirLength() throws Exception {
        HandshakeConfig small = TestParty.config(party.alice).withDatagramLengthMax(300);
        HandshakeConfig smallToo = TestParty.config(party.bob).withDatagramLengthMax(300);

        try (var talk =
                Conversation.start(
                        new DtlsHandshakes(small), new DtlsHandshakes(smallToo), Network.PERFECT)) {
            talk.client.result();
            talk.server.result();

            List<byte[]> all = new ArrayList<>(talk.client.sent());
            all.addAll(talk.server.sent());
            assertTrue(all.stream().allMatch(datagram -> datagram.length <= 300));
        }
    }

    @Test
    void shouldRepeatLostLastFlightWithFreshSequenceNumbers() throws Exception {
        AtomicInteger losses = new AtomicInteger(3);
        Network losingFinished =
                (fromClient, index, datagram) ->
                        !fromClient
                                        && WireRecord.of(datagram).epoch() == 1
                                        && losses.getAndDecrement() > 0
                                ? DROP
                                : PASS;

        try (var talk = Conversation.start(party.connector(), party.acceptor(), losingFinished)) {
            HandshakeResult server = talk.server.result();
            HandshakeResult client = talk.client.result();

            for (var side : List.of(talk.client, talk.server)) {
                List<WireRecord> sealed = WireRecord.sealedIn(side.sent());
                Set<Long> sequences = new HashSet<>();
                sealed.forEach(finished -> sequences.add(finished.sequence()));
                assertTrue(sealed.size() >= 4, "Finished sent " + sealed.size() + " times");
                assertEquals(sealed.size(), sequences.size(), "sequence numbers " + sequences);
                assertTrue(sequences.stream().allMatch(sequence -> sequence < 65536));
            }
            TestSessions.assertKeysEqualCrosswise(client, server);
        }
    }

    @Test
    void shouldEndItsWindowInSilence() throws Exception {
        HandshakeConfig brief =
                TestParty.config(party.bob)
                        .withTimers(
                                TestParty.TIMEOUT, TestParty.FIRST_RESEND, Duration.ofMillis(50));

        try (var talk =
                Conversation.start(party.connector(), new DtlsHandshakes(brief), Network.PERFECT)) {
            talk.server.result();
            talk.client.result();
            Thread.sleep(200);

            // Finished only, more than once on a slow machine: an alert, which would end an
            // association that lives on, is shorter.
            Set<Integer> lengths = new HashSet<>();
            WireRecord.sealedIn(talk.server.sent())
                    .forEach(record -> lengths.add(record.datagram().length));
            assertEquals(1, lengths.size(), "lengths " + lengths);
        }
    }

    @Test
    void shouldNotAnswerAfterTheWindow() throws Exception {
        HandshakeConfig brief =
                TestParty.config(party.bob)
                        .withTimers(
                                TestParty.TIMEOUT, TestParty.FIRST_RESEND, Duration.ofMillis(1));
        HandshakeConfig hasty =
                TestParty.config(party.alice)
                        .withTimers(
                                Duration.ofSeconds(1), TestParty.FIRST_RESEND, TestParty.WINDOW);
        Network losingFinished =
                (fromClient, index, datagram) ->
                        !fromClient && WireRecord.of(datagram).epoch() == 1 ? DROP : PASS;

        try (var talk =
                Conversation.start(
                        new DtlsHandshakes(hasty), new DtlsHandshakes(brief), losingFinished)) {
            talk.server.result();

            assertTrue(talk.client.failure().startsWith("TIMEOUT: "), talk.client.failure());
            assertTrue(WireRecord.sealedIn(talk.server.sent()).size() <= 2);
        }
    }

    @Test
    void shouldGiveUpAfterItsTime() throws Exception {
        HandshakeConfig hasty =
                TestParty.config(party.alice)
                        .withTimers(
                                Duration.ofMillis(300), TestParty.FIRST_RESEND, TestParty.WINDOW);

        try (var talk =
                Conversation.start(
                        new DtlsHandshakes(hasty), party.acceptor(), (from, index, it) -> DROP)) {
            String reason = talk.client.failure();

            assertEquals(
                    "TIMEOUT: no handshake with " + SERVER_ENDPOINT + " within 300 ms", reason);
        }
    }

    @Test
    void shouldBeSilentOnceClosed() throws Exception {
        try (var talk =
                Conversation.start(
                        party.connector(), party.acceptor(), (from, index, it) -> DROP)) {
            talk.client.handshake().close();
            talk.client.handshake().close();
            int sent = talk.client.sent().size();
            talk.client.handshake().onDatagram(new byte[20]);

            assertThrows(
                    TimeoutException.class,
                    () -> talk.client.outcome.get(400, TimeUnit.MILLISECONDS));
            assertTrue(talk.client.sent().size() <= sent + 1);
        }
    }

    @Test
    void shouldCompleteManyAtOnce() throws Exception {
        List<Conversation> talks = new ArrayList<>();
        DtlsHandshakes connector = party.connector();
        DtlsHandshakes acceptor = party.acceptor();

        for (int i = 0; i < PAIRS; i++) {
            talks.add(Conversation.start(connector, acceptor, Network.PERFECT));
        }

        for (Conversation talk : talks) {
            TestSessions.assertKeysEqualCrosswise(talk.client.result(), talk.server.result());
            talk.close();
        }
    }

    @Test
    void shouldLogTheSameMasterSecretOnBothSides() throws Exception {
        Path clientLog = directory.resolve("client.keys");
        Path serverLog = directory.resolve("server.keys");

        try (KeyLog a = KeyLog.open(clientLog);
                KeyLog b = KeyLog.open(serverLog);
                var talk =
                        Conversation.start(
                                new DtlsHandshakes(TestParty.config(party.alice).withKeyLog(a)),
                                new DtlsHandshakes(TestParty.config(party.bob).withKeyLog(b)),
                                Network.PERFECT)) {
            talk.client.result();
            talk.server.result();
        }

        String line = Files.readString(clientLog);
        assertTrue(line.matches("CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n"), line);
        assertEquals(line, Files.readString(serverLog));
    }
}
