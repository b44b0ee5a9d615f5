package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;

/**
 * The tunnels that have packets waiting, served in turn, so that nobody looks at idle ones and no
 * tunnel holds up another.
 *
 * <p>Owned by the agent that owns the tunnels.
 */
public final class TunnelRings implements TunnelExit {
    private Tunnel first;
    private Tunnel last;

    @Override
    public boolean offer(Tunnel tunnel, PacketBuffer packet) {
        if (!tunnel.ring().offer(packet)) {
            return false;
        }
        if (!tunnel.isWaiting()) {
            append(tunnel);
        }
        return true;
    }

    /** Who offers polls as well. */
    @Override
    public void flush() {}

    /** Fills {@code batch} with packets of the next waiting tunnel, which it returns, or null. */
    public Tunnel poll(PacketBatch batch) {
        Tunnel tunnel = first;
        if (tunnel == null) {
            return null;
        }
        removeFirst();
        tunnel.ring().poll(batch);
        if (!tunnel.ring().isEmpty()) {
            append(tunnel);
        }
        return tunnel;
    }

    public boolean isEmpty() {
        return first == null;
    }

    private void append(Tunnel tunnel) {
        tunnel.isWaiting(true);
        tunnel.nextWaiting(null);
        if (first == null) {
            first = tunnel;
        } else {
            last.nextWaiting(tunnel);
        }
        last = tunnel;
    }

    private void removeFirst() {
        first.isWaiting(false);
        first = first.nextWaiting();
    }
}
