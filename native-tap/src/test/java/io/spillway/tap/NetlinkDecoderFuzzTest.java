package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Agrona checks bounds here, so a read outside the datagram would throw. */
class NetlinkDecoderFuzzTest {
    private static final int COUNT = Boolean.getBoolean("spillway.long") ? 5_000_000 : 200_000;

    @Test
    void shouldSurviveArbitraryBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        LinkState state = state();
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = new byte[random.nextInt(96)];
            random.nextBytes(bytes);
            if (bytes.length > 8 && random.nextBoolean()) {
                new UnsafeBuffer(bytes).putInt(0, bytes.length);
                new UnsafeBuffer(bytes).putShort(4, (short) random.nextInt(32));
            }

            decode(state, bytes, bytes.length, seed);
        }
        assertTrue(state.malformedCount() > 0);
    }

    @Test
    void shouldSurviveDamagedMessages() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> messages = messages();
        LinkState state = state();
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = messages.get(random.nextInt(messages.size())).clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            decode(state, bytes, 1 + random.nextInt(bytes.length), seed);
        }
        assertTrue(state.malformedCount() > 0);
    }

    @Test
    void shouldFindEveryTruncationMalformed() {
        for (byte[] message : messages()) {
            for (int length = 1; length < message.length; length++) {
                LinkState state = state();

                decode(state, message, length, 0);

                assertEquals(1, state.malformedCount());
            }
        }
    }

    private static LinkState state() {
        LinkState state = new LinkState();
        state.listener(new LinkNews());
        return state;
    }

    private static List<byte[]> messages() {
        byte[] gateway = NetlinkMessage.ip("192.0.2.1");
        byte[] hop = new byte[16];
        hop[0] = 16;
        hop[8] = 8;
        hop[10] = 5;
        return List.of(
                NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, 1, "wan0").toBytes(),
                NetlinkMessage.link(NetlinkDecoder.DELETE_LINK, 0, 7, 1, "wan0").toBytes(),
                NetlinkMessage.address(NetlinkDecoder.NEW_ADDRESS, 1, 7, "fd00::1", 64).toBytes(),
                NetlinkMessage.route(NetlinkDecoder.NEW_ROUTE, 0, 0, 1)
                        .attribute(5, gateway)
                        .attribute(15, NetlinkMessage.number(20049))
                        .toBytes(),
                NetlinkMessage.route(NetlinkDecoder.DELETE_ROUTE, 0, 0, 1)
                        .attribute(9, hop)
                        .toBytes());
    }

    private static void decode(LinkState state, byte[] bytes, int length, long seed) {
        byte[] datagram = Arrays.copyOf(bytes, length);
        try {
            NetlinkDecoder.decode(new UnsafeBuffer(datagram), 0, length, state);
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
