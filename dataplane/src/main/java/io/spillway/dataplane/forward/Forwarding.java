package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.routing.fib.Fib;
import java.util.List;

/**
 * Everything the data plane decides by, as one immutable generation: control publishes it whole,
 * the agent swaps it between batches. So routes and a peer's transport change in one instant.
 *
 * @param ownSiteId 0 at a PoP
 * @param probeFlags what our PROBEs and replies say of us ({@link Probe})
 * @param sites by the dense site index that {@code fib}'s next hops name
 * @param cloud how packets leave that come back to us by the PoP, or that it is to hand on to the
 *     Internet; its site is our own
 * @param isInternetDirect what goes to the Internet leaves by our own kernel, not by the cloud
 * @param local our own addresses, for ICMP errors
 */
public record Forwarding(
        long generation,
        long ownSiteId,
        int probeFlags,
        Fib fib,
        List<SiteExit> sites,
        SiteExit cloud,
        boolean isInternetDirect,
        TunnelTable tunnels,
        LocalAddresses local) {
    public static final Forwarding EMPTY =
            new Forwarding(0, 0, 0, Fib.EMPTY, List.of(), TunnelTable.EMPTY, LocalAddresses.NONE);

    /** Where nothing that leads here goes by the PoP. */
    public Forwarding(
            long generation,
            long ownSiteId,
            int probeFlags,
            Fib fib,
            List<SiteExit> sites,
            TunnelTable tunnels,
            LocalAddresses local) {
        this(
                generation,
                ownSiteId,
                probeFlags,
                fib,
                sites,
                SiteExit.NOWHERE,
                false,
                tunnels,
                local);
    }

    public Forwarding {
        sites = List.copyOf(sites);
    }

    /** Other routes, all else the same. */
    public Forwarding with(long otherGeneration, Fib otherFib) {
        return new Forwarding(
                otherGeneration,
                ownSiteId,
                probeFlags,
                otherFib,
                sites,
                cloud,
                isInternetDirect,
                tunnels,
                local);
    }

    /** What goes to the Internet leaves by our own kernel, all else the same. */
    public Forwarding withDirectInternet() {
        return new Forwarding(
                generation, ownSiteId, probeFlags, fib, sites, cloud, true, tunnels, local);
    }

    /** Packets may go by the PoP and come back. */
    public boolean hasCloud() {
        return cloud.first() != null;
    }

    /** A PoP hands PROBEs on between sites; a site does not. */
    boolean isPop() {
        return ownSiteId == 0;
    }

    /** What a PoP sent goes to no PoP again: one step between nodes, no loop. */
    boolean isFromPop(PacketBuffer packet) {
        Tunnel ingress =
                packet.ingressTunnel == PacketBuffer.NONE
                        ? null
                        : tunnels.get(packet.ingressTunnel);
        return ingress != null && ingress.isToPop();
    }

    /** Null when unknown. */
    SiteExit site(long siteId) {
        for (int i = 0; i < sites.size(); i++) {
            if (sites.get(i).siteId() == siteId) {
                return sites.get(i);
            }
        }
        return null;
    }
}
