package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.TunnelDemux;
import io.spillway.dataplane.forward.TunnelOpener;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.segment.Coalescer;
import io.spillway.dataplane.wan.DatagramReceiver;

/**
 * From a WAN socket to the exits' rings. Continues in {@link LanEgress}, or in {@link WanEgress} at
 * a PoP or hub.
 *
 * <pre>
 *   DatagramReceiver &gt; TunnelDemux &gt; TunnelOpener &gt; PacketDecoder &gt; Coalescer &gt; SourceGuard &gt;
 *   LanFirewall &gt; Router &gt; Exits.offer
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
    private final SourceGuard sourceGuard;
    private final LanFirewall firewall;
    private final Router router;
    private final Exits exits;

    public WanIngress(
            DatagramReceiver receiver,
            TunnelDemux demux,
            TunnelOpener opener,
            PacketDecoder packetDecoder,
            Coalescer coalescer,
            SourceGuard sourceGuard,
            LanFirewall firewall,
            Router router,
            Exits exits) {
        this.receiver = receiver;
        this.demux = demux;
        this.opener = opener;
        this.packetDecoder = packetDecoder;
        this.coalescer = coalescer;
        this.sourceGuard = sourceGuard;
        this.firewall = firewall;
        this.router = router;
        this.exits = exits;
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
        sourceGuard.process(batch); // only from the peer's own prefixes
        firewall.process(batch); // flow and verdict
        router.process(batch); // destination -> exit
        exits.offer(batch); // the rings own them from here on
        return received;
    }
}
