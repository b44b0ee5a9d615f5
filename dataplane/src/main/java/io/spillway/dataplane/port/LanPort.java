package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.TapConfig;
import java.util.List;

/**
 * A door to a local network: a TAP device with its LAN interfaces, or the host port, which speaks
 * IP to our own kernel and has none. With the ring of packets that wait to be written.
 *
 * <p>Owned by the lan agent; where port agents have the devices, one with each queue by its port
 * agent.
 */
public final class LanPort {
    /** How long a port gets single packets after its kernel refused a super-frame. */
    static final long SUPER_FRAME_RETRY_NS = 60_000_000_000L;

    private final int index;
    private final FrameDevice device;
    private final boolean isHost;
    private final List<LanInterface> interfaces;
    private final PacketRing ring;
    private final ReadyFlag ready = new ReadyFlag();
    private boolean isSuperFrameRefused;
    private long superFrameRetryNs;

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

    /** Whether the packets of a train or super-frame may be written as one frame. */
    boolean takesSuperFrames(PacketBuffer first, long nowNs) {
        if (isSuperFrameRefused && nowNs - superFrameRetryNs >= 0) {
            isSuperFrameRefused = false;
        }
        boolean isIpv4 = first.ipVersion == 4;
        int needed =
                first.protocol == UdpHeader.PROTOCOL
                        ? isIpv4 ? TapConfig.OFFLOAD_USO4 : TapConfig.OFFLOAD_USO6
                        : isIpv4 ? TapConfig.OFFLOAD_TSO4 : TapConfig.OFFLOAD_TSO6;
        return !isSuperFrameRefused && (device.offloads() & needed) != 0;
    }

    void onSuperFrameRefused(long nowNs) {
        isSuperFrameRefused = true;
        superFrameRetryNs = nowNs + SUPER_FRAME_RETRY_NS;
    }
}
