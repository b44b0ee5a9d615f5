package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.port.FrameDecoder;
import io.spillway.dataplane.port.TapReader;

/**
 * From a LAN port, or the host port, to the exits' rings. Continues in {@link LanDecision}: at
 * once, or on the lan agent ({@link PortArrival}) where the ports have threads of their own.
 *
 * <pre>
 *   TapReader &gt; FrameDecoder &gt; PacketDecoder &gt; LanDecision
 * </pre>
 */
public final class LanIngress {
    /** Frames taken in one go, so that one port cannot starve the rest. */
    public static final int FRAMES_MAX = 64;

    private final PacketBatch batch = new PacketBatch(FRAMES_MAX);
    private final TapReader tapReader;
    private final FrameDecoder frameDecoder;
    private final PacketDecoder packetDecoder;
    private final Onward onward;

    public LanIngress(
            TapReader tapReader,
            FrameDecoder frameDecoder,
            PacketDecoder packetDecoder,
            Onward onward) {
        this.tapReader = tapReader;
        this.frameDecoder = frameDecoder;
        this.packetDecoder = packetDecoder;
        this.onward = onward;
    }

    /** Frames read; 0 when there were none. */
    public int poll() {
        int received = tapReader.read(batch);
        if (received == 0) {
            return 0;
        }
        frameDecoder.process(batch); // Ethernet off; ARP and ND answered
        packetDecoder.process(batch); // headers checked once, here
        onward.process(batch); // flow, verdict, exit
        return received;
    }
}
