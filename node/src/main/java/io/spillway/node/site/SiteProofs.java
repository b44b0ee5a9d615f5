package io.spillway.node.site;

import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ProofBudget;
import io.spillway.control.readiness.ProofConfig;
import io.spillway.control.readiness.ProofStatus;
import io.spillway.control.readiness.TunnelProof;
import io.spillway.dataplane.forward.Proof;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Rib;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Proves every living tunnel to a peer by echoes of full size, each to the first address of a
 * network that the peer has announced. Owned by control.
 */
final class SiteProofs {
    /** How an echo leaves. */
    interface Sender {
        boolean send(ManagedTunnel tunnel, Proof proof);
    }

    /** What the path takes, three times over, but no less and no more. */
    private static final long WAIT_MIN_NS = 250_000_000L;

    private static final long WAIT_MAX_NS = 2_000_000_000L;
    private static final int ROUND_TRIPS = 3;
    private static final long STRETCH_NS = 5_000_000_000L;

    private final SiteSetup setup;
    private final SiteTunnels tunnels;
    private final Rib rib;
    private final SiteForwarding forwarding;
    private final Sender sender;
    private final RandomGenerator random;
    private final Map<Integer, TunnelProof> proofs = new HashMap<>(); // by tunnel
    private final Map<Integer, ProofBudget> budgets = new HashMap<>(); // by link
    private final Map<Integer, ProofConfig> configs = new HashMap<>(); // by link
    private final Map<Long, List<IpAddress>> targets = new HashMap<>();
    private final boolean hasRouteBack;
    private long targetsGeneration = -1;
    private long stretchNs;

    SiteProofs(
            SiteSetup setup,
            SiteTunnels tunnels,
            Rib rib,
            SiteForwarding forwarding,
            Sender sender,
            RandomGenerator random,
            long nowNs) {
        this.setup = setup;
        this.tunnels = tunnels;
        this.rib = rib;
        this.forwarding = forwarding;
        this.sender = sender;
        this.random = random;
        stretchNs = nowNs;
        boolean hasAddress = setup.local().hasIpv4() || setup.local().hasIpv6();
        hasRouteBack = hasAddress && !setup.advertised().isEmpty();
    }

    /** After routes and tunnels were published, for sites whose turn it is. */
    void poll(Set<Long> sites, long nowNs) {
        if (nowNs - stretchNs >= 0) {
            stretchNs = nowNs + STRETCH_NS;
            stretch();
        }
        for (long siteId : sites) {
            tunnels.tunnelsTo(siteId).forEach((key, tunnel) -> poll(key, tunnel, nowNs));
        }
    }

    private void poll(TunnelPlan.Key key, ManagedTunnel tunnel, long nowNs) {
        int index = tunnel.tunnel().index();
        if (!tunnel.isAlive()) {
            proofs.remove(index);
            return;
        }
        ProofConfig config = configs.getOrDefault(key.localLink(), setup.proofs());
        TunnelProof proof =
                proofs.computeIfAbsent(index, _ -> new TunnelProof(config, random, nowNs));
        proof.config(config);
        if (proof.takeDoubt(nowNs)) {
            tunnels.doubt(tunnel);
        }
        if (proof.poll(nowNs) && hasRouteBack && !targets(key.siteId()).isEmpty()) {
            send(key, tunnel, proof, nowNs);
        }
    }

    private void send(TunnelPlan.Key key, ManagedTunnel tunnel, TunnelProof proof, long nowNs) {
        ProofBudget budget = budgets.computeIfAbsent(key.localLink(), _ -> new ProofBudget(nowNs));
        if (!budget.take(tunnel.tunnel().mtu(), nowNs)) {
            return;
        }
        List<IpAddress> there = targets(key.siteId());
        IpAddress destination = there.get(proof.lostCount() % there.size());
        if (!proof.isNextFull()) {
            sender.send(tunnel, new Proof(proof.next(0, nowNs), destination, false));
        }
        int sequence = proof.next(waitNs(tunnel), nowNs);
        sender.send(tunnel, new Proof(sequence, destination, true));
    }

    private static long waitNs(ManagedTunnel tunnel) {
        long roundTripNs = tunnel.liveness().roundTripNs().orElse(WAIT_MAX_NS);
        return Math.clamp(ROUND_TRIPS * roundTripNs, WAIT_MIN_NS, WAIT_MAX_NS);
    }

    /** One of ours came back. */
    void onProof(ManagedTunnel tunnel, int sequence, int length, long sentNs, long receivedNs) {
        TunnelProof proof = proofs.get(tunnel.tunnel().index());
        if (proof != null) {
            proof.onReply(sequence, length, sentNs, receivedNs);
        }
    }

    ProofStatus status(TunnelPlan.Key key, ManagedTunnel tunnel) {
        TunnelProof proof = proofs.get(tunnel.tunnel().index());
        ProofStatus status = proof == null ? ProofStatus.NONE : proof.status();
        boolean isRouteThere = !targets(key.siteId()).isEmpty();
        if (hasRouteBack && isRouteThere) {
            return status;
        }
        ProofStatus.Outcome outcome =
                isRouteThere
                        ? ProofStatus.Outcome.NO_ROUTE_BACK
                        : ProofStatus.Outcome.NO_ROUTE_THERE;
        return new ProofStatus(OptionalLong.empty(), status.windowNs(), outcome, 0);
    }

    /** Null when the tunnel does not live. */
    TunnelProof of(ManagedTunnel tunnel) {
        return proofs.get(tunnel.tunnel().index());
    }

    /** Where echoes to that site may go; empty: no route leads to a network of its own. */
    List<IpAddress> targets(long siteId) {
        if (forwarding.generation() != targetsGeneration) {
            targetsGeneration = forwarding.generation();
            targets.clear();
        }
        return targets.computeIfAbsent(siteId, this::findTargets);
    }

    private List<IpAddress> findTargets(long siteId) {
        List<IpAddress> found = new ArrayList<>();
        for (Prefix prefix : rib.prefixesInForce(siteId)) {
            boolean hasSource = prefix.isIpv4() ? setup.local().hasIpv4() : setup.local().hasIpv6();
            IpAddress first = firstHost(prefix);
            if (hasSource && !prefix.isDefault() && forwarding.leadsTo(first, siteId)) {
                found.add(first);
            }
        }
        return found;
    }

    private static IpAddress firstHost(Prefix prefix) {
        if (prefix.isIpv4()) {
            int network = prefix.address().toIpv4();
            boolean hasNetworkAddress = prefix.length() < Prefix.IPV4_LENGTH_MAX - 1;
            return IpAddress.ofIpv4(hasNetworkAddress ? network | 1 : network);
        }
        boolean hasAnycast = prefix.length() < Prefix.IPV6_LENGTH_MAX - 1;
        return IpAddress.ofIpv6(prefix.high(), hasAnycast ? prefix.low() | 1 : prefix.low());
    }

    /** Where a link has too many tunnels for its budget, each is proven less often. */
    private void stretch() {
        Map<Integer, Long> costs = new HashMap<>();
        tunnels.toPeers()
                .forEach(
                        (key, tunnel) -> {
                            long costNs = ProofBudget.costNs(tunnel.tunnel().mtu());
                            costs.merge(key.localLink(), costNs, Long::sum);
                        });
        configs.clear();
        costs.forEach((link, costNs) -> configs.put(link, setup.proofs().stretched(costNs)));
        if (proofs.size() > tunnels.toPeers().size()) {
            forgetClosed();
        }
    }

    private void forgetClosed() {
        proofs.keySet()
                .retainAll(
                        tunnels.toPeers().values().stream()
                                .map(it -> it.tunnel().index())
                                .collect(Collectors.toSet()));
    }
}
