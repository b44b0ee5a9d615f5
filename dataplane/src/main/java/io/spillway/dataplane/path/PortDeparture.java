package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.port.TapWriter;

/**
 * Where the ports have threads of their own: what the lan agent framed leaves by a port agent's
 * queue of the device. Comes from {@link LanEgress}.
 *
 * <pre>
 *   PacketRing.poll &gt; TapWriter
 * </pre>
 */
public final class PortDeparture {
    /** Packets, or trains of them, taken in one go. */
    public static final int PACKETS_MAX = 64;

    private final PacketBatch batch = new PacketBatch(PACKETS_MAX);
    private final PacketRing ring;
    private final TapWriter tapWriter;

    /**
     * @param ring from the lan agent
     */
    public PortDeparture(PacketRing ring, TapWriter tapWriter) {
        this.ring = ring;
        this.tapWriter = tapWriter;
    }

    /** Packets taken from the ring; 0 when there were none. */
    public int poll() {
        int polled = ring.poll(batch);
        if (polled > 0) {
            tapWriter.write(batch);
        }
        return polled;
    }

    public boolean isEmpty() {
        return ring.isEmpty();
    }
}
