package io.spillway.crypto.handshake;

import static io.spillway.crypto.handshake.Conversation.Fate.DELAY;
import static io.spillway.crypto.handshake.Conversation.Fate.DROP;
import static io.spillway.crypto.handshake.Conversation.Fate.DUPLICATE;
import static io.spillway.crypto.handshake.Conversation.Fate.PASS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.crypto.handshake.Conversation.Fate;
import io.spillway.crypto.handshake.Conversation.Network;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossyNetworkTest {
    /** A full handshake sends fewer datagrams than this in either direction. */
    private static final int DATAGRAMS = 10;

    /**
     * Dropped or delayed in one run, more than the four to be expected. Where chance alone decides,
     * some run in a few hundred uses up its deadline, as every attempt waits twice as long as the
     * one before.
     */
    private static final int LOST_MAX = 6;

    private static final int RANDOM_RUNS = Boolean.getBoolean("spillway.long") ? 500 : 60;

    @TempDir static Path directory;
    private static TestParty party;

    @BeforeAll
    static void issueIdentities() {
        party = new TestParty(directory);
    }

    @Test
    void shouldSurviveTheLossDelayOrDuplicationOfAnyDatagram() throws Exception {
        Map<String, Conversation> talks = new LinkedHashMap<>();
        for (boolean ofClient : new boolean[] {true, false}) {
            for (int index = 0; index < DATAGRAMS; index++) {
                for (Fate fate : new Fate[] {DROP, DELAY, DUPLICATE}) {
                    String what = fate + " datagram " + index + " of client " + ofClient;
                    talks.put(what, start(once(ofClient, index, fate)));
                }
            }
        }

        for (Map.Entry<String, Conversation> talk : talks.entrySet()) {
            assertCompletes(talk.getKey(), talk.getValue());
        }
    }

    @Test
    void shouldSurviveRandomLossReorderingAndDuplication() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom seeds = new SplittableRandom(seed);
        Map<String, Conversation> talks = new LinkedHashMap<>();
        for (int run = 0; run < RANDOM_RUNS; run++) {
            talks.put("seed " + seed + " run " + run, start(random(seeds.split())));
        }

        for (Map.Entry<String, Conversation> talk : talks.entrySet()) {
            assertCompletes(talk.getKey(), talk.getValue());
        }
    }

    private static Conversation start(Network network) {
        return Conversation.start(party.connector(), party.acceptor(), network);
    }

    private static void assertCompletes(String what, Conversation talk) {
        try (talk) {
            TestSessions.assertKeysEqualCrosswise(talk.client.result(), talk.server.result());
            assertEquals(1001, talk.server.result().peer().siteId(), what);
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    private static Network once(boolean ofClient, int chosen, Fate fate) {
        return (fromClient, index, datagram) ->
                fromClient == ofClient && index == chosen ? fate : PASS;
    }

    private static Network random(SplittableRandom random) {
        Fate[] fates = {PASS, PASS, PASS, PASS, PASS, PASS, DUPLICATE, DROP, DELAY};
        AtomicInteger lost = new AtomicInteger();
        return (fromClient, index, datagram) -> {
            synchronized (random) {
                Fate fate = fates[random.nextInt(fates.length)];
                boolean arrives = fate == PASS || fate == DUPLICATE;
                return arrives || lost.incrementAndGet() <= LOST_MAX ? fate : PASS;
            }
        };
    }
}
