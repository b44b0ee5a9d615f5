package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.Transport;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What went to peers by which tunnel, for the events of recovery (D34). What goes by another
 * transport than its peer's goes so by a rule, here or there, and is no recovery. Owned by control.
 */
final class SentPackets {
    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final SiteTunnels tunnels;
    private final RecoveryMachine machine;
    private Map<Integer, Seen> seen = new HashMap<>(); // by tunnel

    /**
     * A tunnel when we looked last.
     *
     * @param ruled those of its packets that are no recovery's
     * @param isRuled its peer had another transport
     */
    private record Seen(long packets, long ruled, boolean isRuled) {
        Seen then(long now, boolean isNowRuled) {
            return new Seen(now, ruled + (isRuled ? now - packets : 0), isNowRuled);
        }
    }

    SentPackets(
            SiteSetup setup,
            PeerDirectory directory,
            SiteTunnels tunnels,
            RecoveryMachine machine) {
        this.setup = setup;
        this.directory = directory;
        this.tunnels = tunnels;
        this.machine = machine;
    }

    /**
     * Of the tunnels that sent any, by their transport; of RECOVERY and ALT_WAN always a list. To
     * be called soon after a peer's transport has changed.
     */
    Map<Transport, List<RecoveryEvents.Sent>> byTransport() {
        List<RecoveryEvents.Sent> recovery = new ArrayList<>();
        List<RecoveryEvents.Sent> altWan = new ArrayList<>();
        Map<Integer, Seen> now = new HashMap<>();
        tunnels.toPeers()
                .forEach(
                        (key, tunnel) -> {
                            Transport own = tunnels.transportOf(key);
                            Seen look = look(tunnel.tunnel(), own);
                            now.put(tunnel.tunnel().index(), look);
                            if (look.packets() > look.ruled()) {
                                boolean isAltWan = own == Transport.ALT_WAN;
                                (isAltWan ? altWan : recovery).add(sent(tunnel, look));
                            }
                        });
        seen = now;
        return Map.of(Transport.RECOVERY, recovery, Transport.ALT_WAN, altWan);
    }

    private Seen look(Tunnel tunnel, Transport own) {
        Transport inUse = machine.transportOf(tunnel.siteId());
        boolean isRuled = inUse != own && inUse != Transport.NONE;
        Seen before = seen.getOrDefault(tunnel.index(), new Seen(0, 0, isRuled));
        return before.then(tunnel.packetsSent().packets(), isRuled);
    }

    private RecoveryEvents.Sent sent(ManagedTunnel managed, Seen look) {
        Tunnel tunnel = managed.tunnel();
        Peer peer = directory.peer(tunnel.siteId());
        return new RecoveryEvents.Sent(
                tunnel.index(),
                tunnel.siteId(),
                peer == null ? Long.toUnsignedString(tunnel.siteId()) : peer.site().name(),
                tunnel.link(),
                setup.linkName(tunnel.link()),
                look.packets() - look.ruled());
    }
}
