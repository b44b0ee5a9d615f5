package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.port.FrameDecoder;
import io.spillway.dataplane.port.TapReader;

/**
 * From a LAN port, or the host port, to the exits' rings. Continues in {@link WanEgress} or {@link
 * LanEgress}.
 *
 * <pre>
 *   TapReader &gt; FrameDecoder &gt; PacketDecoder &gt; LanFirewall &gt; Router &gt; Exits.offer
 * </pre>
 */
public final class LanIngress {
    /** Frames taken in one go, so that one port cannot starve the rest. */
    public static final int FRAMES_MAX = 64;

    private final PacketBatch batch = new PacketBatch(FRAMES_MAX);
    private final TapReader tapReader;
    private final FrameDecoder frameDecoder;
    private final PacketDecoder packetDecoder;
    private final LanFirewall firewall;
    private final Router router;
    private final Exits exits;

    public LanIngress(
            TapReader tapReader,
            FrameDecoder frameDecoder,
            PacketDecoder packetDecoder,
            LanFirewall firewall,
            Router router,
            Exits exits) {
        this.tapReader = tapReader;
        this.frameDecoder = frameDecoder;
        this.packetDecoder = packetDecoder;
        this.firewall = firewall;
        this.router = router;
        this.exits = exits;
    }

    /** Frames read; 0 when there were none. */
    public int poll() {
        int received = tapReader.read(batch);
        if (received == 0) {
            return 0;
        }
        frameDecoder.process(batch); // Ethernet off; ARP and ND answered
        packetDecoder.process(batch); // headers checked once, here
        firewall.process(batch); // flow and verdict
        router.process(batch); // destination -> exit
        exits.offer(batch); // the rings own them from here on
        return received;
    }
}
