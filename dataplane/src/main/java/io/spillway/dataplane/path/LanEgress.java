package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.port.FrameEncoder;

/**
 * From a port's ring to its device: a LAN port's TAP, or the host port's TUN. Comes from {@link
 * WanIngress} or {@link LanIngress}.
 *
 * <pre>
 *   PacketRing.poll &gt; FrameEncoder &gt; TapWriter
 * </pre>
 */
public final class LanEgress {
    /** Packets taken in one go. */
    public static final int PACKETS_MAX = 64;

    private final PacketBatch batch = new PacketBatch(PACKETS_MAX);
    private final PacketRing ring;
    private final FrameEncoder frameEncoder;
    private final Onward onward;

    /**
     * @param onward the writer, or the way to the port agents' writers ({@link PortDeparture})
     */
    public LanEgress(PacketRing ring, FrameEncoder frameEncoder, Onward onward) {
        this.ring = ring;
        this.frameEncoder = frameEncoder;
        this.onward = onward;
    }

    /** Packets taken from the ring; 0 when there were none. */
    public int poll() {
        int polled = ring.poll(batch);
        if (polled == 0) {
            return 0;
        }
        frameEncoder.process(batch); // neighbour's MAC in front; the unresolved wait
        onward.process(batch); // written
        return polled;
    }

    /** No packet waits for this port. */
    public boolean isDrained() {
        return ring.isEmpty();
    }
}
