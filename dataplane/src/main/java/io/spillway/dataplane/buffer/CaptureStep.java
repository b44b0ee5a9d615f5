package io.spillway.dataplane.buffer;

import io.spillway.dataplane.observe.CaptureEntry;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.CaptureRing;
import io.spillway.tap.VirtioNetHeader;
import org.agrona.MutableDirectBuffer;

/**
 * One point of an agent's {@link Capture}, at one port or link: a step that changes nothing. While
 * nobody captures there it is one look at a field for each batch.
 *
 * <p>Owned by one agent.
 */
public final class CaptureStep {
    private final Capture capture;
    private final CapturePoint point;
    private final int bit;
    private final int index;
    private final int headerLength;

    /**
     * @param index of the port or link, or what {@code CapturePlan} names
     */
    public CaptureStep(Capture capture, CapturePoint point, int index) {
        this(capture, point, index, false);
    }

    /**
     * @param hasVnetHeader whether a virtio-net header stands in front of each frame, which is not
     *     copied
     */
    public CaptureStep(Capture capture, CapturePoint point, int index, boolean hasVnetHeader) {
        this.capture = capture;
        this.point = point;
        bit = point.bit();
        this.index = index;
        headerLength = hasVnetHeader ? VirtioNetHeader.LENGTH : 0;
    }

    /** Whether somebody captures here. */
    public boolean isOn() {
        return capture.isAt(bit);
    }

    public void process(PacketBatch batch) {
        if (!isOn()) {
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            copy(batch.get(i), CaptureEntry.NONE, 0, 0);
        }
    }

    /**
     * Copies each packet of a train, while somebody captures here.
     *
     * @param tunnel index, or {@link CaptureEntry#NONE}
     * @param link of the tunnel
     * @param site at its far end
     */
    public void copy(PacketBuffer first, int tunnel, int link, long site) {
        for (PacketBuffer packet = first; packet != null; packet = packet.next()) {
            int entry = capture.claim(point, index, packet, headerLength);
            if (entry != CaptureRing.FULL) {
                describe(entry, packet);
                if (tunnel != CaptureEntry.NONE) {
                    CaptureEntry.tunnel(capture.ring().memory(), entry, tunnel, link, site);
                }
                capture.ring().commit(entry);
            }
        }
    }

    private void describe(int entry, PacketBuffer packet) {
        MutableDirectBuffer memory = capture.ring().memory();
        if (point == CapturePoint.WAN_IN) {
            capture.endpoint(entry, index, packet.endpointAddress());
        } else if (packet.isChecksumPartial) {
            CaptureEntry.partialChecksum(memory, entry, CaptureEntry.OF_TRANSPORT);
        } else if (headerLength > 0
                && packet.length() >= headerLength
                && VirtioNetHeader.needsChecksum(packet.memory(), packet.offset())) {
            int start = VirtioNetHeader.checksumStart(packet.memory(), packet.offset());
            CaptureEntry.partialChecksum(memory, entry, start);
        }
    }

    /** Each datagram of a message that is about to be sent. */
    public void process(DatagramBatch batch) {
        if (!isOn()) {
            return;
        }
        for (int i = 0; i < batch.count(); i++) {
            int entry =
                    capture.claim(
                            point,
                            index,
                            batch.captureId(i),
                            batch.memory(),
                            i * batch.segmentLength(),
                            batch.length(i));
            if (entry != CaptureRing.FULL) {
                capture.endpoint(entry, index, batch.endpointAddress());
                capture.ring().commit(entry);
            }
        }
    }
}
