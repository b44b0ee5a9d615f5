package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.CapturePlan;
import io.spillway.dataplane.observe.CapturePoint;

/**
 * Copies what goes into tunnels, or comes out of them, for whoever captures: the IP packets, and by
 * which tunnel.
 *
 * <p>Owned by a WAN agent.
 */
final class TunnelCapture {
    private final CaptureStep capture;

    TunnelCapture(Capture capture, CapturePoint point) {
        this.capture = new CaptureStep(capture, point, CapturePlan.FIRST);
    }

    /** All of one tunnel. */
    void process(Tunnel tunnel, PacketBatch packets) {
        if (!capture.isOn()) {
            return;
        }
        for (int i = 0; i < packets.size(); i++) {
            copy(tunnel, packets.get(i));
        }
    }

    /** Each of the tunnel by whose session it was opened. */
    void process(SessionTable sessions, PacketBatch packets) {
        if (!capture.isOn()) {
            return;
        }
        for (int i = 0; i < packets.size(); i++) {
            copy(sessions.tunnel(packets.get(i).session), packets.get(i));
        }
    }

    private void copy(Tunnel tunnel, PacketBuffer packet) {
        boolean isProof = packet.contentType == ContentType.PROOF;
        if (isProof || TunnelSealer.isIpPacket(packet)) {
            capture.copy(packet, tunnel.index(), tunnel.link(), tunnel.siteId());
        }
    }
}
