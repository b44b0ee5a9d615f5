package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.ProbeResponder;
import io.spillway.dataplane.forward.Relay;
import io.spillway.dataplane.forward.SessionTable;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelDemux;
import io.spillway.dataplane.forward.TunnelOpener;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.forward.TunnelSealer;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.path.Onward;
import io.spillway.dataplane.path.WanEgress;
import io.spillway.dataplane.path.WanIngress;
import io.spillway.dataplane.segment.Coalescer;
import io.spillway.dataplane.wan.DatagramReceiver;
import io.spillway.dataplane.wan.DatagramSender;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The WAN's side of the data plane: sockets, sessions, and the tunnels' rings.
 *
 * <p>Owned by a WAN agent, which has the tunnels of its thread.
 */
final class WanSide {
    /** Batches sealed in one cycle, so that a flood cannot keep the doors shut. */
    private static final int TUNNEL_BATCHES_PER_CYCLE_MAX = 64;

    private static final String RELAY_NAME = "relay";

    private final AgentParts own;
    private final List<WanLink> links;
    private final Relay relay;
    private final List<LoopAgent.Door> doors;
    private final SessionTable sessions = new SessionTable();
    private final ProbeResponder probes;
    private final DatagramSender sender;
    private final WanIngress[] ingresses;
    private final WanEgress egress;
    private final DatagramBatch single = new DatagramBatch();
    private final UnsafeBuffer remoteEndpoint =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));

    /** Which WAN thread it is, and of how many. */
    record Place(int thread, int threadCount) {}

    /**
     * @param tunnels what {@code exits} fills
     * @param onward where opened packets go
     */
    WanSide(
            AgentParts own,
            Place place,
            List<WanLink> links,
            TunnelRings tunnels,
            Exits exits,
            NewsRing news,
            Onward onward) {
        this.own = own;
        this.links = List.copyOf(links);
        doors =
                links.stream()
                        .map(link -> new LoopAgent.Door(link.device().fd(), link.ready()))
                        .toList();
        ReadyFlag relayReady = new ReadyFlag();
        relay = new Relay(own.forwarding(), exits, own.drops(), own.pool(), relayReady);
        List<WanLink> all = new ArrayList<>(links);
        all.add(new WanLink(links.size(), RELAY_NAME, relay, relayReady)); // last: others fill it
        probes = new ProbeResponder(own.forwarding(), exits, news, own.drops(), own.pool());
        sender = new DatagramSender(all, own.drops(), own.clock(), own.capture());
        TunnelDemux demux =
                new TunnelDemux(
                        sessions,
                        news.handshakes(),
                        own.drops(),
                        place.thread(),
                        place.threadCount());
        TunnelOpener opener =
                new TunnelOpener(
                        sessions, probes, relay, news, own.drops(), own.pool(), own.capture());
        ingresses =
                all.stream()
                        .map(link -> ingress(link, demux, opener, onward))
                        .toArray(WanIngress[]::new);
        egress = new WanEgress(tunnels, new TunnelSealer(own.drops(), own.pool()), sender);
    }

    private WanIngress ingress(
            WanLink link, TunnelDemux demux, TunnelOpener opener, Onward onward) {
        return new WanIngress(
                new DatagramReceiver(link, own.pool(), own.drops(), own.clock(), own.capture()),
                demux,
                opener,
                new PacketDecoder(own.drops()),
                new Coalescer(),
                onward);
    }

    /** Those with sockets. */
    List<WanLink> links() {
        return links;
    }

    List<LoopAgent.Door> doors() {
        return doors;
    }

    /** The sockets to what comes next; returns datagrams. */
    int pollWan() {
        int datagrams = 0;
        for (WanIngress ingress : ingresses) {
            datagrams += ingress.poll();
        }
        return datagrams;
    }

    /** The tunnels' rings to the sockets; returns packets. */
    int pollTunnels() {
        int work = 0;
        for (int i = 0; i < TUNNEL_BATCHES_PER_CYCLE_MAX; i++) {
            int polled = egress.poll();
            if (polled == 0) {
                break;
            }
            work += polled;
        }
        return work;
    }

    boolean isDrained() {
        return egress.isDrained() && relay.isEmpty();
    }

    /** When a link takes a packet that waits for it, or the earlier {@code deadlineNs}. */
    long soonest(long deadlineNs) {
        return egress.soonest(deadlineNs);
    }

    void onInstallSession(Tunnel tunnel, Session session) {
        if (sessions.add(session, tunnel)) {
            tunnel.install(session);
        } else {
            session.close();
        }
    }

    void onRemoveSession(Session session) {
        sessions.remove(session);
    }

    void onCloseTunnel(Tunnel tunnel) {
        sessions.removeAll(tunnel);
    }

    void onSendDatagram(int link, InetSocketAddress remote, byte[] datagram, int hops) {
        EndpointAddress.encode(remote, remoteEndpoint.addressOffset());
        single.start(link, remoteEndpoint.addressOffset());
        single.memory().putBytes(single.nextOffset(), datagram);
        single.append(datagram.length);
        if (hops == DataPlaneCommands.ALL_THE_WAY) {
            sender.send(single);
        } else {
            sender.sendNear(single, hops);
        }
    }

    void onSendProbe(Tunnel tunnel, Probe probe) {
        probes.send(tunnel, probe, own.clock().nanoTime());
    }

    void onSendClose(Tunnel tunnel) {
        probes.sendClose(tunnel);
        pollTunnels(); // before the next command takes the session away
    }
}
