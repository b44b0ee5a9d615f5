package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * The tunnels to one PoP node: over each link that leads to a PoP one, to the first of its ports
 * that answers (D56). While a link has none that lives, both are tried. Owned by control.
 */
final class PopAttachment {
    /** A port has so long for itself; longer than a handshake and its first probe take. */
    static final long PORT_NS = 1_000_000_000L;

    /** One link's tunnels, by port; null where there is none. */
    private static final class Way {
        private final Link link;
        private final ManagedTunnel[] tunnels;
        private long dryNs;

        private Way(Link link, int ports, long nowNs) {
            this.link = link;
            tunnels = new ManagedTunnel[ports];
            dryNs = nowNs;
        }

        private Stream<ManagedTunnel> open() {
            return Stream.of(tunnels).filter(tunnel -> tunnel != null);
        }

        private ManagedTunnel alive() {
            return open().filter(ManagedTunnel::isAlive).findFirst().orElse(null);
        }
    }

    private final PopAddress pop;
    private final SiteSetup setup;
    private final TunnelKeeper keeper;
    private final IntUnaryOperator linkMtus;
    private final List<Way> ways = new ArrayList<>();
    private final ChannelLinks channelLinks;

    /** Opens the tunnels to the first port. */
    PopAttachment(
            PopAddress pop,
            SiteSetup setup,
            TunnelKeeper keeper,
            IntUnaryOperator linkMtus,
            long nowNs) {
        this.pop = pop;
        this.setup = setup;
        this.keeper = keeper;
        this.linkMtus = linkMtus;
        for (Link link : setup.own().links()) {
            if (link.isAltWan()) {
                continue;
            }
            Way way = new Way(link, pop.tunnels().size(), nowNs);
            open(way, 0, nowNs);
            ways.add(way);
        }
        channelLinks = new ChannelLinks(ways.stream().map(way -> way.link).toList());
    }

    private void open(Way way, int port, long nowNs) {
        int link = way.link.index();
        int mtu = linkMtus.applyAsInt(link);
        ManagedTunnel tunnel = keeper.open(link, Tunnel.POP, pop.tunnels().get(port), mtu, true);
        tunnel.liveness().watch(setup.probeIntervalNs(), nowNs);
        way.tunnels[port] = tunnel;
    }

    PopAddress pop() {
        return pop;
    }

    List<ManagedTunnel> tunnels() {
        return ways.stream().flatMap(Way::open).toList();
    }

    /** The one of each link that lives, if one does. */
    List<ManagedTunnel> alive() {
        return ways.stream().map(Way::alive).filter(tunnel -> tunnel != null).toList();
    }

    boolean isAlive() {
        return ways.stream().anyMatch(way -> way.alive() != null);
    }

    /** Whether the channel to that node is to go by other links than before. */
    boolean poll(long nowNs) {
        int alive = 0;
        for (Way way : ways) {
            poll(way, nowNs);
            alive |= way.alive() == null ? 0 : 1 << way.link.index();
        }
        return channelLinks.poll(alive, nowNs);
    }

    ChannelLinks channelLinks() {
        return channelLinks;
    }

    private void poll(Way way, long nowNs) {
        ManagedTunnel alive = way.alive();
        if (alive != null) {
            way.dryNs = nowNs;
            closeBut(alive, way);
        } else if (nowNs - way.dryNs >= PORT_NS) {
            for (int port = 0; port < way.tunnels.length; port++) {
                if (way.tunnels[port] == null) {
                    open(way, port, nowNs);
                }
            }
        }
    }

    private void closeBut(ManagedTunnel kept, Way way) {
        for (int port = 0; port < way.tunnels.length; port++) {
            if (way.tunnels[port] != null && way.tunnels[port] != kept) {
                keeper.close(way.tunnels[port]);
                way.tunnels[port] = null;
            }
        }
    }

    void close() {
        tunnels().forEach(keeper::close);
    }
}
