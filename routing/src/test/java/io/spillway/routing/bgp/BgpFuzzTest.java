package io.spillway.routing.bgp;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.spillway.routing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Messages of every type, mutated, at a speaker in every state: it may end the session, and nothing
 * else.
 */
class BgpFuzzTest {
    private static final int MESSAGE_COUNT = Seeds.isLong() ? 10_000_000 : 300_000;
    private static final int ROUTE_LIMIT = 500;
    private static final int MUTATIONS_MAX = 4;
    private static final int SETS_MAX = 4 * ROUTE_LIMIT;
    private static final long STEP_NS = 20_000_000L;

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<byte[]> corpus = new ArrayList<>();
    private BgpSpeaker speaker;
    private boolean isConnected;
    private int established;
    private long nowNs;

    @Test
    void shouldSurviveMutatedMessages() {
        fillCorpus();
        speaker =
                new BgpSpeaker(
                        List.of(
                                Neighbours.limit(
                                        Neighbours.config(1, 65_001, 2, 65_002),
                                        ROUTE_LIMIT,
                                        false)),
                        hop -> "",
                        this::onAction);
        speaker.start(0, nowNs);
        for (int i = 0; i < MESSAGE_COUNT; i++) {
            one();
        }
        int times = established;
        assertTrue(times > MESSAGE_COUNT / 1000, () -> "established " + times + ", seed " + seed);
    }

    private void one() {
        nowNs += STEP_NS;
        byte[] message = corpus.get(random.nextInt(corpus.size())).clone();
        if (!isConnected) {
            nowNs += BgpSession.IDLE_HOLD_MAX_NS;
            speaker.poll(nowNs);
            isConnected = speaker.onConnected(0, Direction.INCOMING, nowNs);
            if (!isConnected) {
                return;
            }
            if (random.nextInt(10) != 0) {
                deliver(OpenMessage.encode(65_002, 60, 2, true, true));
                message = message(MessageFramer.KEEPALIVE, new byte[0]);
            }
        } else if (random.nextInt(4) != 0) {
            message = mutated(message);
        }
        try {
            deliver(message);
            speaker.poll(nowNs);
            checkBounds();
        } catch (RuntimeException e) {
            fail("seed " + seed + " message " + HexFormat.of().formatHex(message), e);
        }
    }

    private void deliver(byte[] message) {
        int cut = random.nextInt(20) == 0 ? random.nextInt(message.length + 1) : message.length;
        speaker.onBytes(0, Direction.INCOMING, message, 0, cut, nowNs);
        speaker.onBytes(0, Direction.INCOMING, message, cut, message.length - cut, nowNs);
    }

    private void checkBounds() {
        assertTrue(speaker.prefixCount() <= ROUTE_LIMIT, () -> "prefixes, seed " + seed);
        assertTrue(speaker.attributeSetCount() <= SETS_MAX, () -> "sets, seed " + seed);
    }

    private void onAction(BgpAction action) {
        switch (action) {
            case BgpAction.Connect _ -> {}
            case BgpAction.Close close -> isConnected &= close.direction() != Direction.INCOMING;
            case BgpAction.Established _ -> established++;
            default -> {}
        }
    }

    private byte[] mutated(byte[] message) {
        byte[] bytes = message;
        for (int left = 1 + random.nextInt(MUTATIONS_MAX); left > 0; left--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
                default -> bytes = withCopied(bytes, at);
            }
        }
        boolean isMended = bytes.length >= MessageFramer.HEADER_LENGTH && random.nextInt(8) != 0;
        if (isMended) {
            MessageFramer.putHeader(bytes, 0, bytes.length, bytes[18]);
        }
        return bytes;
    }

    private byte[] withCopied(byte[] bytes, int at) {
        int length = random.nextInt(Math.min(32, bytes.length - at) + 1);
        byte[] longer = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        System.arraycopy(bytes, at, longer, at, length);
        return longer;
    }

    private void fillCorpus() {
        for (int i = 0; i < 200; i++) {
            corpus.add(TestUpdates.random(random, 65_002, 4));
        }
        for (int i = 0; i < 20; i++) {
            corpus.add(TestUpdates.withdrawal(random));
            corpus.add(message(MessageFramer.KEEPALIVE, new byte[0]));
        }
        corpus.add(OpenMessage.encode(65_002, 60, 2, true, true));
        corpus.add(message(MessageFramer.ROUTE_REFRESH, new byte[] {0, 1, 0, 1}));
        corpus.add(message(MessageFramer.NOTIFICATION, new byte[] {6, 2, 3, 'b', 'y', 'e'}));
        corpus.add(message(MessageFramer.UPDATE, new byte[4]));
        for (int i = 0; i < 4; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            corpus.add(message(MessageFramer.UPDATE, noise));
        }
    }

    private static byte[] message(int type, byte[] body) {
        byte[] message = new byte[MessageFramer.HEADER_LENGTH + body.length];
        int at = MessageFramer.putHeader(message, 0, message.length, type);
        Wire.put(message, at, body, 0, body.length);
        return message;
    }
}
