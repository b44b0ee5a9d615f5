package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class VirtioNetHeaderTest {
    private static final int OFFSET = 3;

    @Test
    void shouldLayOutFieldsAsVirtioSays() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[OFFSET + VirtioNetHeader.LENGTH]);
        byte[] expected =
                ByteBuffer.allocate(VirtioNetHeader.LENGTH)
                        .order(ByteOrder.nativeOrder())
                        .put((byte) 1)
                        .put((byte) 0x81)
                        .putShort((short) 66)
                        .putShort((short) 1448)
                        .putShort((short) 34)
                        .putShort((short) 16)
                        .array();

        VirtioNetHeader.partialChecksum(buffer, OFFSET, 34, 16);
        VirtioNetHeader.segmentation(
                buffer, OFFSET, VirtioNetHeader.GSO_TCP4 | VirtioNetHeader.GSO_ECN, 66, 1448);

        byte[] written = new byte[VirtioNetHeader.LENGTH];
        buffer.getBytes(OFFSET, written);
        assertArrayEquals(expected, written);
    }

    @Test
    void shouldReadBackWhatWasWrittenAndTouchNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[OFFSET + VirtioNetHeader.LENGTH + 1]);
        for (int i = 0; i < 10_000; i++) {
            buffer.setMemory(0, buffer.capacity(), (byte) 0x5A);
            int start = random.nextInt(1 << 16);
            int offset = random.nextInt(1 << 16);
            int headerLength = random.nextInt(1 << 16);
            int gsoSize = random.nextInt(1 << 16);
            int gsoType = random.nextInt(1 << 8);

            VirtioNetHeader.partialChecksum(buffer, OFFSET, start, offset);
            VirtioNetHeader.segmentation(buffer, OFFSET, gsoType, headerLength, gsoSize);

            String context = "seed " + seed;
            assertTrue(VirtioNetHeader.needsChecksum(buffer, OFFSET), context);
            assertEquals(start, VirtioNetHeader.checksumStart(buffer, OFFSET), context);
            assertEquals(offset, VirtioNetHeader.checksumOffset(buffer, OFFSET), context);
            assertEquals(headerLength, VirtioNetHeader.headerLength(buffer, OFFSET), context);
            assertEquals(gsoSize, VirtioNetHeader.gsoSize(buffer, OFFSET), context);
            assertEquals(gsoType, VirtioNetHeader.gsoType(buffer, OFFSET), context);
            assertEquals(0x5A, buffer.getByte(OFFSET - 1), context);
            assertEquals(0x5A, buffer.getByte(OFFSET + VirtioNetHeader.LENGTH), context);
        }
    }

    @Test
    void shouldKnowWhetherChecksumLiesInsideWhateverTheHeaderSays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] bytes = new byte[VirtioNetHeader.LENGTH];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            int frameLength = random.nextInt(1 << 17);
            int field =
                    VirtioNetHeader.checksumStart(buffer, 0)
                            + VirtioNetHeader.checksumOffset(buffer, 0);

            boolean isInside = VirtioNetHeader.isChecksumInside(buffer, 0, frameLength);

            boolean expected = (bytes[0] & 1) == 0 || field + 2 <= frameLength;
            assertEquals(expected, isInside, "seed " + seed);
        }
    }

    @Test
    void shouldClearToPlainPacket() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[VirtioNetHeader.LENGTH]);
        VirtioNetHeader.partialChecksum(buffer, 0, 34, 16);

        VirtioNetHeader.clear(buffer, 0);

        assertEquals(0, VirtioNetHeader.flags(buffer, 0));
        assertEquals(VirtioNetHeader.GSO_NONE, VirtioNetHeader.gsoType(buffer, 0));
        assertEquals(0, VirtioNetHeader.checksumStart(buffer, 0));
    }
}
