package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.handshake.Conversation.Fate;
import io.spillway.crypto.handshake.Conversation.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakeFuzzTest {
    private static final int BATCHES = Boolean.getBoolean("spillway.long") ? 20 : 2;
    private static final int TALKS_PER_BATCH = 75;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @TempDir Path directory;
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private Thread.UncaughtExceptionHandler before;
    private DtlsHandshakes connector;
    private DtlsHandshakes acceptor;

    @BeforeEach
    void prepare() {
        TestParty party = new TestParty(directory);
        connector = new DtlsHandshakes(impatient(TestParty.config(party.alice)));
        acceptor = new DtlsHandshakes(impatient(TestParty.config(party.bob)));
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
    }

    @AfterEach
    void restore() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Test
    void shouldCompleteAmongRandomBytes() throws Exception {
        for (int batch = 0; batch < BATCHES; batch++) {
            completeAmongRandomBytes();
        }
    }

    @Test
    void shouldEndWhateverBecomesOfItsDatagrams() throws Exception {
        for (int batch = 0; batch < BATCHES; batch++) {
            endWhateverBecomesOfDatagrams();
        }
    }

    private void completeAmongRandomBytes() throws Exception {
        long seed = System.nanoTime();
        List<Conversation> talks = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(seed);

        for (int i = 0; i < TALKS_PER_BATCH; i++) {
            SplittableRandom random = seeds.split();
            talks.add(start((talk, fromClient) -> garbage(random, talk, fromClient)));
        }

        for (Conversation talk : talks) {
            assertEquals(1002, talk.client.result().peer().siteId(), "seed " + seed);
            assertEquals(1001, talk.server.result().peer().siteId(), "seed " + seed);
            talk.close();
        }
        assertTrue(uncaught.isEmpty(), () -> "seed " + seed + ": " + uncaught);
    }

    private void endWhateverBecomesOfDatagrams() throws Exception {
        long seed = System.nanoTime();
        List<Conversation> talks = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(seed);

        for (int i = 0; i < TALKS_PER_BATCH; i++) {
            talks.add(Conversation.start(connector, acceptor, corrupting(seeds.split())));
        }

        for (Conversation talk : talks) {
            assertEnds(talk.client, seed);
            if (talk.server.handshake() != null) {
                assertEnds(talk.server, seed);
            }
            talk.close();
        }
        assertTrue(uncaught.isEmpty(), () -> "seed " + seed + ": " + uncaught);
    }

    /** It completes or fails; whichever, in time. */
    private static void assertEnds(Conversation.Side side, long seed) throws Exception {
        try {
            side.outcome.get(TIMEOUT.toSeconds() + 10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            String reason = e.getCause().getMessage();
            assertTrue(reason.matches("[A-Z_]+: .*"), "seed " + seed + ": " + reason);
        }
    }

    private interface Injection {
        void beside(Conversation talk, boolean fromClient);
    }

    private Conversation start(Injection injection) {
        Conversation[] talk = new Conversation[1];
        Network network =
                (fromClient, index, datagram) -> {
                    if (talk[0] != null) {
                        injection.beside(talk[0], fromClient);
                    }
                    return Fate.PASS;
                };
        talk[0] = Conversation.start(connector, acceptor, network);
        return talk[0];
    }

    private static void garbage(SplittableRandom random, Conversation talk, boolean fromClient) {
        byte[] bytes;
        synchronized (random) {
            bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
        }
        (fromClient ? talk.server : talk.client).receive(bytes);
    }

    /** Flips bits in a third of all datagrams, and sends some twice. */
    private static Network corrupting(SplittableRandom random) {
        return (fromClient, index, datagram) -> {
            synchronized (random) {
                if (random.nextInt(3) == 0) {
                    for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                        datagram[random.nextInt(datagram.length)] ^=
                                (byte) (1 << random.nextInt(Byte.SIZE));
                    }
                }
                return random.nextInt(20) == 0 ? Fate.DUPLICATE : Fate.PASS;
            }
        };
    }

    private static HandshakeConfig impatient(HandshakeConfig config) {
        return config.withTimers(TIMEOUT, TestParty.FIRST_RESEND, Duration.ofMillis(500));
    }
}
