package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.forward.TunnelSealer;
import io.spillway.dataplane.wan.DatagramSender;

/**
 * From the tunnels' rings to the WAN sockets. Comes from {@link LanIngress} or {@link WanIngress}.
 *
 * <pre>
 *   TunnelRings.poll &gt; TunnelSealer &gt; DatagramSender
 * </pre>
 */
public final class WanEgress {
    /** Packets of one tunnel taken in one go. */
    public static final int PACKETS_MAX = 64;

    private final PacketBatch packets = new PacketBatch(PACKETS_MAX);
    private final DatagramBatch datagrams = new DatagramBatch();
    private final TunnelRings rings;
    private final TunnelSealer sealer;
    private final DatagramSender sender;

    public WanEgress(TunnelRings rings, TunnelSealer sealer, DatagramSender sender) {
        this.rings = rings;
        this.sealer = sealer;
        this.sender = sender;
    }

    /** Packets of the next waiting tunnel that were sealed and sent; 0 when none waits. */
    public int poll() {
        Tunnel tunnel = rings.poll(packets);
        int polled = packets.size();
        while (!packets.isEmpty()) {
            sealer.process(tunnel, packets, datagrams); // from slots into one message
            sender.send(datagrams); // one system call
        }
        return polled;
    }

    /** No packet waits for a tunnel, or its link takes none yet. */
    public boolean isDrained() {
        return rings.isEmpty();
    }

    /** When a link takes one that waits for it, or the earlier {@code deadlineNs}. */
    public long soonest(long deadlineNs) {
        return rings.soonest(deadlineNs);
    }
}
