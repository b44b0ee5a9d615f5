package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.forward.TunnelDemux;
import io.spillway.dataplane.forward.TunnelOpener;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.segment.Coalescer;
import io.spillway.dataplane.wan.DatagramReceiver;

/**
 * From a WAN socket to the exits' rings. Continues in {@link WanDecision}: at once, or on the lan
 * agent ({@link LanArrival}) where WAN and LAN have threads of their own.
 *
 * <pre>
 *   DatagramReceiver &gt; TunnelDemux &gt; TunnelOpener &gt; PacketDecoder &gt; Coalescer &gt; WanDecision
 * </pre>
 */
public final class WanIngress {
    /** Datagrams taken in one go, so that one link cannot starve the rest. */
    public static final int DATAGRAMS_MAX = 256;

    private final PacketBatch batch = new PacketBatch(DATAGRAMS_MAX);
    private final DatagramReceiver receiver;
    private final TunnelDemux demux;
    private final TunnelOpener opener;
    private final PacketDecoder packetDecoder;
    private final Coalescer coalescer;
    private final Onward onward;

    public WanIngress(
            DatagramReceiver receiver,
            TunnelDemux demux,
            TunnelOpener opener,
            PacketDecoder packetDecoder,
            Coalescer coalescer,
            Onward onward) {
        this.receiver = receiver;
        this.demux = demux;
        this.opener = opener;
        this.packetDecoder = packetDecoder;
        this.coalescer = coalescer;
        this.onward = onward;
    }

    /** Datagrams received; 0 when there were none. */
    public int poll() {
        int received = receiver.receive(batch);
        if (received == 0) {
            return 0;
        }
        demux.process(batch); // session by connection ID; handshakes leave here
        opener.process(batch); // record -> packet, in place; probes leave here
        packetDecoder.process(batch); // headers checked once, here
        coalescer.process(batch); // packets of a flow become a train, which walks as one
        onward.process(batch); // guard, flow, exit
        return received;
    }
}
