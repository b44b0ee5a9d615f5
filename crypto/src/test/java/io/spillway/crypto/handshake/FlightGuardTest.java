package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FlightGuardTest {
    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;

    @Test
    void shouldAdmitMessagesOfBearableLength() {
        assertTrue(FlightGuard.admits(record(HANDSHAKE, 0, message(16 * 1024, 10))));
        assertTrue(FlightGuard.admits(record(ALERT, 0, new byte[] {2, 40})));
    }

    @Test
    void shouldRefuseMessageThatAnnouncesMegabytes() {
        assertFalse(FlightGuard.admits(record(HANDSHAKE, 0, message(16 * 1024 + 1, 10))));
        assertFalse(FlightGuard.admits(record(HANDSHAKE, 0, message(0xFFFFFF, 0))));
    }

    @Test
    void shouldLookBehindTheFirstMessageAndRecord() {
        byte[] good = message(10, 10);
        byte[] bad = message(0xFFFFFF, 0);

        assertFalse(FlightGuard.admits(record(HANDSHAKE, 0, join(good, bad))));
        assertFalse(
                FlightGuard.admits(join(record(HANDSHAKE, 0, good), record(HANDSHAKE, 0, bad))));
    }

    @Test
    void shouldLeaveSealedRecordsAlone() {
        assertTrue(FlightGuard.admits(record(HANDSHAKE, 1, message(0xFFFFFF, 0))));
    }

    @Test
    void shouldRefuseWhatIsCutOff() {
        byte[] whole = record(HANDSHAKE, 0, message(10, 10));
        for (int length = 0; length < whole.length; length++) {
            assertFalse(FlightGuard.admits(java.util.Arrays.copyOf(whole, length)));
        }
    }

    @Test
    void shouldRefuseOtherVersions() {
        byte[] reserved = record(HANDSHAKE, 0, message(10, 10));
        reserved[2] = (byte) 0xFE;

        assertFalse(FlightGuard.admits(reserved));
    }

    @Test
    void shouldNeverThrow() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            if (garbage.length > 5 && random.nextBoolean()) {
                garbage[0] = HANDSHAKE;
                garbage[3] = garbage[4] = 0;
            }
            try {
                FlightGuard.admits(garbage);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static byte[] record(int type, int epoch, byte[] content) {
        return ByteBuffer.allocate(13 + content.length)
                .put((byte) type)
                .putShort((short) 0xFEFD)
                .putShort((short) epoch)
                .put(new byte[6])
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static byte[] message(int length, int fragmentLength) {
        return ByteBuffer.allocate(12 + fragmentLength)
                .putInt(0, 11 << 24 | length)
                .putInt(8, fragmentLength)
                .array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }
}
