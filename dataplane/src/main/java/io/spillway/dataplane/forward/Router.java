package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;
import org.agrona.concurrent.NanoClock;

/**
 * Gives every packet its exit: a tunnel, a LAN port, the host port, or a drop with its reason (and
 * an ICMP error where the sender should know).
 *
 * <p>Packets that start or end at the host port keep their TTL: eBGP speaks with TTL 1, BFD with
 * 255. Owned by the lan agent.
 */
public final class Router {
    /**
     * How long at least an answer goes back by the tunnel its question came by, although the site's
     * transport says otherwise (D38): the peer may have lost its PoP a moment before we hear of it.
     * It ends at once when that tunnel is given up. Where the peer is in the cloud for long, it has
     * chosen that tunnel by a rule, and the answer keeps it ({@link SiteExit#answerWindowNs}).
     */
    static final long ANSWER_WINDOW_NS = 1_000_000_000L;

    private static final int TTL_MIN = 2;

    private final ForwardingView forwarding;
    private final PortRoutes ports;
    private final FlowTable flows;
    private final TunnelFit fit;
    private final IcmpReporter icmp;
    private final Drops drops;
    private final NanoClock clock;
    private final TrafficCounter direct = new TrafficCounter();
    private TransportRules rules = TransportRules.EMPTY;

    public Router(
            ForwardingView forwarding,
            PortRoutes ports,
            FlowTable flows,
            TunnelFit fit,
            IcmpReporter icmp,
            Drops drops,
            NanoClock clock) {
        this.forwarding = forwarding;
        this.ports = ports;
        this.flows = flows;
        this.fit = fit;
        this.icmp = icmp;
        this.drops = drops;
        this.clock = clock;
    }

    /** Of the policy from which packets have the numbers of their rules from now on. */
    public void publish(TransportRules others) {
        rules = others;
    }

    /** What went to the Internet by our own kernel. */
    public TrafficCounter directInternet() {
        return direct;
    }

    public void process(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (route(packet)) {
                batch.set(kept++, packet);
            }
        }
        batch.truncate(kept);
    }

    private boolean route(PacketBuffer packet) {
        Forwarding now = forwarding.current();
        int route = lookup(now.fib(), packet.tuple, packet.ipVersion);
        if (packet.contentType == ContentType.PROOF) {
            return toTunnelUnderTest(packet, now, route);
        }
        if (route == Fib.NO_ROUTE) {
            return refuse(packet, DropReason.ROUTE_MISSING);
        }
        NextHop hop = nextHop(now.fib(), route, packet);
        return switch (hop.kind()) {
            case LAN -> isAlive(packet) && toLan(packet, now, hop);
            case HOST -> toHost(packet);
            case SITE ->
                    maySeeSites(packet)
                            && isAlive(packet)
                            && toSite(packet, now, now.sites().get(hop.index()));
            case INTERNET -> toInternet(packet, now);
            case CLOUD -> toCloud(packet, now);
            case UNREACHABLE -> refuse(packet, DropReason.ROUTE_UNREACHABLE);
            case PROHIBITED -> refuse(packet, DropReason.ROUTE_PROHIBITED);
        };
    }

    /** Where its route leads there, by the tunnel that it is to prove: of a reply, the same. */
    private boolean toTunnelUnderTest(PacketBuffer proof, Forwarding now, int route) {
        Tunnel tunnel = now.tunnels().get(proof.ingressTunnel);
        NextHop hop = route == Fib.NO_ROUTE ? null : now.fib().nextHop(route);
        boolean leadsThere =
                tunnel != null
                        && hop != null
                        && hop.kind() == NextHop.Kind.SITE
                        && now.sites().get(hop.index()).siteId() == tunnel.siteId();
        if (!leadsThere || proof.length() > tunnel.mtu()) {
            drops.drop(proof, DropReason.PROOF_NO_PATH);
            return false;
        }
        proof.exit = Exit.tunnel(tunnel.index());
        return true;
    }

    /** The route of the tuple's destination, or {@link Fib#NO_ROUTE}. */
    public static int lookup(Fib fib, FiveTuple tuple, int ipVersion) {
        return ipVersion == 4
                ? fib.lookup4((int) tuple.destinationLow)
                : fib.lookup6(tuple.destinationHigh, tuple.destinationLow);
    }

    /** Of several equally good ones, the flow's. */
    public static NextHop nextHop(Fib fib, int route, PacketBuffer packet) {
        return fib.hasChoice(route)
                ? fib.nextHop(route, packet.tuple.symmetricHash())
                : fib.nextHop(route);
    }

    /** Takes one off the TTL or hop limit (RFC 1812 §5.3.1, RFC 8200 §3). */
    private boolean isAlive(PacketBuffer packet) {
        if (packet.isFromHost) {
            return true;
        }
        if (!hasHopLeft(packet)) {
            return false;
        }
        for (PacketBuffer each = packet; each != null; each = each.next()) {
            decrementTtl(each);
        }
        return true;
    }

    private boolean hasHopLeft(PacketBuffer packet) {
        int ttl =
                packet.ipVersion == 4
                        ? Ipv4Header.ttl(packet.memory(), packet.offset())
                        : Ipv6Header.hopLimit(packet.memory(), packet.offset());
        return ttl >= TTL_MIN || refuse(packet, DropReason.TTL_EXCEEDED);
    }

    private static void decrementTtl(PacketBuffer packet) {
        if (packet.ipVersion == 4) {
            Ipv4Header.decrementTtl(packet.memory(), packet.offset());
        } else {
            Ipv6Header.decrementHopLimit(packet.memory(), packet.offset());
        }
    }

    private boolean toLan(PacketBuffer packet, Forwarding now, NextHop hop) {
        if (packet.goesToCloud) {
            return toSite(packet, now, now.cloud());
        }
        if (packet.ingressTunnel != PacketBuffer.NONE) {
            if (ports.isInternetOnly(hop.index()) && isFromSite(packet, now)) {
                return refuse(packet, DropReason.NETWORK_ISOLATED);
            }
            fit.clampMss(packet);
        }
        packet.egressInterface = hop.index();
        packet.exit = Exit.port(ports.portOf(hop.index()));
        if (hop.isOnLink()) {
            packet.nextHopHigh = packet.tuple.destinationHigh;
            packet.nextHopLow = packet.tuple.destinationLow;
        } else if (packet.ipVersion == 4) {
            packet.nextHopHigh = 0;
            packet.nextHopLow = Integer.toUnsignedLong(hop.gatewayIpv4());
        } else {
            packet.nextHopHigh = hop.gatewayHigh();
            packet.nextHopLow = hop.gatewayLow();
        }
        return true;
    }

    private boolean toHost(PacketBuffer packet) {
        if (ports.hostPort() == PacketBuffer.NONE) {
            return refuse(packet, DropReason.ROUTE_UNREACHABLE);
        }
        packet.exit = Exit.port(ports.hostPort());
        return true;
    }

    /** A network that has the Internet only sends nothing to other sites. */
    private boolean maySeeSites(PacketBuffer packet) {
        return !ports.isInternetOnly(packet.ingressInterface)
                || refuse(packet, DropReason.NETWORK_ISOLATED);
    }

    private static boolean isFromSite(PacketBuffer packet, Forwarding now) {
        int origin = SourceGuard.sourceRoute(now.fib(), packet.tuple, packet.ipVersion);
        return origin != Fib.NO_ROUTE && now.fib().nextHop(origin).kind() == NextHop.Kind.SITE;
    }

    /**
     * Over IPv4, by the PoP, or by our own kernel, which takes the hop off. Never back to where it
     * came from: only from a site's LAN, or at a PoP from a site.
     */
    private boolean toInternet(PacketBuffer packet, Forwarding now) {
        boolean isPublic = Ipv4Header.isPublic((int) packet.tuple.destinationLow);
        if (!isPublic || !mayGoToInternet(now, packet)) {
            return refuse(packet, DropReason.ROUTE_MISSING);
        }
        if (!now.isInternetDirect()) {
            return now.hasCloud()
                    ? isAlive(packet) && toSite(packet, now, now.cloud())
                    : refuse(packet, DropReason.INTERNET_DOWN);
        }
        if (packet.isFromHost) {
            return refuse(packet, DropReason.INTERNET_DOWN);
        }
        boolean isLeaving = hasHopLeft(packet) && toHost(packet);
        if (isLeaving) {
            direct.count(packet.length());
        }
        return isLeaving;
    }

    /** To whoever serves it at the PoP, which may be another site: only from here. */
    private boolean toCloud(PacketBuffer packet, Forwarding now) {
        if (packet.ingressTunnel != PacketBuffer.NONE) {
            return refuse(packet, DropReason.ROUTE_MISSING);
        }
        return maySeeSites(packet) && isAlive(packet) && toSite(packet, now, now.cloud());
    }

    private static boolean mayGoToInternet(Forwarding now, PacketBuffer packet) {
        boolean isByTunnel = packet.ingressTunnel != PacketBuffer.NONE;
        return now.isPop() ? isByTunnel && !now.isFromPop(packet) : !isByTunnel;
    }

    private boolean toSite(PacketBuffer packet, Forwarding now, SiteExit site) {
        if (site.isProhibited()) {
            return refuse(packet, DropReason.ROUTE_PROHIBITED);
        }
        SiteExit exit = packet.wanRule == 0 ? site : rules.choose(packet, site);
        if (exit == null) {
            return refuse(packet, DropReason.ROUTE_TRANSPORT_DOWN);
        }
        Tunnel tunnel = exit.isSpread() ? spread(packet, exit) : exit.first();
        if (tunnel != null && tunnel.isToPop() && now.isFromPop(packet)) {
            tunnel = site.chooseOwn(packet.tuple.symmetricHash());
            if (tunnel == null) {
                return refuse(packet, DropReason.ROUTE_BACK_TO_POP);
            }
        }
        Tunnel arrival = exit == site ? arrivalTunnel(packet, now, site) : null;
        packet.isAnswer = arrival != null && arrival != tunnel;
        if (packet.isAnswer) {
            tunnel = arrival;
        }
        int mtu = tunnel == null ? 0 : tunnel.mtu();
        if (mtu == 0) {
            return refuse(packet, DropReason.ROUTE_SITE_DOWN);
        }
        packet.exit = Exit.tunnel(tunnel.index());
        return fit.fits(packet, site, mtu);
    }

    /**
     * A flow stays on its tunnel while that is among the site's, so that a link that comes back
     * moves none; a new one takes the tunnel by which its question came.
     */
    private Tunnel spread(PacketBuffer packet, SiteExit site) {
        Tunnel kept = site.tunnel(flows.departureTunnel(packet.flow, packet.tuple));
        if (kept != null) {
            return kept;
        }
        int arrival = flows.arrivalTunnel(packet.flow, clock.nanoTime(), ANSWER_WINDOW_NS);
        Tunnel asked = site.tunnel(arrival);
        Tunnel tunnel = asked == null ? site.choose(packet.tuple.symmetricHash()) : asked;
        flows.departed(packet.flow, packet.tuple, tunnel.index());
        return tunnel;
    }

    /** The site's own tunnel that this flow arrived by, not too long ago, or null. */
    private Tunnel arrivalTunnel(PacketBuffer packet, Forwarding now, SiteExit site) {
        long nowNs = clock.nanoTime();
        long windowNs = packet.wanRule == 0 ? site.answerWindowNs(nowNs) : ANSWER_WINDOW_NS;
        int index = flows.arrivalTunnel(packet.flow, nowNs, windowNs);
        Tunnel tunnel = index == PacketBuffer.NONE ? null : now.tunnels().answering(index);
        return tunnel != null && tunnel.siteId() == site.siteId() ? tunnel : null;
    }

    private boolean refuse(PacketBuffer packet, DropReason reason) {
        icmp.report(packet, reason, 0);
        drops.drop(packet, reason);
        return false;
    }
}
