package io.spillway.node.pop;

import static java.util.stream.Collectors.toSet;

import io.spillway.control.event.EventDraft;
import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Role;
import io.spillway.crypto.handshake.DtlsHandshakes;
import io.spillway.crypto.handshake.HandshakeConfig;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.node.CommandSocket;
import io.spillway.node.ConfigException;
import io.spillway.node.ControlAgent;
import io.spillway.node.DropCounts;
import io.spillway.node.NodeStart;
import io.spillway.node.NodeThreads;
import io.spillway.node.PopConfig;
import io.spillway.node.WanSetup;
import io.spillway.node.alarm.Alarm;
import io.spillway.node.alarm.Alarms;
import io.spillway.node.alarm.NodeAlarms;
import io.spillway.node.capture.CaptureRequest;
import io.spillway.node.capture.CaptureService;
import io.spillway.node.channel.ChannelConnection;
import io.spillway.node.channel.ChannelServer;
import io.spillway.node.channel.ChannelServerConfig;
import io.spillway.node.channel.ChannelServerListener;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import io.spillway.node.enrol.Enrolment;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.MetricsServer;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.notify.NoticeAnswers;
import io.spillway.node.notify.NoticeOrigin;
import io.spillway.node.notify.Notifier;
import io.spillway.node.policy.RuleSites;
import io.spillway.node.pop.api.ApiServer;
import io.spillway.node.pop.api.EventStore;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.routing.fib.IpAddress;
import io.spillway.tap.UdpSocket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** {@code spillway pop}: wires one point of presence and runs it until a signal. */
public final class PopNode {
    private static final Logger LOG = LoggerFactory.getLogger(PopNode.class);

    /** Of routers without an address of their own (RFC 7600 §4.8). */
    private static final IpAddress DUMMY_IPV4 = IpAddress.parse("192.0.0.8");

    /** Ours for the same: unique local (RFC 4193), nobody's network. */
    private static final IpAddress DUMMY_IPV6 = IpAddress.parse("fd5a:70b1:9a11::8");

    private static final int ASK_MAX_S = 3;

    private final Path file;
    private final PopConfig config;
    private final NodeStart life;
    private final NanoClock clock = SystemNanoClock.INSTANCE;

    private PopNode(Path file, PopConfig config, NodeStart life) {
        this.file = file;
        this.config = config;
        this.life = life;
    }

    /**
     * Returns the exit status after SIGTERM or SIGINT.
     *
     * @throws IOException when something cannot be opened, naming it; nothing stays open then
     */
    public static int run(Path file) throws ConfigException, IOException, InterruptedException {
        PopConfig config = PopConfig.read(file);
        return run(file, config, NodeStart.ciphers(config.dataPlane()));
    }

    /** With these ciphers, whatever the configuration says. */
    public static int run(Path file, RecordCiphers ciphers)
            throws ConfigException, IOException, InterruptedException {
        return run(file, PopConfig.read(file), ciphers);
    }

    private static int run(Path file, PopConfig config, RecordCiphers ciphers)
            throws IOException, InterruptedException {
        try (NodeStart life = new NodeStart()) {
            new PopNode(file, config, life).start(ciphers);
            LOG.info("PoP {}: running", config.pop().name());
            return life.runUntilStopped();
        }
    }

    private void start(RecordCiphers ciphers) throws IOException {
        PopIdentity identity = new PopIdentity(config, InstantSource.system(), clock);
        EventLoopKind loop = NodeStart.loop(config.dataPlane());
        DataPlane dataPlane =
                life.closing(
                        new DataPlane(
                                config.dataPlane().threading(),
                                config.dataPlane().sizes(),
                                life.random().nextInt(),
                                openInternet(),
                                openLinks(),
                                clock));
        EventStore events = openEvents(); // before the threads: closed after them
        NodeThreads threads = life.closing(new NodeThreads(config.dataPlane()));
        ControlAgent agent = new ControlAgent(dataPlane.events(), clock);
        TrustFeed trust = new TrustFeed();
        PopControl.Surroundings around =
                new PopControl.Surroundings(
                        dataPlane,
                        new DtlsHandshakes(
                                HandshakeConfig.of(identity::current, identity.verifier())),
                        ciphers,
                        agent,
                        threads.files(),
                        PopMemory.open(config.state()),
                        SystemEpochClock.INSTANCE,
                        life.random(),
                        trust,
                        identity::vintage,
                        RekeyLimits.DEFAULT,
                        events);
        PopSetup setup = setup();
        PopControl control = new PopControl(setup, around, clock.nanoTime());
        agent.turn(control);
        PopFirewall firewall =
                life.closing(
                        new PopFirewall(
                                config.wanFirewall(),
                                dataPlane.commands(),
                                InstantSource.system(),
                                () -> askForSites(control, agent)));
        firewall.start(control.knownSites());
        threads.start(dataPlane, loop, agent, clock, life);
        life.closing(
                TrustWatch.start(
                        identity, trust, () -> onTrust(agent, control, identity.verifier())));
        openChannels(setup, identity, agent, control);
        PopAnswers answers =
                new PopAnswers(file, control, identity, firewall, dataPlane, ciphers, loop);
        Notifier notifier = startNotices(threads);
        startAlarms(identity, dataPlane, control, agent, notifier);
        Map<String, Function<JsonNode, JsonNode>> handlers = new HashMap<>(answers.handlers(agent));
        handlers.putAll(NoticeAnswers.of(notifier));
        CaptureService capture = new CaptureService(dataPlane, Map.of(), clock, null);
        life.closing(
                CommandSocket.open(
                        config.commandSocket(), handlers, Map.of(CaptureRequest.COMMAND, capture)));
        if (config.metrics() != null) {
            NodeMetrics own = metrics(identity, dataPlane, ciphers, loop);
            PopMetrics all = new PopMetrics(own, control, dataPlane, firewall);
            life.closing(MetricsServer.open(config.metrics().listen(), () -> all.gather(agent)));
        }
        if (config.api() != null) {
            openApi(control, agent, events);
        }
    }

    /** Null: nobody is told. */
    private Notifier startNotices(NodeThreads threads) throws IOException {
        return config.notices() == null
                ? null
                : life.closing(
                        Notifier.start(
                                config.notices(),
                                new NoticeOrigin("pop", "", config.pop().name()),
                                new Notifier.Sources(List.of(), threads.files(), List::of),
                                SystemEpochClock.INSTANCE));
    }

    private void startAlarms(
            PopIdentity identity,
            DataPlane dataPlane,
            PopControl control,
            ControlAgent agent,
            Notifier notifier) {
        Consumer<EventDraft> listener =
                notifier == null
                        ? draft -> LOG.warn("{} {}", draft.message(), draft.fields())
                        : notifier::tell;
        if (notifier != null) {
            notifier.tell(NodeAlarms.started());
        }
        List<Alarm> slow =
                NodeAlarms.of(
                        () -> identity.current().certificate(),
                        () -> DropCounts.of(dataPlane, List.of()),
                        config.state(),
                        SystemEpochClock.INSTANCE);
        life.closing(Alarms.start(slow, listener, clock, Alarms.INTERVAL));
        Alarm sites = new SitesAlarm(() -> agent.ask(() -> SitesAlarm.standing(control)));
        life.closing(Alarms.start(List.of(sites), listener, clock, SitesAlarm.INTERVAL));
    }

    private NodeMetrics metrics(
            PopIdentity identity, DataPlane dataPlane, RecordCiphers ciphers, EventLoopKind loop) {
        return new NodeMetrics(
                Labels.of("pop", config.pop().name()),
                ciphers,
                loop,
                dataPlane,
                List.of(),
                () -> identity.current().certificate(),
                identity.verifier()::trust);
    }

    /** Null: there is no API to tell of them. */
    private EventStore openEvents() throws IOException {
        if (config.api() == null) {
            return null;
        }
        return life.closing(
                EventStore.open(config.api().store(), SystemEpochClock.INSTANCE, life.random()));
    }

    /** When all else runs: it is no part of anybody's traffic. */
    private void openApi(PopControl control, ControlAgent agent, EventStore events)
            throws IOException {
        PopAccount account = new PopAccount(control, SystemEpochClock.INSTANCE);
        ApiServer.Source source =
                new ApiServer.Source(
                        config.pop().account(),
                        () -> agent.ask(account::snapshot),
                        events,
                        InstantSource.system(),
                        clock);
        life.closing(ApiServer.open(config.api(), source));
    }

    private static Collection<RuleSites.Known> askForSites(PopControl control, ControlAgent agent) {
        return CompletableFuture.supplyAsync(control::knownSites, agent)
                .orTimeout(ASK_MAX_S, TimeUnit.SECONDS)
                .join();
    }

    private static void onTrust(ControlAgent agent, PopControl control, PeerVerifier verifier) {
        agent.execute(() -> control.onTrust(peer -> verifier.isRevoked(peer.certificate())));
    }

    /** The port to our own kernel, by which sites reach the Internet, if they do. */
    private List<DataPlane.PortSpec> openInternet() throws IOException {
        if (config.internet() == null) {
            return List.of();
        }
        PopInternet internet = new PopInternet(config.internet(), config.listen());
        return List.of(internet.open(life::closing));
    }

    /** One for each port: what answers on one must leave by it. */
    private List<DataPlane.LinkSpec> openLinks() throws IOException {
        PopConfig.Listen listen = config.listen();
        return List.of(
                openLink("listen", listen.tunnelPort()),
                openLink("alternate", listen.alternatePort()));
    }

    private DataPlane.LinkSpec openLink(String name, int port) throws IOException {
        PopConfig.Listen listen = config.listen();
        boolean isIpv4 = listen.address() instanceof Inet4Address;
        if (!WanSetup.isThere(listen.device())) {
            throw new IOException("listen: device " + listen.device() + " does not exist");
        }
        List<UdpSocket> sockets =
                WanSetup.open(
                        listen.device(),
                        listen.address(),
                        port,
                        isIpv4,
                        config.dataPlane().threading());
        sockets.forEach(life::closing);
        return new DataPlane.LinkSpec(name, sockets);
    }

    private PopSetup setup() throws IOException {
        PopConfig.Listen listen = config.listen();
        return new PopSetup(
                config.pop().name(),
                config.pop().account(),
                WanSetup.mtu(listen.mtu(), listen.device()),
                config.pmtu().raiseInterval().toNanos(),
                localAddresses(config.innerAddress()),
                config.internet() == null ? null : PopInternet.address(config.internet()),
                config.internet() == null ? null : config.internet().resolver(),
                config.nodes().stream().map(PopNode::address).toList(),
                config.endOfStateTimeout(),
                config.policy().toAccountPolicy(),
                config.wanFirewall() != null);
    }

    private static NodeAddress address(PopConfig.Node node) {
        return new NodeAddress(
                node.name(),
                new InetSocketAddress(node.address(), node.tunnelPort()),
                new InetSocketAddress(node.address(), node.channelPort()));
    }

    /** Without a source there would be no ICMP error, and path MTU discovery lives on them. */
    private static LocalAddresses localAddresses(IpAddress configured) {
        boolean isIpv4 = configured != null && configured.isIpv4();
        IpAddress ipv4 = isIpv4 ? configured : DUMMY_IPV4;
        IpAddress ipv6 = configured == null || isIpv4 ? DUMMY_IPV6 : configured;
        return new LocalAddresses(new int[] {ipv4.toIpv4()}, new long[] {ipv6.high(), ipv6.low()});
    }

    private void openChannels(
            PopSetup setup, PopIdentity identity, ControlAgent agent, PopControl control)
            throws IOException {
        PopConfig.Listen listen = config.listen();
        ChannelThread thread = life.closing(ChannelThread.start());
        ChannelServerConfig channelConfig =
                new ChannelServerConfig(
                        new InetSocketAddress(listen.address(), listen.channelPort()),
                        identity::current,
                        identity.verifier(),
                        config.nodes().stream().map(PopConfig.Node::name).collect(toSet()),
                        Enrolment.of(config, identity.current(), InstantSource.system()),
                        ChannelServerConfig.CONNECTIONS_MAX,
                        ChannelTiming.DEFAULT);
        life.closing(ChannelServer.open(thread, channelConfig, new Channels(agent, control)));
        life.closing(
                NodeChannels.start(
                        setup,
                        listen.address(),
                        identity::current,
                        identity.verifier(),
                        thread,
                        control,
                        agent));
    }

    /** Brings what the channel's thread hears to control. */
    private static final class Channels implements ChannelServerListener {
        private final ControlAgent agent;
        private final PopControl control;
        private final Map<ChannelConnection, SiteConnection> connections = new HashMap<>();

        Channels(ControlAgent agent, PopControl control) {
            this.agent = agent;
            this.control = control;
        }

        @Override
        public void onAccepted(ChannelConnection connection) {
            agent.execute(
                    () -> {
                        SiteConnection opened = new OverTls(connection);
                        connections.put(connection, opened);
                        if (opened.peer().role() == Role.POP) {
                            control.onNodeConnected(opened);
                        }
                    });
        }

        @Override
        public void onFrame(ChannelConnection connection, Frame frame) {
            agent.execute(() -> control.onFrame(connections.get(connection), frame));
        }

        @Override
        public void onClosed(ChannelConnection connection, String reason) {
            agent.execute(() -> control.onClosed(connections.remove(connection)));
        }
    }

    private record OverTls(ChannelConnection connection) implements SiteConnection {
        @Override
        public PeerIdentity peer() {
            return connection.peer();
        }

        @Override
        public boolean send(Frame frame) {
            return connection.send(frame);
        }

        @Override
        public boolean hasRoom() {
            return connection.hasRoom();
        }

        @Override
        public void close(String reason) {
            connection.close(reason);
        }
    }
}
