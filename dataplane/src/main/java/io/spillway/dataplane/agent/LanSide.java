package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.IcmpReporter;
import io.spillway.dataplane.forward.PortRoutes;
import io.spillway.dataplane.forward.Proof;
import io.spillway.dataplane.forward.ProofEcho;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelFit;
import io.spillway.dataplane.forward.TunnelNews;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.CapturePlan;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.dataplane.path.LanDecision;
import io.spillway.dataplane.path.LanEgress;
import io.spillway.dataplane.path.LanIngress;
import io.spillway.dataplane.path.Onward;
import io.spillway.dataplane.path.PortArrival;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.dataplane.path.WanDecision;
import io.spillway.dataplane.port.FrameDecoder;
import io.spillway.dataplane.port.FrameEncoder;
import io.spillway.dataplane.port.Gateway;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.port.NeighbourMessages;
import io.spillway.dataplane.port.TapReader;
import io.spillway.dataplane.port.TapWriter;
import java.util.List;
import java.util.Map;

/**
 * The LAN's side of the data plane: ports, neighbours, flows, and every decision where a packet
 * goes.
 *
 * <p>Owned by the lan agent.
 */
final class LanSide {
    /** What a cycle's doors bring at most fits in as many batches. */
    private static final int PORT_BATCHES_PER_CYCLE_MAX = 8;

    private final List<LanPort> ports;
    private final List<LoopAgent.Door> doors;
    private final Exits exits;
    private final Gateway gateway;
    private final AgentParts own;
    private final PortRoutes routes;
    private final FlowTable flows;
    private final LanFirewall firewall;
    private final Router router;
    private final ProofEcho proofEcho;
    private final PacketDecoder proofDecoder;
    private final PacketBatch proofs = new PacketBatch(1);
    private final LanDecision lanDecision;
    private final WanDecision decision;
    private final LanIngress[] ingresses;
    private final LanEgress[] egresses;

    /**
     * @param exits all there are
     * @param news what came of proofs
     * @param elsewhere by port index, the way to its device where port agents turn that
     * @param sizes of its flows
     * @param seed random, unknown to others
     */
    LanSide(
            AgentParts own,
            List<LanPort> ports,
            Exits exits,
            TunnelNews news,
            Map<Integer, Onward> elsewhere,
            DataPlane.Sizes sizes,
            int seed) {
        this.own = own;
        this.ports = List.copyOf(ports);
        this.exits = exits;
        List<LanPort> here =
                ports.stream().filter(port -> !elsewhere.containsKey(port.index())).toList();
        doors =
                here.stream()
                        .map(port -> new LoopAgent.Door(port.device().fd(), port.ready()))
                        .toList();
        routes = portRoutes();
        IcmpReporter icmp =
                new IcmpReporter(
                        own.forwarding(), routes, exits, own.drops(), own.pool(), own.clock());
        TunnelFit fit = new TunnelFit(own.forwarding(), exits, icmp, own.drops(), own.pool());
        flows = new FlowTable(sizes.flows(), sizes.flowsPerHost(), seed);
        firewall = new LanFirewall(own.forwarding(), flows, seed, icmp, own.drops(), own.clock());
        router = new Router(own.forwarding(), routes, flows, fit, icmp, own.drops(), own.clock());
        SourceGuard guard = new SourceGuard(own.forwarding(), own.drops());
        gateway = new Gateway(ports, interfaces(), own.pool(), own.drops(), own.clock());
        lanDecision = new LanDecision(firewall, step(CapturePlan.FROM_LAN), router, exits);
        proofEcho = new ProofEcho(own.forwarding(), news, own.drops(), own.pool());
        proofDecoder = new PacketDecoder(own.drops());
        CaptureStep fromWan = step(CapturePlan.FROM_WAN);
        decision = new WanDecision(guard, firewall, fromWan, proofEcho, router, exits);
        ingresses =
                here.stream()
                        .map(port -> ingress(own, port, gateway, lanDecision))
                        .toArray(LanIngress[]::new);
        egresses =
                ports.stream().map(port -> egress(own, port, elsewhere)).toArray(LanEgress[]::new);
    }

    private CaptureStep step(int place) {
        return new CaptureStep(own.capture(), CapturePoint.POST_FIREWALL, place);
    }

    /** From a port's device, whichever agent turns it. */
    static LanIngress ingress(
            AgentParts own, LanPort port, NeighbourMessages gateway, Onward onward) {
        return new LanIngress(
                new TapReader(port, own.pool(), own.drops(), own.clock(), own.capture()),
                new FrameDecoder(port, gateway, own.drops()),
                new PacketDecoder(own.drops()),
                onward);
    }

    private LanEgress egress(AgentParts own, LanPort port, Map<Integer, Onward> elsewhere) {
        Onward there = elsewhere.get(port.index());
        return new LanEgress(
                port.ring(),
                new FrameEncoder(port, gateway),
                there == null ? writer(own, port)::write : there);
    }

    /** To a port's device, whichever agent turns it. */
    static TapWriter writer(AgentParts own, LanPort port) {
        return new TapWriter(port, own.pool(), own.drops(), own.clock(), own.capture());
    }

    /** What goes on with opened packets. */
    WanDecision decision() {
        return decision;
    }

    /** What went to the Internet by our own kernel. */
    TrafficCounter directInternet() {
        return router.directInternet();
    }

    /** What a port agent reads arrives by it. */
    PortArrival arrival(PacketRing messages, PacketRing packets) {
        return new PortArrival(messages, packets, gateway, lanDecision);
    }

    Exits exits() {
        return exits;
    }

    List<LoopAgent.Door> doors() {
        return doors;
    }

    /** LAN and host port to the exits' rings; returns frames. */
    int pollLan() {
        int frames = 0;
        for (LanIngress ingress : ingresses) {
            frames += ingress.poll();
        }
        return frames;
    }

    /** Sends an echo that is to prove the tunnel, by the way that hosts' packets go. */
    void onSendProof(Tunnel tunnel, Proof proof) {
        proofEcho.begin(tunnel, proof, own.clock().nanoTime(), proofs);
        proofDecoder.process(proofs);
        lanDecision.process(proofs);
    }

    /** A packet is asked about. */
    void onStage(Rehearsal rehearsal) {
        long nowNs = own.clock().nanoTime();
        rehearsal.stage(own.forwarding().current(), routes, firewall, flows, nowNs);
    }

    /** What is allowed between the LAN's networks, and goes how to others; null: everything. */
    void onPolicy(LanPolicy policy) {
        firewall.publish(policy);
        router.publish(firewall.transports());
    }

    /** What is allowed between sites, at a PoP. */
    void onWanFirewall(WanFirewallPolicy policy) {
        firewall.publishWanFirewall(policy);
    }

    /** The gateway's own business. */
    int pollGateway(long nowNs) {
        return gateway.poll(nowNs);
    }

    /** The ports' rings to LAN and host port; returns packets. */
    int pollPorts() {
        int work = 0;
        for (LanEgress egress : egresses) {
            int polled = LanEgress.PACKETS_MAX;
            for (int i = 0;
                    i < PORT_BATCHES_PER_CYCLE_MAX && polled == LanEgress.PACKETS_MAX;
                    i++) {
                polled = egress.poll();
                work += polled;
            }
        }
        return work;
    }

    boolean isDrained() {
        for (LanEgress egress : egresses) {
            if (!egress.isDrained()) {
                return false;
            }
        }
        return true;
    }

    long deadlineNs() {
        return gateway.deadlineNs();
    }

    private List<LanInterface> interfaces() {
        return ports.stream()
                .flatMap(port -> port.interfaces().stream())
                .sorted((a, b) -> Integer.compare(a.index(), b.index()))
                .toList();
    }

    private PortRoutes portRoutes() {
        List<LanInterface> interfaces = interfaces();
        int[] portByInterface = interfaces.stream().mapToInt(LanInterface::port).toArray();
        boolean[] isInternetOnly = new boolean[interfaces.size()];
        interfaces.forEach(lan -> isInternetOnly[lan.index()] = lan.isInternetOnly());
        int hostPort =
                ports.stream()
                        .filter(LanPort::isHost)
                        .mapToInt(LanPort::index)
                        .findFirst()
                        .orElse(PacketBuffer.NONE);
        return new PortRoutes(portByInterface, isInternetOnly, hostPort);
    }
}
