package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@link Router}, and before it {@link SourceGuard}, make of the first packet of a flow, as
 * far as its addresses decide: the same look-ups in the same generation, in the same order. Flows
 * that have begun may keep another tunnel, and what a firewall says is another matter. For people;
 * immutable.
 *
 * @param hops where its route leads, each flow to one of them; empty: there is no route
 * @param site to which it leads; null: to none
 * @param tunnels of which each flow takes one; empty: it does not leave by a tunnel
 * @param drop what it would be counted under; null: it walks on
 */
public record RouteExplanation(
        List<NextHop> hops, SiteExit site, List<Tunnel> tunnels, DropReason drop) {

    public RouteExplanation {
        hops = List.copyOf(hops);
        tunnels = List.copyOf(tunnels);
    }

    /** Whether it walks on, and by a route of that kind. */
    public boolean leadsTo(NextHop.Kind kind) {
        return drop == null && hops.getFirst().kind() == kind;
    }

    /**
     * On control's thread, of the generation that it published last.
     *
     * @param tuple source 0: any, and the source guard is passed
     * @param ingress null: from a LAN or the host port; at a PoP it is not said
     * @param hasHostPort what goes to the kernel finds it
     */
    public static RouteExplanation of(
            Forwarding now, FiveTuple tuple, int ipVersion, Tunnel ingress, boolean hasHostPort) {
        boolean hasSource = (tuple.sourceHigh | tuple.sourceLow) != 0;
        if (ingress != null && hasSource) {
            int origin = SourceGuard.sourceRoute(now.fib(), tuple, ipVersion);
            if (!SourceGuard.mayComeBy(now, ingress, origin, false)) {
                return dropped(List.of(), null, DropReason.SOURCE_NOT_FROM_PEER);
            }
        }
        int route = Router.lookup(now.fib(), tuple, ipVersion);
        if (route == Fib.NO_ROUTE) {
            return dropped(List.of(), null, DropReason.ROUTE_MISSING);
        }
        List<NextHop> hops = now.fib().nextHops(route).members();
        return switch (hops.getFirst().kind()) {
            case LAN -> new RouteExplanation(hops, null, List.of(), null);
            case HOST -> {
                DropReason drop = hasHostPort ? null : DropReason.ROUTE_UNREACHABLE;
                yield new RouteExplanation(hops, null, List.of(), drop);
            }
            case SITE -> toSite(now, hops, now.sites().get(hops.getFirst().index()), ingress);
            case INTERNET -> toInternet(now, hops, tuple, ingress, hasHostPort);
            case CLOUD -> toCloud(now, hops, ingress);
            case UNREACHABLE -> dropped(hops, null, DropReason.ROUTE_UNREACHABLE);
            case PROHIBITED -> dropped(hops, null, DropReason.ROUTE_PROHIBITED);
        };
    }

    /**
     * Tunnels of which the flow of a packet that {@link Router} gave an exit takes one: those of
     * that exit, or the one alone that the flow keeps, or is answered by.
     *
     * @param rules by which the packet's rule chooses
     */
    public static List<Tunnel> tunnels(Forwarding now, PacketBuffer packet, TransportRules rules) {
        if (!Exit.isTunnel(packet.exit)) {
            return List.of();
        }
        Tunnel taken = now.tunnels().get(Exit.index(packet.exit));
        SiteExit exit = exit(now, packet, rules);
        return Stream.of(exit.forNewFlows(), exit.own())
                .filter(some -> some.contains(taken))
                .findFirst()
                .orElse(List.of(taken));
    }

    private static SiteExit exit(Forwarding now, PacketBuffer packet, TransportRules rules) {
        int route = Router.lookup(now.fib(), packet.tuple, packet.ipVersion);
        NextHop hop = Router.nextHop(now.fib(), route, packet);
        if (hop.kind() != NextHop.Kind.SITE) {
            return now.cloud();
        }
        SiteExit site = now.sites().get(hop.index());
        return packet.wanRule == 0 ? site : rules.exit(packet.wanRule, site);
    }

    private static RouteExplanation toSite(
            Forwarding now, List<NextHop> hops, SiteExit site, Tunnel ingress) {
        if (site.isProhibited()) {
            return dropped(hops, site, DropReason.ROUTE_PROHIBITED);
        }
        Tunnel first = site.first();
        boolean isFromPop = ingress != null && ingress.isToPop();
        boolean isToPop = first != null && first.isToPop();
        List<Tunnel> tunnels = isFromPop && isToPop ? site.own() : site.forNewFlows();
        if (isFromPop && isToPop && tunnels.isEmpty()) {
            return dropped(hops, site, DropReason.ROUTE_BACK_TO_POP);
        }
        boolean isUp = tunnels.stream().anyMatch(tunnel -> tunnel.mtu() > 0);
        return new RouteExplanation(hops, site, tunnels, isUp ? null : DropReason.ROUTE_SITE_DOWN);
    }

    /** As {@link Router} does it. */
    private static RouteExplanation toInternet(
            Forwarding now,
            List<NextHop> hops,
            FiveTuple tuple,
            Tunnel ingress,
            boolean hasHostPort) {
        boolean isFromSite = ingress != null && !ingress.isToPop();
        boolean mayGo = ingress == null || now.isPop() && isFromSite;
        if (!mayGo || !Ipv4Header.isPublic((int) tuple.destinationLow)) {
            return dropped(hops, null, DropReason.ROUTE_MISSING);
        }
        if (now.isInternetDirect()) {
            DropReason drop = hasHostPort ? null : DropReason.ROUTE_UNREACHABLE;
            return new RouteExplanation(hops, null, List.of(), drop);
        }
        return byCloud(now, hops, DropReason.INTERNET_DOWN);
    }

    private static RouteExplanation toCloud(Forwarding now, List<NextHop> hops, Tunnel ingress) {
        return ingress == null
                ? byCloud(now, hops, DropReason.ROUTE_SITE_DOWN)
                : dropped(hops, null, DropReason.ROUTE_MISSING);
    }

    private static RouteExplanation byCloud(
            Forwarding now, List<NextHop> hops, DropReason otherwise) {
        List<Tunnel> tunnels = now.cloud().forNewFlows();
        boolean isUp = tunnels.stream().anyMatch(tunnel -> tunnel.mtu() > 0);
        return new RouteExplanation(hops, null, tunnels, isUp ? null : otherwise);
    }

    private static RouteExplanation dropped(List<NextHop> hops, SiteExit site, DropReason reason) {
        return new RouteExplanation(hops, site, List.of(), reason);
    }
}
