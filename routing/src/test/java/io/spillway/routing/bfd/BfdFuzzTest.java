package io.spillway.routing.bfd;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.spillway.routing.Seeds;
import io.spillway.routing.fib.IpAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BfdFuzzTest {
    private static final int PACKET_COUNT = Seeds.isLong() ? 10_000_000 : 500_000;
    private static final IpAddress PEER = IpAddress.parse("192.0.2.2");
    private static final int LENGTH_MAX = 40;

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private byte[] lastSent = new byte[BfdPacket.LENGTH];
    private long sent;

    @Test
    void shouldSurviveMutatedPackets() {
        BfdConfig config = new BfdConfig(PEER, true, 100_000, 100_000, 3);
        BfdSpeaker speaker = new BfdSpeaker(List.of(config), new Random(seed), this::onAction, 0);
        long nowNs = 0;
        for (int i = 0; i < PACKET_COUNT; i++) {
            nowNs += random.nextLong(20_000_000L);
            byte[] packet = packet();
            try {
                speaker.onPacket(PEER, packet, 0, packet.length, nowNs);
                speaker.poll(nowNs);
                assertTrue(
                        speaker.deadlineNs(nowNs) - nowNs <= 1_000_000_000L, () -> "seed " + seed);
            } catch (RuntimeException e) {
                fail("seed " + seed + " packet " + HexFormat.of().formatHex(packet), e);
            }
        }
        long ups = speaker.neighbours().getFirst().upCount();
        assertTrue(ups > PACKET_COUNT / 1000, () -> "up " + ups + " times, seed " + seed);
        assertTrue(sent <= 3L * PACKET_COUNT, () -> "sent " + sent + ", seed " + seed);
    }

    private void onAction(BfdAction action) {
        if (action instanceof BfdAction.Send send) {
            sent++;
            lastSent = send.bytes();
        }
    }

    /** As an answer to what was sent last, then changed here and there. */
    private byte[] packet() {
        byte[] packet = new byte[random.nextInt(8) == 0 ? random.nextInt(LENGTH_MAX) : 24];
        byte[] right =
                new BfdPacket(
                                BfdDiagnostic.NONE,
                                BfdState.of(random.nextInt(4)),
                                random.nextInt(8) == 0,
                                random.nextInt(8) == 0,
                                random.nextInt(20) == 0,
                                1 + random.nextInt(5),
                                77,
                                0,
                                random.nextInt(1_000_000),
                                random.nextInt(1_000_000))
                        .encode();
        System.arraycopy(lastSent, 4, right, 8, 4);
        System.arraycopy(right, 0, packet, 0, Math.min(packet.length, right.length));
        for (int edits = random.nextInt(3); edits > 0 && packet.length > 0; edits--) {
            packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return packet;
    }
}
