package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.recovery.Transport;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What went to peers by which tunnel, for the events of recovery (D34). Owned by control. */
final class SentPackets {
    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final SiteTunnels tunnels;

    SentPackets(SiteSetup setup, PeerDirectory directory, SiteTunnels tunnels) {
        this.setup = setup;
        this.directory = directory;
        this.tunnels = tunnels;
    }

    /** Of the tunnels that sent any, by their transport; of RECOVERY and ALT_WAN always a list. */
    Map<Transport, List<RecoveryEvents.Sent>> byTransport() {
        List<RecoveryEvents.Sent> recovery = new ArrayList<>();
        List<RecoveryEvents.Sent> altWan = new ArrayList<>();
        tunnels.toPeers()
                .forEach(
                        (key, tunnel) -> {
                            if (tunnel.tunnel().packetsSent().packets() > 0) {
                                boolean isAltWan = tunnels.transportOf(key) == Transport.ALT_WAN;
                                (isAltWan ? altWan : recovery).add(sent(tunnel));
                            }
                        });
        return Map.of(Transport.RECOVERY, recovery, Transport.ALT_WAN, altWan);
    }

    private RecoveryEvents.Sent sent(ManagedTunnel managed) {
        Tunnel tunnel = managed.tunnel();
        Peer peer = directory.peer(tunnel.siteId());
        return new RecoveryEvents.Sent(
                tunnel.index(),
                tunnel.siteId(),
                peer == null ? Long.toUnsignedString(tunnel.siteId()) : peer.site().name(),
                tunnel.link(),
                setup.linkName(tunnel.link()),
                tunnel.packetsSent().packets());
    }
}
