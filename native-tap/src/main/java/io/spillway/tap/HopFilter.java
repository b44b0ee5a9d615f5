package io.spillway.tap;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/**
 * Drops in the kernel what has passed a router on its way (RFC 5082): a classic BPF program for a
 * UDP socket that takes packets only with the TTL or hop limit that they were sent with.
 */
public final class HopFilter {
    // include/uapi/asm-generic/socket.h
    public static final int SOL_SOCKET = SocketOptions.SOL_SOCKET;
    public static final int SO_ATTACH_FILTER = 26;

    /** What has passed no router still has it. */
    public static final int HOPS_MAX = 255;

    public static final int LENGTH = FilterProgram.LENGTH;

    private static final int TTL_OFFSET = 8;
    private static final int HOP_LIMIT_OFFSET = 7;
    private static final int WHOLE = 0x7FFF_FFFF;
    private static final int INSTRUCTIONS = 4;

    private HopFilter() {}

    /** The option's value, {@value #LENGTH} bytes; good for ever, for any number of sockets. */
    public static ByteBuffer program(boolean isIpv4) {
        int offset = isIpv4 ? TTL_OFFSET : HOP_LIMIT_OFFSET;
        return new FilterProgram(Arena.global(), INSTRUCTIONS)
                .add(FilterProgram.LOAD_BYTE, 0, FilterProgram.NETWORK_HEADER + offset)
                .add(FilterProgram.JUMP_IF_EQUAL, 1, HOPS_MAX)
                .add(FilterProgram.RETURN, 0, WHOLE)
                .add(FilterProgram.RETURN, 0, 0)
                .bytes();
    }
}
