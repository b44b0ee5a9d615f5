package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;

/**
 * A peer may only send from prefixes that are routed to its own site; a PoP from any site's, but to
 * another PoP node only from those of the sites attached to it; and ICMP from an address without a
 * route: a PoP's own errors, which path MTU discovery lives on. Where the Internet is reached by
 * the PoP, what comes from there comes from it. What our own hosts have sent may come back from a
 * PoP, if the firewall remembers that it went there.
 *
 * <p>Owned by the lan agent.
 */
public final class SourceGuard {
    private final ForwardingView forwarding;
    private final Drops drops;

    public SourceGuard(ForwardingView forwarding, Drops drops) {
        this.forwarding = forwarding;
        this.drops = drops;
    }

    public void process(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            if (isFromItsPeer(packet)) {
                batch.set(kept++, packet);
            } else {
                drops.drop(packet, DropReason.SOURCE_NOT_FROM_PEER);
            }
        }
        batch.truncate(kept);
    }

    private boolean isFromItsPeer(PacketBuffer packet) {
        Forwarding now = forwarding.current();
        Tunnel tunnel = now.tunnels().get(packet.ingressTunnel);
        if (tunnel == null) {
            return false;
        }
        int route = sourceRoute(now.fib(), packet.tuple, packet.ipVersion);
        if (tunnel.isToPop() && !now.isPop() && isOfLan(now, route)) {
            packet.comesBack = true;
            return true;
        }
        return mayComeBy(now, tunnel, route, isIcmp(packet));
    }

    /** Whether a packet from an address with that route may come by that tunnel. */
    static boolean mayComeBy(Forwarding now, Tunnel tunnel, int route, boolean isIcmp) {
        if (route == Fib.NO_ROUTE) {
            return tunnel.isToPop() && isIcmp;
        }
        NextHop origin = now.fib().nextHop(route);
        if (origin.kind() == NextHop.Kind.INTERNET) {
            return tunnel.isToPop() && (isIcmp || !now.isPop());
        }
        if (origin.kind() != NextHop.Kind.SITE) {
            return origin.kind() == NextHop.Kind.CLOUD && tunnel.isToPop();
        }
        SiteExit site = now.sites().get(origin.index());
        return tunnel.isToPop()
                ? !now.isPop() || site.mayComeBy(tunnel)
                : site.siteId() == tunnel.siteId();
    }

    private static boolean isOfLan(Forwarding now, int route) {
        return route != Fib.NO_ROUTE && now.fib().nextHop(route).kind() == NextHop.Kind.LAN;
    }

    private static boolean isIcmp(PacketBuffer packet) {
        return packet.protocol
                == (packet.ipVersion == 4 ? IcmpHeader.PROTOCOL : Icmpv6Header.PROTOCOL);
    }

    /** The route of the tuple's source, or {@link Fib#NO_ROUTE}. */
    public static int sourceRoute(Fib fib, FiveTuple tuple, int ipVersion) {
        return ipVersion == 4
                ? fib.lookup4((int) tuple.sourceLow)
                : fib.lookup6(tuple.sourceHigh, tuple.sourceLow);
    }
}
