package io.spillway.tap;

import java.lang.foreign.Arena;

/**
 * The classic BPF program that chooses a socket of a {@link UdpSocketGroup}. It sees the UDP
 * payload; a load behind its end returns 0, the first socket.
 *
 * <pre>
 *   sock_filter: | code (2) | jump if true (1) | jump if false (1) | constant (4) |
 *   sock_fprog:  | count (2) | padding (6) | address of the filters (8) |
 * </pre>
 */
final class SteeringProgram {
    // include/uapi/linux/bpf_common.h
    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_BYTE = 0x30;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int AND = 0x54;
    private static final int RETURN = 0x06;
    private static final int RETURN_LOADED = 0x16;

    private static final int INSTRUCTIONS = 6;
    private static final int INSTRUCTION_LENGTH = 8;
    private static final int PROGRAM_LENGTH = 16;
    private static final int FILTERS_OFFSET = 8;

    private final UdpSocketGroup.Steering steering;
    private final int mask;

    /**
     * @param mask of the word's low bits
     */
    SteeringProgram(UdpSocketGroup.Steering steering, int mask) {
        this.steering = steering;
        this.mask = mask;
    }

    /** For the whole group that the socket is in, or will be with its bind. */
    void attach(SocketOptions options) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long filters = arena.allocate(INSTRUCTIONS * INSTRUCTION_LENGTH, Long.BYTES).address();
            long program = arena.allocate(PROGRAM_LENGTH, Long.BYTES).address();
            write(filters, LOAD_BYTE, 0, 0);
            write(filters + 8, JUMP_IF_EQUAL, 3, steering.firstByte());
            write(filters + 16, LOAD_WORD, 0, steering.wordOffset());
            write(filters + 24, AND, 0, mask);
            write(filters + 32, RETURN_LOADED, 0, 0);
            write(filters + 40, RETURN, 0, 0);
            Memory.putShort(program, INSTRUCTIONS);
            Memory.putLong(program + FILTERS_OFFSET, filters);
            options.set(
                    SocketOptions.SOL_SOCKET,
                    SocketOptions.SO_ATTACH_REUSEPORT_CBPF,
                    program,
                    PROGRAM_LENGTH,
                    "SO_ATTACH_REUSEPORT_CBPF");
        }
    }

    private static void write(long address, int code, int jumpIfFalse, int constant) {
        Memory.putShort(address, code);
        Memory.putByte(address + 2, (byte) 0);
        Memory.putByte(address + 3, (byte) jumpIfFalse);
        Memory.putInt(address + 4, constant);
    }
}
