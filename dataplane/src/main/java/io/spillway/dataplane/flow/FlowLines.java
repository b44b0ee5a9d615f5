package io.spillway.dataplane.flow;

import io.spillway.routing.fib.HugePages;
import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;

/**
 * Cache lines outside the heap, all zero at first, named by their number, which only tests check.
 *
 * <p>Owned by one agent. Freed when nobody refers to it any more.
 */
final class FlowLines {
    private static final int LENGTH = FlowKeys.LINE_LENGTH;

    private final MemorySegment segment; // keeps the memory
    private final long base;
    private final int count;

    FlowLines(int count) {
        this.count = count;
        long length = (long) count * LENGTH;
        segment = HugePages.allocate(length);
        base = segment.address();
        segment.fill((byte) 0);
    }

    long address(int line) {
        assert line >= 0 && line < count : "line " + line;
        return base + (long) line * LENGTH;
    }

    long getLong(int line, int offset) {
        return UnsafeApi.getLong(address(line) + offset);
    }

    int getInt(int line, int offset) {
        return UnsafeApi.getInt(address(line) + offset);
    }

    void putInt(int line, int offset, int value) {
        UnsafeApi.putInt(address(line) + offset, value);
    }

    void putShort(int line, int offset, int value) {
        UnsafeApi.putShort(address(line) + offset, (short) value);
    }

    /** Becomes equal to a line of another. */
    void copy(int line, FlowLines other, int otherLine) {
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            UnsafeApi.putLong(address(line) + i, other.getLong(otherLine, i));
        }
    }
}
