package io.spillway.control.wire;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever bytes come: a valid frame or a {@link WireException}. */
class WireCodecFuzzTest {
    private final int count = Boolean.getBoolean("spillway.long") ? 400_000 : 30_000;
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldNeverThrowAnythingElseOnArbitraryBytes() {
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            decode(bytes);
        }
    }

    @Test
    void shouldNeverThrowAnythingElseOnDamagedFrames() {
        List<byte[]> frames = Frames.all().keySet().stream().map(Frame::toByteArray).toList();
        for (int i = 0; i < count; i++) {
            byte[] bytes = frames.get(random.nextInt(frames.size())).clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            decode(Arrays.copyOf(bytes, random.nextInt(bytes.length + 3)));
        }
    }

    private void decode(byte[] bytes) {
        for (WireSender sender : WireSender.values()) {
            try {
                Frame frame = WireCodec.decode(bytes, sender);
                WireCodec.encode(frame); // what was let in may go out
            } catch (WireException expected) {
                // the only one that may come
            } catch (RuntimeException e) {
                fail("seed " + seed + ", bytes " + Arrays.toString(bytes), e);
            }
        }
    }
}
