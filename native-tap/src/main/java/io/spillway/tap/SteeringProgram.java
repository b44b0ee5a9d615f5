package io.spillway.tap;

import java.lang.foreign.Arena;

/**
 * The classic BPF program that chooses a socket of a {@link UdpSocketGroup}. It sees the UDP
 * payload; a load behind its end returns 0, the first socket.
 */
final class SteeringProgram {
    private static final int INSTRUCTIONS = 6;

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
            FilterProgram program =
                    new FilterProgram(arena, INSTRUCTIONS)
                            .add(FilterProgram.LOAD_BYTE, 0, 0)
                            .add(FilterProgram.JUMP_IF_EQUAL, 3, steering.firstByte())
                            .add(FilterProgram.LOAD_WORD, 0, steering.wordOffset())
                            .add(FilterProgram.AND, 0, mask)
                            .add(FilterProgram.RETURN_LOADED, 0, 0)
                            .add(FilterProgram.RETURN, 0, 0);
            options.set(
                    SocketOptions.SOL_SOCKET,
                    SocketOptions.SO_ATTACH_REUSEPORT_CBPF,
                    program.address(),
                    FilterProgram.LENGTH,
                    "SO_ATTACH_REUSEPORT_CBPF");
        }
    }
}
