package io.spillway.node.sim;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.event.Event;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.EventType;
import io.spillway.control.pop.PopChoice;
import io.spillway.control.readiness.ProofConfig;
import io.spillway.crypto.BoxSeal;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.port.LanInterface;
import io.spillway.node.bgp.BgpTransport;
import io.spillway.node.site.BgpSetup;
import io.spillway.node.site.SiteControl;
import io.spillway.node.site.SiteMemory;
import io.spillway.node.site.SiteSetup;
import io.spillway.node.site.SiteView;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.RouteSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A whole appliance but for threads, sockets, TAP and certificates. Site N has the LAN 10.N.0.0/16,
 * of which it advertises 10.N.0.0/24.
 */
public final class SimSite extends SimNode {
    private static final long GATEWAY_MAC = 0x02_00_00_00_00_00L;
    private static final long PROBE_INTERVAL_NS = 100_000_000L;
    private static final PrivateKey SEAL_KEY = sealKey();

    private final int number;
    private final SimInternet internet;
    private final SiteControl control;
    private final SimChannel channel;
    private final EventJournal journal;
    private final EventJournal readinessJournal;
    private final SimPort port;
    private final SimRouter router; // null: none

    SimSite(SimWorld world, int number, String name, SiteOptions options, Path state) {
        this(world, number, name, options, state, links(number, options), new SimPort(name));
    }

    /** Another machine that uses the ID of site {@code number}, with a LAN of nobody. */
    static SimSite intruder(
            SimWorld world, int number, String name, InetSocketAddress at, Path state) {
        SiteOptions options = SiteOptions.DEFAULT;
        return new SimSite(
                world, number, name, options, state, List.of(at), new SimPort("intruder"));
    }

    private SimSite(
            SimWorld world,
            int number,
            String name,
            SiteOptions options,
            Path state,
            List<InetSocketAddress> links,
            SimPort port) {
        this(world, number, name, options, state, links, port, new SimInternet());
    }

    private SimSite(
            SimWorld world,
            int number,
            String name,
            SiteOptions options,
            Path state,
            List<InetSocketAddress> links,
            SimPort port,
            SimInternet internet) {
        super(
                world,
                new PeerIdentity(
                        SimWorld.ACCOUNT, Role.SITE, id(number), name, SimCertificates.of(name)),
                links,
                List.of(
                        new DataPlane.PortSpec(
                                Collections.nCopies(world.threading().portQueues(), port),
                                false,
                                List.of(lan(number))),
                        new DataPlane.PortSpec(internet.port(), true, List.of())));
        this.number = number;
        this.internet = internet;
        journal = journal(state, world.random().nextLong());
        readinessJournal = journal(state.resolve("readiness"), world.random().nextLong());
        channel = new SimChannel(world, identity);
        router =
                options.hasRouter() ? new SimRouter(number, agent, this::bgp, world.clock()) : null;
        control =
                new SiteControl(
                        setup(number, name, options, links),
                        new SiteControl.Surroundings(
                                dataPlane,
                                handshakes,
                                world.ciphers(),
                                channel,
                                agent,
                                Runnable::run,
                                journal,
                                readinessJournal,
                                world.clock(),
                                world.random(),
                                "simulated",
                                new SimCredentials(name),
                                memory(world, number, state),
                                options.rekey(),
                                router == null ? BgpTransport.NONE : router,
                                this::leadInternet),
                        world.clock().nanoTime());
        agent.turn(control);
        this.port = port;
    }

    private BgpTransport.Listener bgp() {
        return new SiteView(control).bgp();
    }

    private void leadInternet(int link, Consumer<Boolean> isLed) {
        agent.execute(() -> isLed.accept(true));
    }

    /** What it reaches without a PoP. */
    public SimInternet internet() {
        return internet;
    }

    public SimRouter router() {
        return router;
    }

    @Override
    void turn() {
        if (router != null && isRunning()) {
            router.poll();
        }
        super.turn();
    }

    public static long id(int number) {
        return 1000 + number;
    }

    static InetSocketAddress endpoint(int number, int link) {
        return new InetSocketAddress("198.51." + (100 + link) + "." + number, 20060);
    }

    /** Of the gateway. */
    static long mac(int number) {
        return GATEWAY_MAC + number;
    }

    static int gateway(int number) {
        return 10 << 24 | number << 16 | 1;
    }

    public int number() {
        return number;
    }

    public long id() {
        return identity.siteId();
    }

    SimPort port() {
        return port;
    }

    public SiteControl control() {
        return control;
    }

    /** These are its prefixes from now on. */
    public void advertise(Collection<Prefix> prefixes) {
        PrefixSet all = PrefixSet.of(prefixes);
        execute(it -> it.advertise(all));
    }

    public void advertise(String... prefixes) {
        advertise(Stream.of(prefixes).map(Prefix::parse).toList());
    }

    public SimChannel channel() {
        return channel;
    }

    /** Messages of the journal, oldest first, but for those about tunnels. */
    public List<String> events() {
        return journal.events().stream()
                .filter(event -> !isOfTunnels(event))
                .map(Event::message)
                .toList();
    }

    private static boolean isOfTunnels(Event event) {
        return event.is(EventType.OFF_CLOUD_TRANSPORT_CONNECT)
                || event.is(EventType.OFF_CLOUD_TRANSPORT_DISCONNECT);
    }

    /** What is kept of readiness, oldest first. */
    public List<Event> readinessKept() {
        return readinessJournal.events();
    }

    public EventJournal journal() {
        return journal;
    }

    void execute(Consumer<SiteControl> task) {
        if (!isDead()) {
            agent.execute(() -> task.accept(control));
        }
    }

    @Override
    void die() {
        super.die();
        try {
            journal.close();
            readinessJournal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<InetSocketAddress> links(int number, SiteOptions options) {
        return IntStream.range(0, options.precedences().size())
                .mapToObj(link -> endpoint(number, link))
                .toList();
    }

    private static LanInterface lan(int number) {
        var address = new GatewayAddress(true, 0, Integer.toUnsignedLong(gateway(number)), 16);
        var addresses = new GatewayAddresses(mac(number), 0, List.of(address));
        return new LanInterface(0, 0, "office", addresses, null);
    }

    private SiteSetup setup(
            int number, String name, SiteOptions options, List<InetSocketAddress> ends) {
        List<Link> links = new ArrayList<>();
        for (int precedence : options.precedences()) {
            LinkEndpoints endpoints =
                    LinkEndpoints.NONE
                            .withLocal(ends.get(links.size()), NatMapping.UNKNOWN)
                            .withFixed(links.isEmpty() ? options.fixed() : null);
            LinkRole role = options.role(links.size());
            links.add(
                    new Link(
                            links.size(), "wan" + links.size(), role, precedence, true, endpoints));
        }
        boolean isEnabled = options.recovery().isEnabled();
        Prefix lan = Prefix.ofIpv4(10 << 24 | number << 16, 16);
        List<Prefix> advertised = new ArrayList<>(options.advertised());
        advertised.add(Prefix.ofIpv4(10 << 24 | number << 16, 24));
        return new SiteSetup(
                new Site(id(number), name, SiteType.BRANCH, false, links, isEnabled, PairScope.IN),
                links.stream().map(_ -> 1500).toList(),
                ends.stream().map(InetSocketAddress::getPort).toList(),
                world.popAddresses(),
                PopChoice.Config.retrying(options.popRetryNs()),
                routes(lan, options),
                options.offCloudRoutes(),
                advertised,
                new LocalAddresses(new int[] {gateway(number)}, new long[] {0, 0}),
                PROBE_INTERVAL_NS,
                world.pathMtuRaiseNs(),
                options.recovery(),
                options.internet(),
                ProofConfig.DEFAULT,
                SiteSetup.Preference.DEFAULT,
                Set.of(),
                options.hasRouter() ? SimRouter.setup(number) : BgpSetup.NONE);
    }

    private static List<SiteSetup.LocalRoute> routes(Prefix lan, SiteOptions options) {
        List<SiteSetup.LocalRoute> routes = new ArrayList<>();
        routes.add(new SiteSetup.LocalRoute(RouteSource.CONNECTED, lan, NextHop.onLink(0)));
        if (options.internet().isUsed()) {
            Prefix all = Prefix.ofIpv4(0, 0);
            routes.add(new SiteSetup.LocalRoute(RouteSource.STATIC, all, NextHop.INTERNET));
        }
        for (SiteSetup.LocalRoute service : options.offCloudRoutes()) {
            routes.add(new SiteSetup.LocalRoute(RouteSource.POP, service.prefix(), NextHop.CLOUD));
        }
        return routes;
    }

    private static SiteMemory memory(SimWorld world, int number, Path state) {
        BoxSeal seal = BoxSeal.of(SEAL_KEY, "site" + number, new byte[0]);
        try {
            return SiteMemory.open(state, seal, world.clock().nanoTime());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateKey sealKey() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static EventJournal journal(Path state, long id) {
        try {
            return EventJournal.open(new EventJournal.Config(state, "site"), id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
