package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.sim.Frames;
import io.spillway.dataplane.sim.SimulatedLink;
import io.spillway.dataplane.sim.SimulatedPort;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * One data plane whose crank the test turns. Site n has the networks 10.n.0.0/24 (untagged) and
 * 10.n.30.0/24 (VLAN 30), gateways .1, and a host port; a PoP has a WAN link only.
 */
final class SimulatedNode implements AutoCloseable {
    static final long GATEWAY_MAC = 0x0200_5E10_0001L;
    static final long HOST_MAC = 0x0200_0000_0007L;
    static final int SITES = 2;

    private static final int TURNS_MAX = 10_000;

    final long siteId;
    final SimulatedPort lan = new SimulatedPort(true);
    final SimulatedPort host = new SimulatedPort(false);
    final SimulatedLink wan;
    final DataPlane plane;
    final List<Tunnel> tunnels = new ArrayList<>();

    /**
     * @param siteId 0 for a PoP
     */
    SimulatedNode(
            long siteId, Threading threading, int poolSlots, SimulatedLink wan, NanoClock clock) {
        this(siteId, threading, poolSlots, wan, 0, clock);
    }

    /**
     * @param bitsPerSecond to which the WAN link is shaped; 0: not at all
     */
    SimulatedNode(
            long siteId,
            Threading threading,
            int poolSlots,
            SimulatedLink wan,
            long bitsPerSecond,
            NanoClock clock) {
        this.siteId = siteId;
        this.wan = wan;
        var sockets = wan.sockets(threading.wanThreads());
        var link = new DataPlane.LinkSpec("wan1", sockets, bitsPerSecond);
        plane =
                new DataPlane(
                        threading,
                        new DataPlane.Sizes(poolSlots),
                        1,
                        ports(threading),
                        List.of(link),
                        clock);
        wan.onArrival(() -> plane.links().forEach(each -> each.ready().set()));
    }

    private List<DataPlane.PortSpec> ports(Threading threading) {
        if (siteId == 0) {
            return List.of();
        }
        List<LanInterface> lans = List.of(network(0, 0, 0), network(1, 30, 30));
        return List.of(
                new DataPlane.PortSpec(
                        Collections.nCopies(threading.portQueues(), lan), false, lans),
                new DataPlane.PortSpec(host, true, List.of()));
    }

    private LanInterface network(int index, int vlan, int third) {
        var address = GatewayAddress.parse("10." + siteId + "." + third + ".1/24");
        var own = new GatewayAddresses(GATEWAY_MAC, vlan, List.of(address));
        return new LanInterface(index, 0, "lan" + vlan, own, null);
    }

    /** A tunnel to a site, or to the PoP (0), at this link's endpoint. */
    Tunnel tunnelTo(SimulatedNode peer) {
        Tunnel tunnel =
                plane.newTunnel(
                        tunnels.size(),
                        0,
                        tunnels.size() % plane.threading().wanThreads(),
                        peer.siteId,
                        peer.wan.localEndpoint(),
                        1500);
        tunnels.add(tunnel);
        return tunnel;
    }

    /** Puts routes in force: own networks, and each site by the tunnel of that index. */
    void publish(long generation, int... tunnelOfSite) {
        List<FibEntry> entries = new ArrayList<>();
        List<SiteExit> exits = new ArrayList<>();
        for (int site = 1; site <= SITES; site++) {
            boolean isOwn = site == siteId;
            List<Tunnel> way = isOwn ? List.of() : List.of(tunnels.get(tunnelOfSite[site - 1]));
            exits.add(new SiteExit(site, way, 0, false));
            if (!isOwn) {
                entries.add(entry("10." + site + ".0.0/16", NextHop.site(site - 1)));
                entries.add(entry("fd00:" + site + "::/64", NextHop.site(site - 1)));
            }
        }
        if (siteId != 0) {
            entries.add(entry("10." + siteId + ".0.0/24", NextHop.onLink(0)));
            entries.add(entry("fd00:" + siteId + "::/64", NextHop.onLink(0)));
            entries.add(entry("10." + siteId + ".30.0/24", NextHop.onLink(1)));
            entries.add(entry("10." + siteId + ".0.1/32", NextHop.HOST));
        }
        plane.commands()
                .publish(
                        new Forwarding(
                                generation,
                                siteId,
                                0,
                                Fib.of(generation, entries),
                                exits,
                                TunnelTable.of(tunnels),
                                new LocalAddresses(
                                        new int[] {Packets.ip4("10." + siteId + ".0.1")},
                                        new long[0])));
    }

    private static FibEntry entry(String prefix, NextHop hop) {
        return new FibEntry(Prefix.parse(prefix), hop);
    }

    void install(Tunnel tunnel, Session session) {
        plane.commands().installSession(tunnel, session);
    }

    /** A LAN host asks for the gateway, which learns its MAC by that. */
    void greet(String address, int vlan) {
        String gateway = address.substring(0, address.lastIndexOf('.')) + ".1";
        byte[] request = Frames.arp(true, HOST_MAC, address, 0, gateway);
        lan.deliver(Frames.ethernet(0xFFFF_FFFF_FFFFL, HOST_MAC, vlan, Frames.ARP, request));
    }

    void fromLan(int vlan, byte[] packet) {
        lan.deliver(Frames.packet(GATEWAY_MAC, HOST_MAC, vlan, packet));
    }

    /** Turns until nothing is left to do. */
    void turn() {
        for (LanPort port : plane.ports()) {
            port.ready().set();
        }
        plane.links().forEach(link -> link.ready().set());
        int turns = 0;
        while (plane.doWork() > 0) {
            if (++turns > TURNS_MAX) {
                throw new AssertionError("the agents never come to rest");
            }
        }
    }

    /** The next IP packet for a LAN host, others frames left out; null when there is none. */
    byte[] takeFromLan() {
        for (byte[] frame = lan.take(); frame != null; frame = lan.take()) {
            if (Frames.content(frame)[0] == 0x45) {
                return frame;
            }
        }
        return null;
    }

    long dropped(DropReason reason) {
        return plane.counters().dropped(reason);
    }

    int usedSlots() {
        return plane.slotCount() - plane.freeSlotCount();
    }

    @Override
    public void close() {
        plane.close();
    }
}
