package io.spillway.dataplane.buffer;

/** Where a packet leaves, as one int: a port (LAN or host) or a tunnel, with its index. */
public final class Exit {
    private static final int TUNNEL = 1 << 30;

    private Exit() {}

    public static int port(int index) {
        return index;
    }

    public static int tunnel(int index) {
        return TUNNEL | index;
    }

    public static boolean isTunnel(int exit) {
        return (exit & TUNNEL) != 0;
    }

    public static int index(int exit) {
        return exit & ~TUNNEL;
    }
}
