package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.tap.FrameDevice;
import java.util.List;

/**
 * A door to a local network: a TAP device with its LAN interfaces, or the host port, which speaks
 * IP to our own kernel and has none. With the ring of packets that wait to be written.
 *
 * <p>Owned by the data-plane agent.
 */
public final class LanPort {
    private final int index;
    private final FrameDevice device;
    private final boolean isHost;
    private final List<LanInterface> interfaces;
    private final PacketRing ring;
    private final ReadyFlag ready = new ReadyFlag();

    /**
     * @param interfaces empty for the host port
     */
    public LanPort(
            int index,
            FrameDevice device,
            boolean isHost,
            List<LanInterface> interfaces,
            PacketRing ring) {
        this.index = index;
        this.device = device;
        this.isHost = isHost;
        this.interfaces = List.copyOf(interfaces);
        this.ring = ring;
    }

    public int index() {
        return index;
    }

    public FrameDevice device() {
        return device;
    }

    public boolean isHost() {
        return isHost;
    }

    public List<LanInterface> interfaces() {
        return interfaces;
    }

    public PacketRing ring() {
        return ring;
    }

    public ReadyFlag ready() {
        return ready;
    }
}
