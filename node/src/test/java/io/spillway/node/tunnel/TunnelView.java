package io.spillway.node.tunnel;

/** What system tests look at inside a tunnel. */
public final class TunnelView {
    private TunnelView() {}

    /** Ours of the session in use. */
    public static int connectionId(ManagedTunnel tunnel) {
        return tunnel.connectionId;
    }
}
