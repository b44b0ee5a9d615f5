package io.spillway.node.channel;

import static io.spillway.node.channel.ChannelBench.next;
import static io.spillway.node.channel.ChannelBench.stateRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.WireCodec;
import io.spillway.crypto.Identity;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever strangers and broken sites send: their connection ends, the others go on. */
class ChannelFuzzTest {
    private static final int ROUNDS = Boolean.getBoolean("spillway.long") ? 2000 : 100;
    private static final int LENGTH_MAX = 600;
    private static final byte[] CLIENT_HELLO_HEAD = {22, 3, 1, 0, (byte) 200, 1, 0, 0, (byte) 196};

    @TempDir Path directory;
    private final ChannelBench bench = new ChannelBench();
    private final PopRecorder atPop = new PopRecorder();
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private TestAccount acme;
    private ChannelServer server;

    @BeforeEach
    void startPop() throws IOException {
        acme = new TestAccount(directory, "acme");
        server = bench.server(acme.pop(), atPop);
    }

    @AfterEach
    void closeAll() {
        bench.close();
    }

    @Test
    void shouldSurviveGarbageInsteadOfTls() throws Exception {
        ChannelClient bystander = bystander();

        for (int round = 0; round < ROUNDS; round++) {
            try (Socket stranger =
                    new Socket(server.local().getAddress(), server.local().getPort())) {
                if (round % 3 == 0) {
                    stranger.getOutputStream().write(CLIENT_HELLO_HEAD);
                }
                stranger.getOutputStream().write(randomBytes());
            } catch (IOException e) {
                assertTrue(e.getMessage() != null, "seed " + seed); // it was thrown out already
            }
        }

        assertTrue(bystander.send(stateRequest(9)), "seed " + seed);
        assertEquals(9, next(atPop.frames).getStateRequest().getRequest(), "seed " + seed);
        assertTrue(atPop.closed.isEmpty(), "seed " + seed);
    }

    @Test
    void shouldSurviveGarbageInsideTls() throws Exception {
        ChannelClient bystander = bystander();
        Identity broken = acme.site(1002);

        for (int round = 0; round < ROUNDS / 5; round++) {
            try (RawSite site = new RawSite(broken, server.local())) {
                next(atPop.accepted);
                byte[] garbage = randomBytes();
                site.write(varint(garbage.length));
                site.write(garbage);
                site.write((byte) 0); // an empty frame, should the garbage have been a valid one
                assertTrue(site.isClosedByFarSide(), "seed " + seed);
            }
            assertTrue(next(atPop.closed).startsWith("malformed message"), "seed " + seed);
        }

        assertTrue(bystander.send(stateRequest(9)), "seed " + seed);
        assertEquals(9, next(atPop.frames).getStateRequest().getRequest(), "seed " + seed);
    }

    @Test
    void shouldEndConnectionOfMalformedMessageWithOneLine() throws Exception {
        try (CapturedLog log = new CapturedLog(ChannelServer.class);
                RawSite site = new RawSite(acme.site(1002), server.local())) {
            next(atPop.accepted);

            site.write((byte) 3, (byte) -1, (byte) -1, (byte) -1, (byte) 3, (byte) -1);

            assertTrue(next(atPop.closed).startsWith("malformed message: not a frame"));
            assertEquals(1, log.containing("malformed").size());
            assertTrue(atPop.frames.isEmpty());
        }
    }

    @Test
    void shouldRefuseFrameThatAnnouncesTooMuch() throws Exception {
        try (RawSite site = new RawSite(acme.site(1002), server.local())) {
            next(atPop.accepted);

            site.write(varint(WireCodec.FRAME_LENGTH_MAX + 1));

            assertEquals("malformed message: too long", next(atPop.closed));
        }
    }

    @Test
    void shouldRefuseLengthThatIsNoVarint() throws Exception {
        try (RawSite site = new RawSite(acme.site(1002), server.local())) {
            next(atPop.accepted);

            byte[] endless = new byte[16];
            Arrays.fill(endless, (byte) -1);
            site.write(endless);

            assertTrue(next(atPop.closed).startsWith("malformed message"));
        }
    }

    @Test
    void shouldNotWaitForeverForTheRestOfAFrame() throws Exception {
        try (RawSite site = new RawSite(acme.site(1002), server.local())) {
            next(atPop.accepted);

            site.write(varint(1000));
            site.write((byte) 10, (byte) 20);

            assertTrue(next(atPop.closed).startsWith("nothing heard"));
        }
    }

    @Test
    void shouldIgnoreTruncatedFrameOfSiteThatLeft() throws Exception {
        RawSite site = new RawSite(acme.site(1002), server.local());
        next(atPop.accepted);

        site.write(varint(1000));
        site.write((byte) 10, (byte) 20);
        site.close();

        assertEquals(FailureText.CLOSED_BY_FAR_SIDE, next(atPop.closed));
        assertTrue(atPop.frames.isEmpty());
    }

    @Test
    void shouldDisconnectSlowReader() throws Exception {
        ChannelClient bystander = bystander();
        try (RawSite slow = new RawSite(acme.site(1002), server.local())) {
            ChannelConnection connection = next(atPop.accepted);
            assertEquals(1002, connection.peer().siteId());

            long sent = 0;
            while (connection.send(ChannelBench.revocations(64 * 1024))) {
                sent++;
            }

            assertTrue(sent * 64 * 1024 >= FrameLine.WAITING_LENGTH_MAX / 2, sent + " frames");
            assertTrue(next(atPop.closed).startsWith("slow reader: "));
            assertTrue(slow.isClosedByFarSide());
        }
        assertTrue(bystander.send(stateRequest(9)));
        assertEquals(9, next(atPop.frames).getStateRequest().getRequest());
    }

    private ChannelClient bystander() throws Exception {
        ChannelClient client = bench.client(acme.site(1001), server.local(), new SiteRecorder());
        assertEquals(1001, next(atPop.accepted).peer().siteId());
        return client;
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[1 + random.nextInt(LENGTH_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] varint(int value) {
        byte[] bytes = new byte[5];
        int length = 0;
        int rest = value;
        for (; rest >= 0x80; rest >>>= 7) {
            bytes[length++] = (byte) (rest | 0x80);
        }
        bytes[length++] = (byte) rest;
        return Arrays.copyOf(bytes, length);
    }
}
