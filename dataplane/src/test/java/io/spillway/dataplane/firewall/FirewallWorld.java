package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.firewall.PlainFirewall.Verdict;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.IcmpReporter;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.dataplane.forward.PortRoutes;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.SourceGuard;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.forward.TunnelFit;
import io.spillway.dataplane.forward.TunnelRings;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.dataplane.forward.WanTransport;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.DropTotals;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.CachedNanoClock;

/** A firewall with the steps before it, and its twin, under the same random policies and routes. */
final class FirewallWorld implements AutoCloseable {
    private static final int FLOWS = 1 << 15;
    private static final long STEP_MAX_NS = 2_000_000_000L;
    private static final int OTHER_SITE = 2;

    private final SplittableRandom random;
    private final RandomTraffic traffic;
    private final CachedNanoClock clock = new CachedNanoClock();
    private final PacketPool pool = new PacketPool(2);
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final ForwardingView view = new ForwardingView();
    private final PacketDecoder decoder = new PacketDecoder(drops);
    private final SourceGuard guard = new SourceGuard(view, drops);
    private final PacketBatch batch = new PacketBatch(1);
    private final List<Tunnel> pops = List.of(tunnel(0, Tunnel.POP), tunnel(1, Tunnel.POP));
    private final Tunnel direct = tunnel(2, OTHER_SITE);
    private final PortRoutes ports = new PortRoutes(new int[RandomTraffic.NETWORKS], 1);
    private final PlainFirewall twin = new PlainFirewall(this::network);
    private final FlowTable flows;
    private final LanFirewall firewall;
    private final Router router;
    private boolean isRouterThere = true;
    private boolean hasCloud = true;
    private Fib fib = fib();
    private List<PlainRules.Network> rules = List.of();
    private LanPolicy policy;
    private long steeredCount;
    private Map<DropReason, Long> dropped = Map.of();

    FirewallWorld(SplittableRandom random) {
        this(random, 0);
    }

    /**
     * @param flowsPerHost as {@link FlowTable} has it; the twin knows of no such limit
     */
    FirewallWorld(SplittableRandom random, int flowsPerHost) {
        this.random = random;
        traffic = new RandomTraffic(random.split(), true);
        clock.update(random.nextLong());
        view.publish(forwarding());
        int seed = random.nextInt();
        flows = new FlowTable(FLOWS, flowsPerHost, seed);
        Exits exits = new Exits(new PacketRing[0], new TunnelRings(), view, drops);
        IcmpReporter icmp = new IcmpReporter(view, ports, exits, drops, pool, clock);
        firewall = new LanFirewall(view, flows, seed, icmp, drops, clock);
        TunnelFit fit = new TunnelFit(view, exits, icmp, drops, pool);
        router = new Router(view, ports, flows, fit, icmp, drops, clock);
    }

    private Tunnel tunnel(int index, long siteId) {
        var remote = new InetSocketAddress("192.0.2." + (index + 1), 443);
        Tunnel tunnel = new Tunnel(index, index, 0, siteId, remote, 1500, pool, 8);
        tunnel.install(SessionPair.of(index + 1, 1, 2).client());
        return tunnel;
    }

    /** This one, without a PoP, and closed. */
    void publishAlone(List<PlainRules.Network> others) throws PolicyTooLargeException {
        hasCloud = false;
        view.publish(forwarding());
        firewall.publish(new LanPolicy(PlainRules.compile(others), false));
    }

    /** Another policy, rarely none. */
    void publish() throws PolicyTooLargeException {
        boolean isOpen = random.nextBoolean();
        rules = random.nextInt(12) == 0 ? null : traffic.policy();
        TransportPolicy wan = TransportPolicy.of(wanRules());
        policy = rules == null ? null : new LanPolicy(PlainRules.compile(rules), isOpen, wan);
        firewall.publish(policy);
        router.publish(firewall.transports());
        twin.publish(rules, isOpen);
        steeredCount = 0;
    }

    /** Of which the twin knows nothing: they change no verdict. */
    private List<TransportRule> wanRules() {
        List<TransportRule> wanRules = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int port = RandomTraffic.PORTS[random.nextInt(RandomTraffic.PORTS.length)];
            int number = PacketKey.service(random.nextBoolean() ? 6 : 17, port);
            Service service = new Service(ValueSet.range(number, number), ValueSet.ANY);
            Party to =
                    random.nextBoolean()
                            ? Party.ANYBODY
                            : Party.ofSites(ValueSet.range(OTHER_SITE, OTHER_SITE));
            var choice = new TransportRules.Choice(transport(), transport());
            RuleScope scope = new RuleScope(Party.ANYBODY, to, false, List.of(service));
            wanRules.add(new TransportRule("wan" + i, scope, choice));
        }
        return wanRules;
    }

    private WanTransport transport() {
        WanTransport[] all = WanTransport.values();
        return all[random.nextInt(all.length)];
    }

    /** Time, and now and then other routes, or a PoP that goes or comes. */
    void pass() {
        clock.update(clock.nanoTime() + random.nextLong(STEP_MAX_NS));
        switch (random.nextInt(400)) {
            case 0 -> {
                isRouterThere = random.nextBoolean();
                fib = fib();
                twin.routesChanged();
                view.publish(forwarding());
            }
            case 1, 2 -> {
                hasCloud = random.nextBoolean();
                twin.cloud(hasCloud);
                view.publish(forwarding());
            }
            default -> {}
        }
    }

    PlainPacket packet() {
        return traffic.packet();
    }

    Verdict expected(PlainPacket packet) {
        return twin.judge(packet, clock.nanoTime());
    }

    /** Decoder, source guard, firewall. */
    Verdict judge(PlainPacket packet) {
        enter(packet);
        if (batch.isEmpty()) {
            return Verdict.drop(newlyDropped());
        }
        boolean isByPop = batch.get(0).goesToCloud;
        pool.release(batch.get(0));
        return new Verdict(null, isByPop);
    }

    private void enter(PlainPacket packet) {
        batch.clear();
        batch.add(buffer(packet));
        decoder.process(batch);
        if (packet.network() == PlainPacket.FROM_POP) {
            guard.process(batch);
        }
        firewall.process(batch);
    }

    /**
     * Where a packet came to.
     *
     * @param steered name of the rule that chose its transport
     */
    record Way(DropReason drop, int exit, int egressInterface, boolean isByPop, String steered) {}

    /** The same steps, and the router. */
    Way walk(PlainPacket packet) {
        enter(packet);
        int wanRule = batch.isEmpty() ? 0 : batch.get(0).wanRule;
        String steered = wanRule == 0 ? "" : policy.wan().rules().get(wanRule - 1).name();
        steeredCount += wanRule == 0 ? 0 : 1;
        router.process(batch);
        if (batch.isEmpty()) {
            return new Way(newlyDropped(), PacketBuffer.NONE, PacketBuffer.NONE, false, steered);
        }
        PacketBuffer left = batch.get(0);
        pool.release(left);
        return new Way(null, left.exit, left.egressInterface, left.goesToCloud, steered);
    }

    /** What is said before. */
    Way rehearse(PlainPacket packet) {
        Rehearsal.Door door =
                switch (packet.network()) {
                    case PlainPacket.FROM_POP -> Rehearsal.Door.tunnel(pops.getFirst().index());
                    case PlainPacket.FROM_HOST -> Rehearsal.Door.HOST;
                    default -> Rehearsal.Door.lan(packet.network(), packet.mac());
                };
        try (Rehearsal rehearsal = new Rehearsal(packet.bytes(), door)) {
            rehearsal.stage(view.current(), ports, firewall, flows, clock.nanoTime());
            Rehearsal.Outcome said = rehearsal.play();
            String steered = said.steered() == null ? "" : said.steered().name();
            return new Way(
                    said.drop(), said.exit(), said.egressInterface(), said.isByPop(), steered);
        }
    }

    private PacketBuffer buffer(PlainPacket packet) {
        byte[] bytes = packet.bytes();
        PacketBuffer buffer = pool.acquire();
        buffer.reset(bytes.length);
        buffer.memory().putBytes(buffer.offset(), bytes);
        switch (packet.network()) {
            case PlainPacket.FROM_POP -> buffer.ingressTunnel = pops.getFirst().index();
            case PlainPacket.FROM_HOST -> buffer.isFromHost = true;
            default -> {
                buffer.ingressInterface = packet.network();
                buffer.ingressMac = packet.mac();
            }
        }
        return buffer;
    }

    private DropReason newlyDropped() {
        Map<DropReason, Long> before = dropped;
        dropped = new DropTotals(List.of(counters)).dropped();
        return dropped.keySet().stream()
                .filter(reason -> reason != DropReason.ICMP_RATE_LIMITED)
                .filter(reason -> !dropped.get(reason).equals(before.get(reason)))
                .findFirst()
                .orElseThrow();
    }

    boolean hasLeaked() {
        return pool.freeCount() != pool.slotCount();
    }

    /** Where policy and twin counted differently; empty: nowhere. */
    String differences() {
        List<String> differences = new ArrayList<>();
        for (int i = 0; policy != null && i < policy.rules().decisionCount(); i++) {
            String name = name(policy.rules().decision(i));
            if (policy.flows(i) != twin.flows(name) || policy.blocked(i) != twin.blocked(name)) {
                differences.add(
                        "%s: flows %d, not %d; blocked %d, not %d"
                                .formatted(
                                        name,
                                        policy.flows(i),
                                        twin.flows(name),
                                        policy.blocked(i),
                                        twin.blocked(name)));
            }
        }
        long counted = 0;
        for (int i = 1; policy != null && i <= policy.wan().rules().size(); i++) {
            TransportRules wan = policy.wan().transports();
            counted += wan.byFirst(i) + wan.bySecondary(i) + wan.refused(i);
        }
        if (counted != steeredCount) {
            differences.add(
                    "by rules for other sites: %d, not %d".formatted(counted, steeredCount));
        }
        return String.join("\n", differences);
    }

    private static String name(Decision decision) {
        String network = decision.network() == null ? "-" : decision.network().name();
        return network + " " + (decision.rule() == null ? "-" : decision.rule().name());
    }

    // ---- routes

    private Forwarding forwarding() {
        SiteExit offCloud = new SiteExit(OTHER_SITE, List.of(direct), 0, false);
        SiteExit site = new SiteExit(OTHER_SITE, hasCloud ? pops : List.of(direct), 0, false);
        return new Forwarding(
                1,
                1,
                0,
                fib,
                List.of(hasCloud ? site.inCloud(offCloud, null, 0) : site),
                hasCloud ? new SiteExit(1, pops, 0, false) : SiteExit.NOWHERE,
                false,
                TunnelTable.of(List.of(pops.get(0), pops.get(1), direct), List.of(), List.of()),
                LocalAddresses.NONE);
    }

    private Fib fib() {
        List<FibEntry> entries = new ArrayList<>();
        for (int network = 0; network < RandomTraffic.NETWORKS; network++) {
            for (Prefix prefix : RandomTraffic.prefixes(network)) {
                entries.add(new FibEntry(prefix, NextHop.onLink(network)));
            }
        }
        entries.add(new FibEntry(Prefix.parse("10.1.0.1/32"), NextHop.HOST));
        entries.add(new FibEntry(Prefix.parse("10.2.0.0/16"), NextHop.site(0)));
        if (isRouterThere) {
            IpAddress router = IpAddress.parse("10.1.2.254");
            entries.add(
                    new FibEntry(
                            Prefix.parse("10.1.9.0/24"),
                            NextHop.via(RandomTraffic.ROUTER_NETWORK, router)));
        }
        return Fib.of(1, entries);
    }

    private int network(IpAddress address) {
        if (address.equals(RandomTraffic.GATEWAY)) {
            return -1;
        }
        if (address.equals(RandomTraffic.BEHIND_ROUTER)) {
            return isRouterThere ? RandomTraffic.ROUTER_NETWORK : -1;
        }
        return RandomTraffic.network(address);
    }

    @Override
    public String toString() {
        return "rules " + rules + (hasCloud ? "" : ", no cloud");
    }

    @Override
    public void close() {
        pool.close();
    }
}
