package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBuffer;

/** Where packets for tunnels go: their rings, or the agent that has the rings. */
public interface TunnelExit {
    /** Gives the packet away; false when there is no room: the caller still owns it. */
    boolean offer(Tunnel tunnel, PacketBuffer packet);

    /** A batch is over: whoever sleeps behind this exit is to wake up for it. */
    void flush();
}
