package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TcpPatternTest {
    private final Marker marker = new Marker(new SplittableRandom(3));
    private final TcpPattern pattern = new TcpPattern(marker);

    @Test
    void shouldAcceptItsOwnStreamCutAnywhere() {
        ByteBuffer stream = ByteBuffer.allocate(10_000);
        pattern.fill(stream, 0);
        stream.flip();
        for (int at = 0, length = 1;
                at < stream.limit();
                at += length, length = length * 3 % 700 + 1) {
            ByteBuffer part = stream.slice(at, Math.min(length, stream.limit() - at));
            assertEquals(-1, pattern.firstDifference(part, at));
        }
    }

    @Test
    void shouldNameTheFirstWrongByte() {
        ByteBuffer stream = ByteBuffer.allocate(3000);
        pattern.fill(stream, 5000);
        stream.flip();
        stream.put(1234, (byte) (stream.get(1234) + 1));

        assertEquals(6234, pattern.firstDifference(stream, 5000));
    }

    @Test
    void shouldNoticeABlockTwice() {
        ByteBuffer block = ByteBuffer.allocate(TcpPattern.BLOCK_LENGTH);
        pattern.fill(block, 0);

        long wrong = pattern.firstDifference(block.flip(), TcpPattern.BLOCK_LENGTH);

        assertTrue(wrong >= TcpPattern.BLOCK_LENGTH);
    }

    @Test
    void shouldCarryTheMarkerInEveryBlock() {
        ByteBuffer block = ByteBuffer.allocate(TcpPattern.BLOCK_LENGTH);
        pattern.fill(block, 7 * TcpPattern.BLOCK_LENGTH);

        assertTrue(marker.occursIn(block.array(), Marker.LENGTH));
    }
}
