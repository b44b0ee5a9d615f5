package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.CapturePoint;

/**
 * The tunnels that have packets waiting, served in turn, so that nobody looks at idle ones and no
 * tunnel holds up another. What leaves by a link whose bandwidth is known waits in that link's
 * queues instead ({@link ShapedLinks}).
 *
 * <p>Owned by the agent that owns the tunnels.
 */
public final class TunnelRings implements TunnelExit {
    private final ShapedLinks shaped;
    private final TunnelCapture capture;
    private Tunnel first;
    private Tunnel last;

    /** Where no link's bandwidth is known, and nobody can capture. */
    public TunnelRings() {
        this(null, Capture.none());
    }

    /**
     * @param shaped the links whose packets wait elsewhere; null: none
     */
    public TunnelRings(ShapedLinks shaped, Capture capture) {
        this.shaped = shaped;
        this.capture = new TunnelCapture(capture, CapturePoint.PRE_SEAL);
    }

    @Override
    public boolean offer(Tunnel tunnel, PacketBuffer packet) {
        if (shaped != null && shaped.take(tunnel, packet)) {
            return true;
        }
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
        Tunnel due = shaped == null ? null : shaped.poll(batch);
        Tunnel tunnel = due == null ? pollRing(batch) : due;
        capture.process(tunnel, batch);
        return tunnel;
    }

    private Tunnel pollRing(PacketBatch batch) {
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

    /** Nothing could leave now. */
    public boolean isEmpty() {
        return first == null && (shaped == null || !shaped.isDue());
    }

    /** When something that waits for its link may leave, or the earlier {@code deadlineNs}. */
    public long soonest(long deadlineNs) {
        return shaped == null ? deadlineNs : shaped.soonest(deadlineNs);
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
