package io.spillway.node.site;

import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventJournal;
import io.spillway.control.pop.PopChoice;
import io.spillway.control.readiness.ProofConfig;
import io.spillway.control.recovery.InternetConfig;
import io.spillway.control.recovery.LinkChoice;
import io.spillway.control.recovery.LinkQuality;
import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.control.recovery.ReturnBackoff;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.KeyLog;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.handshake.DtlsHandshakes;
import io.spillway.crypto.handshake.HandshakeConfig;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.node.CommandSocket;
import io.spillway.node.ConfigException;
import io.spillway.node.ControlAgent;
import io.spillway.node.DropCounts;
import io.spillway.node.NodeStart;
import io.spillway.node.NodeThreads;
import io.spillway.node.NodeVersion;
import io.spillway.node.PolicyFile;
import io.spillway.node.SiteConfig;
import io.spillway.node.WanSetup;
import io.spillway.node.alarm.Alarm;
import io.spillway.node.alarm.Alarms;
import io.spillway.node.alarm.NodeAlarms;
import io.spillway.node.bfd.BfdNeighbour;
import io.spillway.node.bfd.BfdService;
import io.spillway.node.bgp.BgpEnds;
import io.spillway.node.bgp.BgpSockets;
import io.spillway.node.bgp.BgpTransport;
import io.spillway.node.capture.CaptureRequest;
import io.spillway.node.capture.CaptureService;
import io.spillway.node.channel.ChannelClient;
import io.spillway.node.channel.ChannelClientConfig;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import io.spillway.node.channel.ChannelWay;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.MetricsServer;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.notify.NoticeAnswers;
import io.spillway.node.notify.Notifier;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.tap.LinuxException;
import io.spillway.tap.UdpSocket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** {@code spillway site}: wires one site's appliance and runs it until a signal. */
public final class Appliance {
    private static final Logger LOG = LoggerFactory.getLogger(Appliance.class);

    private final SiteConfig config;
    private final NodeStart life;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final List<List<UdpSocket>> wanSockets = new ArrayList<>();
    private volatile SiteControl control;
    private volatile PopChannels channels;

    private Appliance(SiteConfig config, NodeStart life) {
        this.config = config;
        this.life = life;
    }

    /**
     * Returns the exit status after SIGTERM or SIGINT.
     *
     * @throws IOException when something cannot be opened, naming it; nothing stays open then
     */
    public static int run(SiteConfig config) throws IOException, InterruptedException {
        return run(config, NodeStart.ciphers(config.dataPlane()));
    }

    /** With these ciphers, whatever the configuration says. */
    public static int run(SiteConfig config, RecordCiphers ciphers)
            throws IOException, InterruptedException {
        try (NodeStart life = new NodeStart()) {
            new Appliance(config, life).start(ciphers);
            String id = Long.toUnsignedString(config.site().id());
            LOG.info("site {} ({}): running", id, config.site().name());
            return life.runUntilStopped();
        }
    }

    private void start(RecordCiphers ciphers) throws IOException {
        SiteConfig.Site site = config.site();
        CertifiedName name = CertifiedName.site(site.account(), site.id(), site.name());
        SiteIdentity identity = SiteIdentity.open(config.identity(), config.state(), name, clock);
        EventLoopKind loop = NodeStart.loop(config.dataPlane());
        LanSetup lan = new LanSetup(config);
        lan.open(life::closing);
        List<DataPlane.LinkSpec> links = openLinks();
        DataPlane dataPlane =
                life.closing(
                        new DataPlane(
                                config.dataPlane().threading(),
                                config.dataPlane().sizes(),
                                life.random().nextInt(),
                                lan.ports(),
                                links,
                                clock));
        NodeThreads threads = new NodeThreads(config.dataPlane());
        ControlAgent agent = new ControlAgent(dataPlane.events(), clock);
        EventJournal journal =
                life.closing(
                        EventJournal.open(
                                new EventJournal.Config(
                                        config.state(), Long.toUnsignedString(site.id())),
                                life.random().nextLong()));
        EventJournal readinessJournal =
                life.closing(
                        EventJournal.open(
                                SiteReports.journalIn(config.state(), site.id()),
                                life.random().nextLong()));
        channels = channels(identity, agent);
        SiteCredentials credentials =
                new SiteCredentials(
                        identity,
                        new SiteRenewal(
                                identity,
                                channels,
                                agent,
                                threads.files(),
                                () -> channels.reconnect("certificate of another authority"),
                                clock.nanoTime()),
                        new SiteTrust(identity, () -> onRevoked(identity, agent)),
                        threads.files());
        KeyLog keyLog = life.keyLog(config.keyLog());
        DtlsHandshakes handshakes =
                new DtlsHandshakes(
                        HandshakeConfig.of(identity::current, identity.verifier())
                                .withKeyLog(keyLog));
        SiteControl.Surroundings around =
                new SiteControl.Surroundings(
                        dataPlane,
                        handshakes,
                        ciphers,
                        channels,
                        agent,
                        threads.files(),
                        journal,
                        readinessJournal,
                        identity.clock(),
                        life.random(),
                        NodeVersion.TEXT,
                        credentials,
                        identity.memory(),
                        RekeyLimits.DEFAULT,
                        bgp(agent),
                        internetWay(lan, threads, agent));
        control = new SiteControl(setup(lan), around, clock.nanoTime());
        SiteLinkWatch watch =
                life.closing(
                        SiteLinkWatch.open(
                                config, control, channels::onAddressGone, this::onDevice));
        SiteFirewall firewall = firewall(dataPlane, threads.files());
        SiteDns dns = life.closing(SiteDns.open(config, life.random()));
        SiteDhcp dhcp = life.closing(SiteDhcp.open(config));
        life.closing(threads); // ends before what its agents use
        agent.turn(firewall.inForce() == null ? watch : watch(firewall, watch, threads));
        threads.start(dataPlane, loop, agent, clock, life);
        startBfd(agent);
        SiteAnswers answers =
                new SiteAnswers(
                        config,
                        control,
                        credentials,
                        dataPlane,
                        ciphers,
                        loop,
                        readinessJournal,
                        firewall,
                        dns,
                        dhcp,
                        threads.files());
        Notifier notifier =
                SiteNotices.start(
                        config,
                        List.of(journal, readinessJournal),
                        threads.files(),
                        identity.clock());
        if (notifier != null) {
            life.closing(notifier);
        }
        startAlarms(identity, dataPlane, agent, notifier);
        Map<String, Function<JsonNode, JsonNode>> handlers = new HashMap<>(answers.handlers(agent));
        handlers.putAll(NoticeAnswers.of(notifier));
        SiteSecrets secrets =
                config.captureSecrets() ? new SiteSecrets(keyLog, control, agent) : null;
        CaptureService capture = new CaptureService(dataPlane, devices(), clock, secrets);
        life.closing(
                CommandSocket.open(
                        config.commandSocket(), handlers, Map.of(CaptureRequest.COMMAND, capture)));
        if (config.metrics() != null) {
            NodeMetrics own = metrics(identity, dataPlane, ciphers, loop);
            SiteMetrics all = new SiteMetrics(own, control, dataPlane, firewall, config.links());
            life.closing(MetricsServer.open(config.metrics().listen(), () -> all.gather(agent)));
        }
    }

    private void startAlarms(
            SiteIdentity identity, DataPlane dataPlane, ControlAgent agent, Notifier notifier) {
        Consumer<EventDraft> journal = draft -> agent.execute(() -> control.events().append(draft));
        journal.accept(NodeAlarms.started());
        List<String> devices = config.lan().stream().map(SiteConfig.LanPort::port).toList();
        List<Alarm> alarms =
                NodeAlarms.of(
                        () -> identity.current().certificate(),
                        () -> DropCounts.of(dataPlane, devices),
                        config.state(),
                        identity.clock());
        life.closing(
                Alarms.start(
                        alarms, SiteNotices.listener(journal, notifier), clock, Alarms.INTERVAL));
    }

    private NodeMetrics metrics(
            SiteIdentity identity, DataPlane dataPlane, RecordCiphers ciphers, EventLoopKind loop) {
        return new NodeMetrics(
                Labels.of("site", config.site().name()),
                ciphers,
                loop,
                dataPlane,
                config.lan().stream().map(SiteConfig.LanPort::port).toList(),
                () -> identity.current().certificate(),
                identity.verifier()::trust);
    }

    private SiteFirewallWatch watch(
            SiteFirewall firewall, ControlAgent.Logic turned, NodeThreads threads) {
        Map<String, String> site =
                Map.of(
                        EventField.SRC_SITE_ID, Long.toUnsignedString(config.site().id()),
                        EventField.SRC_SITE_NAME, config.site().name());
        return new SiteFirewallWatch(
                turned,
                firewall,
                new FirewallEvents(site, control.events()::append),
                threads.files(),
                clock.nanoTime());
    }

    /** In force before the first packet. */
    private SiteFirewall firewall(DataPlane dataPlane, Executor files) throws IOException {
        SiteFirewall firewall =
                new SiteFirewall(
                        config.lanFirewall(),
                        PolicyFile.sides(config),
                        dataPlane.commands(),
                        RuleCounts.open(config.state()));
        try {
            firewall.start(control.knownSites());
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
        control.followSites(sites -> files.execute(() -> firewall.onSites(sites)));
        return firewall;
    }

    /** By link. */
    private Map<String, String> devices() {
        return config.links().stream()
                .collect(Collectors.toMap(SiteConfig.Link::name, SiteConfig.Link::device));
    }

    private InternetWay internetWay(LanSetup lan, NodeThreads threads, ControlAgent agent) {
        List<String> devices = config.links().stream().map(SiteConfig.Link::device).toList();
        return lan.internet() == null
                ? InternetWay.NONE
                : new KernelInternetWay(lan.internet(), devices, threads.files(), agent);
    }

    private BgpTransport bgp(ControlAgent agent) throws IOException {
        List<BgpEnds> neighbours =
                BgpSetup.of(config).neighbours().stream().map(BgpSetup.Neighbour::ends).toList();
        return neighbours.isEmpty()
                ? BgpTransport.NONE
                : life.closing(
                        BgpSockets.open(neighbours, BgpSockets.PORT, agent, () -> control.bgp()));
    }

    private void startBfd(ControlAgent agent) throws IOException {
        List<BfdNeighbour> neighbours =
                BgpSetup.of(config).withBfd().stream().map(BgpSetup.Neighbour::bfd).toList();
        if (!neighbours.isEmpty()) {
            life.closing(
                    BfdService.start(
                            neighbours,
                            life.random(),
                            change -> agent.execute(() -> control.bgp().onBfd(change))));
        }
    }

    private void onRevoked(SiteIdentity identity, ControlAgent agent) {
        PeerVerifier verifier = identity.verifier();
        agent.execute(() -> control.onRevoked(peer -> verifier.isRevoked(peer.certificate())));
    }

    /** A link's device came, for the first time or again. */
    private void onDevice(int link) {
        String device = config.links().get(link).device();
        try {
            for (UdpSocket socket : wanSockets.get(link)) {
                socket.rebind(device);
            }
        } catch (LinuxException e) {
            LOG.error("link {}: {}", config.links().get(link).name(), e.getMessage());
        }
    }

    private List<DataPlane.LinkSpec> openLinks() throws IOException {
        boolean isIpv4 = config.pops().getFirst().address() instanceof Inet4Address;
        List<DataPlane.LinkSpec> specs = new ArrayList<>();
        for (SiteConfig.Link link : config.links()) {
            List<UdpSocket> sockets =
                    WanSetup.open(
                            link.device(),
                            link.address(),
                            link.port(),
                            isIpv4,
                            config.dataPlane().threading());
            sockets.forEach(life::closing);
            wanSockets.add(sockets);
            specs.add(new DataPlane.LinkSpec(link.name(), sockets, link.shapedTo()));
        }
        return specs;
    }

    private PopChannels channels(SiteIdentity identity, ControlAgent agent) {
        ChannelThread thread = life.closing(ChannelThread.start());
        return life.closing(
                new PopChannels(
                        config.links().stream()
                                .map(link -> new ChannelWay(link.device(), link.address()))
                                .toList(),
                        pop -> channelConfig(pop, identity),
                        (channelConfig, listener) ->
                                ChannelClient.start(thread, channelConfig, listener),
                        agent,
                        () -> control));
    }

    private ChannelClientConfig channelConfig(int number, SiteIdentity identity) {
        SiteConfig.Pop pop = config.pops().get(number);
        return new ChannelClientConfig(
                new InetSocketAddress(pop.address(), pop.channelPort()),
                () -> channels.waysTo(number),
                identity::current,
                identity.verifier(),
                WireSender.POP,
                ChannelTiming.DEFAULT);
    }

    private SiteSetup setup(LanSetup lan) throws IOException {
        LinkSetup links = new LinkSetup(config);
        Site own =
                new Site(
                        config.site().id(),
                        config.site().name(),
                        SiteType.BRANCH,
                        false,
                        links.links(),
                        config.recovery().enabled(),
                        PairScope.IN);
        return new SiteSetup(
                own,
                links.mtus(),
                config.links().stream().map(SiteConfig.Link::port).toList(),
                config.pops().stream().map(this::popAddress).toList(),
                PopChoice.Config.retrying(config.preferredPopRetry().toNanos()),
                lan.routes(),
                lan.offCloudRoutes(),
                lan.advertised(),
                lan.localAddresses(),
                config.probe().interval().toNanos(),
                config.pmtu().raiseInterval().toNanos(),
                recovery(),
                internet(links),
                new ProofConfig(
                        config.readiness().proofWindow().toNanos(),
                        config.readiness().proofInterval().toNanos()),
                preference(),
                links.overLimit(),
                BgpSetup.of(config));
    }

    /** In China the other port passes more often (D56). */
    private PopAddress popAddress(SiteConfig.Pop pop) {
        var usual = new InetSocketAddress(pop.address(), pop.tunnelPort());
        var other = new InetSocketAddress(pop.address(), pop.alternatePort());
        boolean isInChina = config.site().region().equals(SiteConfig.CHINA);
        return new PopAddress(
                pop.name(), isInChina ? List.of(other, usual) : List.of(usual, other));
    }

    private SiteSetup.Preference preference() {
        SiteConfig.LinkQuality quality = config.linkQuality();
        return new SiteSetup.Preference(
                LinkChoice.Mode.valueOf(config.recovery().linkChoice().toUpperCase(Locale.ROOT)),
                new LinkQuality.Floor(
                        quality.lossPercent() / 100.0,
                        quality.jitter().toNanos(),
                        quality.latency().toNanos()));
    }

    private RecoveryConfig recovery() {
        SiteConfig.Recovery recovery = config.recovery();
        return new RecoveryConfig(
                recovery.enabled(),
                recovery.freeze(),
                recovery.liveRoutes(),
                RecoveryConfig.START_GRACE_NS,
                returnBackoff());
    }

    private InternetConfig internet(LinkSetup links) {
        SiteConfig.Internet internet = config.internet();
        return internet == null
                ? InternetConfig.NONE
                : new InternetConfig(
                        true,
                        internet.recovery(),
                        links.internetCandidates(),
                        RecoveryConfig.START_GRACE_NS,
                        returnBackoff());
    }

    private ReturnBackoff.Config returnBackoff() {
        SiteConfig.ReturnBackoff backoff = config.recovery().returnBackoff();
        return new ReturnBackoff.Config(
                backoff.first().toNanos(),
                backoff.max().toNanos(),
                backoff.stableReset().toNanos());
    }
}
