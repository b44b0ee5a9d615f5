package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A classic BPF program for a socket, as the kernel reads it.
 *
 * <pre>
 *   sock_filter: | code (2) | jump if true (1) | jump if false (1) | constant (4) |
 *   sock_fprog:  | count (2) | padding (6) | address of the filters (8) |
 * </pre>
 */
final class FilterProgram {
    // include/uapi/linux/bpf_common.h
    static final int LOAD_WORD = 0x20;
    static final int LOAD_BYTE = 0x30;
    static final int JUMP_IF_EQUAL = 0x15;
    static final int AND = 0x54;
    static final int RETURN = 0x06;
    static final int RETURN_LOADED = 0x16;

    /** Loads count from the network header instead of the payload (SKF_NET_OFF). */
    static final int NETWORK_HEADER = -0x100000;

    static final int LENGTH = 16;

    private static final int INSTRUCTION_LENGTH = 8;
    private static final int FILTERS_OFFSET = 8;

    private final MemorySegment program;
    private final long filters;
    private int count;

    /**
     * @param arena owns the memory, which the kernel copies when the program is attached
     */
    FilterProgram(Arena arena, int countMax) {
        filters = arena.allocate((long) countMax * INSTRUCTION_LENGTH, Long.BYTES).address();
        program = arena.allocate(LENGTH, Long.BYTES);
        Memory.putLong(address() + FILTERS_OFFSET, filters);
    }

    /**
     * @param jumpIfFalse instructions to skip then
     */
    FilterProgram add(int code, int jumpIfFalse, int constant) {
        long address = filters + (long) count++ * INSTRUCTION_LENGTH;
        Memory.putShort(address, code);
        Memory.putByte(address + 2, (byte) 0);
        Memory.putByte(address + 3, (byte) jumpIfFalse);
        Memory.putInt(address + 4, constant);
        Memory.putShort(address(), count);
        return this;
    }

    /** Of the {@code sock_fprog}, {@value #LENGTH} bytes. */
    long address() {
        return program.address();
    }

    /** The {@code sock_fprog} itself, good as long as the arena. */
    ByteBuffer bytes() {
        return program.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
