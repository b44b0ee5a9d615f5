package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import java.util.ArrayDeque;

/**
 * The tunnels that have packets waiting, served in turn, so that nobody looks at idle ones and no
 * tunnel holds up another.
 *
 * <p>Owned by the data-plane agent.
 */
public final class TunnelRings {
    private static final int WAITING_INITIAL = 1024;

    private final ArrayDeque<Tunnel> waiting = new ArrayDeque<>(WAITING_INITIAL);

    /** False when the tunnel's ring is full: the caller still owns the packet. */
    boolean offer(Tunnel tunnel, PacketBuffer packet) {
        if (!tunnel.ring().offer(packet)) {
            return false;
        }
        if (!tunnel.isWaiting()) {
            tunnel.isWaiting(true);
            waiting.addLast(tunnel);
        }
        return true;
    }

    /** Fills {@code batch} with packets of the next waiting tunnel, which it returns, or null. */
    public Tunnel poll(PacketBatch batch) {
        Tunnel tunnel = waiting.pollFirst();
        if (tunnel == null) {
            return null;
        }
        tunnel.ring().poll(batch);
        if (tunnel.ring().isEmpty()) {
            tunnel.isWaiting(false);
        } else {
            waiting.addLast(tunnel);
        }
        return tunnel;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }
}
