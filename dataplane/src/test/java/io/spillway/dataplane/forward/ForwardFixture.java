package io.spillway.dataplane.forward;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.DropTotals;
import io.spillway.dataplane.sim.Sim;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;

/**
 * The steps of package {@code forward} around one pool, as {@code DataPlane} wires them.
 *
 * <pre>
 *   LAN 0 10.1.0.0/24 (port 0)    LAN 1 10.1.1.0/24 (port 0)    host port 1
 *   10.1.9.0/24 via 10.1.0.254    10.1.0.1/32, fd00:1::1/128 host
 *   site 2: 10.2.0.0/16, fd00:2::/32    site 3: 10.3.0.0/16 (no tunnel)    site 4: 10.4.0.0/16 prohibited
 *   10.5.0.0/16 unreachable    10.6.0.0/16 prohibited
 *   tunnels 0 (PoP), 1 (site 2), 2 (site 2)
 * </pre>
 */
final class ForwardFixture {
    static final int LINK_MTU = 1500;

    /** What control would be told. */
    static final class News implements TunnelNews {
        final List<String> heard = new ArrayList<>();
        boolean isFull;

        @Override
        public void onAuthenticated(int tunnel, int connectionId) {
            heard.add("authenticated " + tunnel + " " + connectionId);
        }

        @Override
        public void onProbe(int tunnel, int flags, int originLink, long originSite) {
            heard.add("probe " + tunnel + " " + flags + " " + originLink + " " + originSite);
        }

        @Override
        public void onProof(int tunnel, int sequence, int length, long sentNs, long receivedNs) {
            heard.add("proof %d %d %d".formatted(tunnel, sequence, length));
        }

        @Override
        public void onProbeReply(
                int tunnel,
                int flags,
                int sequence,
                long originSite,
                long sentNs,
                long receivedNs) {
            heard.add(
                    "reply %d %d %d %d %d %d"
                            .formatted(tunnel, flags, sequence, originSite, sentNs, receivedNs));
        }

        @Override
        public boolean onMoved(int tunnel, long endpointAddress) {
            if (isFull) {
                return false;
            }
            heard.add("moved " + tunnel + " " + EndpointAddress.decode(endpointAddress));
            return true;
        }

        @Override
        public void onClose(int tunnel) {
            heard.add("close " + tunnel);
        }

        @Override
        public void hurry() {
            heard.add("hurry");
        }
    }

    final CachedNanoClock clock = new CachedNanoClock();
    final Counters counters = new Counters();
    final PacketPool pool = new PacketPool(64);
    final Drops drops = new Drops(counters, pool);
    final ForwardingView view = new ForwardingView();
    final TunnelRings rings = new TunnelRings();
    final PacketRing lanRing = new PacketRing(pool, 4);
    final PacketRing hostRing = new PacketRing(pool, 4);
    final PacketRing handshakes = new PacketRing(pool, 4);
    final Exits exits = new Exits(new PacketRing[] {lanRing, hostRing}, rings, view, drops);
    final PortRoutes ports = new PortRoutes(new int[] {0, 0}, 1);
    final IcmpReporter icmp = new IcmpReporter(view, ports, exits, drops, pool, clock);
    final TunnelFit fit = new TunnelFit(view, exits, icmp, drops, pool);
    final FlowTable flows = new FlowTable(1024, 1);
    final Router router = new Router(view, ports, flows, fit, icmp, drops, clock);
    final LanFirewall firewall = new LanFirewall(view, flows, 1, icmp, drops, clock);
    final SourceGuard guard = new SourceGuard(view, drops);
    final SessionTable sessions = new SessionTable();
    final News news = new News();
    final ProbeResponder probes = new ProbeResponder(view, exits, news, drops, pool);
    final TunnelDemux demux = new TunnelDemux(sessions, handshakes, drops, 0, 1);
    final ReadyFlag relayReady = new ReadyFlag();
    final Relay relay = new Relay(view, exits, drops, pool, relayReady);
    final TunnelOpener opener =
            new TunnelOpener(sessions, probes, relay, news, drops, pool, Capture.none());
    final TunnelSealer sealer = new TunnelSealer(drops, pool);
    final PacketDecoder decoder = new PacketDecoder(drops);
    final PacketBatch batch = new PacketBatch(16);
    final Tunnel pop = tunnel(0, Tunnel.POP);
    final Tunnel first = tunnel(1, 2);
    final Tunnel second = tunnel(2, 2);

    /** What goes by the PoP and comes back. */
    SiteExit cloud = new SiteExit(1, List.of(pop), 0, false);

    ForwardFixture() {
        publish(1, 0, List.of(first));
    }

    Tunnel tunnel(int index, long siteId) {
        var remote = new InetSocketAddress("198.51.100." + (index + 1), 20060);
        return new Tunnel(index, 0, 0, siteId, remote, LINK_MTU, pool, 8);
    }

    /** A generation in which site 2 is reached by these tunnels. */
    void publish(long ownSiteId, int probeFlags, List<Tunnel> toSite2) {
        publish(ownSiteId, probeFlags, toSite2, 0);
    }

    void publish(long ownSiteId, int probeFlags, List<Tunnel> toSite2, int clampMtu) {
        publish(ownSiteId, probeFlags, new SiteExit(2, toSite2, clampMtu, false));
    }

    void publish(long ownSiteId, int probeFlags, SiteExit toSite2) {
        publish(ownSiteId, probeFlags, toSite2, List.of());
    }

    void publish(long ownSiteId, int probeFlags, SiteExit toSite2, List<Tunnel> silent) {
        view.publish(
                new Forwarding(
                        1,
                        ownSiteId,
                        probeFlags,
                        fib(),
                        List.of(
                                toSite2,
                                new SiteExit(3, List.of(), 0, false),
                                new SiteExit(4, List.of(first), 0, true)),
                        cloud,
                        false,
                        TunnelTable.of(List.of(pop, first, second), List.of(first), silent),
                        new LocalAddresses(
                                new int[] {Packets.ip4("10.1.0.1"), Packets.ip4("10.1.1.1")},
                                new long[] {
                                    Packets.high("fd00:1::1"), Packets.low("fd00:1::1"), 0, 0
                                })));
    }

    private static Fib fib() {
        return Fib.of(
                1,
                List.of(
                        entry("10.1.0.0/24", NextHop.onLink(0)),
                        entry("10.1.1.0/24", NextHop.onLink(1)),
                        entry("fd00:1::/64", NextHop.onLink(0)),
                        entry("10.1.9.0/24", NextHop.via(0, IpAddress.parse("10.1.0.254"))),
                        entry("10.1.0.1/32", NextHop.HOST),
                        entry("fd00:1::1/128", NextHop.HOST),
                        entry("10.2.0.0/16", NextHop.site(0)),
                        entry("fd00:2::/32", NextHop.site(0)),
                        entry("10.3.0.0/16", NextHop.site(1)),
                        entry("10.4.0.0/16", NextHop.site(2)),
                        entry("10.5.0.0/16", NextHop.UNREACHABLE),
                        entry("10.6.0.0/16", NextHop.PROHIBITED)));
    }

    private static FibEntry entry(String prefix, NextHop hop) {
        return new FibEntry(Prefix.parse(prefix), hop);
    }

    /** Adds to sessions and tunnel, as the agent does. */
    void install(Tunnel tunnel, Session session) {
        if (!sessions.add(session, tunnel)) {
            throw new AssertionError("no place for the session");
        }
        tunnel.install(session);
    }

    /** A buffer that holds these bytes and nothing else that is known. */
    PacketBuffer buffer(byte[] bytes) {
        PacketBuffer buffer = pool.acquire();
        buffer.reset(bytes.length);
        buffer.memory().putBytes(buffer.offset(), bytes);
        return buffer;
    }

    /** A packet behind the decoder, from LAN 0, its flow found. */
    PacketBuffer fromLan(byte[] packet) {
        PacketBuffer buffer = decoded(packet);
        buffer.ingressInterface = 0;
        buffer.ingressMac = 0x0200_0000_0007L;
        return buffer;
    }

    PacketBuffer fromTunnel(byte[] packet, Tunnel tunnel) {
        PacketBuffer buffer = decoded(packet);
        buffer.ingressTunnel = tunnel.index();
        return buffer;
    }

    private PacketBuffer decoded(byte[] packet) {
        PacketBuffer buffer = buffer(packet);
        PacketBatch one = new PacketBatch(1);
        one.add(buffer);
        decoder.process(one);
        if (one.isEmpty()) {
            throw new AssertionError(
                    "the decoder refused it: " + new DropTotals(List.of(counters)).dropped());
        }
        buffer.flow = flows.touch(buffer.tuple, clock.nanoTime());
        return buffer;
    }

    /** The packet when {@code router} lets it walk on, else null. */
    PacketBuffer route(PacketBuffer packet) {
        batch.clear();
        batch.add(packet);
        router.process(batch);
        return batch.isEmpty() ? null : batch.get(0);
    }

    long dropped(DropReason reason) {
        return counters.dropped(reason);
    }

    static byte[] content(PacketBuffer buffer) {
        return Sim.bytes(buffer.memory(), buffer.offset(), buffer.length());
    }

    int used() {
        return pool.slotCount() - pool.freeCount();
    }
}
