package io.spillway.node.site;

import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.event.EventJournal;
import io.spillway.control.readiness.ProofConfig;
import io.spillway.control.recovery.LinkChoice;
import io.spillway.control.recovery.LinkQuality;
import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.control.recovery.ReturnBackoff;
import io.spillway.control.wire.Frame;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.KeyLog;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.handshake.DtlsHandshakes;
import io.spillway.crypto.handshake.HandshakeConfig;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.node.CommandSocket;
import io.spillway.node.ControlAgent;
import io.spillway.node.NodeStart;
import io.spillway.node.NodeThreads;
import io.spillway.node.NodeVersion;
import io.spillway.node.SiteConfig;
import io.spillway.node.WanSetup;
import io.spillway.node.channel.ChannelClient;
import io.spillway.node.channel.ChannelClientConfig;
import io.spillway.node.channel.ChannelListener;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.tap.LinuxException;
import io.spillway.tap.UdpSocket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code spillway site}: wires one site's appliance and runs it until a signal. */
public final class Appliance {
    private static final Logger LOG = LoggerFactory.getLogger(Appliance.class);

    private final SiteConfig config;
    private final NodeStart life;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final List<List<UdpSocket>> wanSockets = new ArrayList<>();
    private volatile SiteControl control;
    private final AtomicReference<ChannelClient> channel = new AtomicReference<>();

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
            LOG.info("site {} ({}): running", config.site().id(), config.site().name());
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
                                config.dataPlane().poolSlots(),
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
        SiteCredentials credentials =
                new SiteCredentials(
                        identity,
                        new SiteRenewal(
                                identity, this::send, agent, threads.files(), clock.nanoTime()),
                        list -> onRevocations(identity, agent, list),
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
                        this::send,
                        agent,
                        threads.files(),
                        journal,
                        readinessJournal,
                        identity.clock(),
                        life.random(),
                        NodeVersion.TEXT,
                        credentials,
                        identity.memory(),
                        RekeyLimits.DEFAULT);
        control = new SiteControl(setup(lan), around, clock.nanoTime());
        SiteLinkWatch watch =
                life.closing(
                        SiteLinkWatch.open(config, control, this::onAddressGone, this::onDevice));
        life.closing(threads); // ends before what its agents use
        agent.turn(watch);
        threads.start(dataPlane, loop, agent, clock, life);
        openChannel(identity, agent);
        SiteAnswers answers =
                new SiteAnswers(
                        config,
                        control,
                        credentials,
                        dataPlane,
                        ciphers,
                        loop,
                        readinessJournal,
                        threads.files());
        life.closing(CommandSocket.open(config.commandSocket(), answers.handlers(agent)));
    }

    private void onRevocations(SiteIdentity identity, ControlAgent agent, byte[] list) {
        PeerVerifier verifier = identity.verifier();
        if (new SiteRevocations(identity.current(), verifier).accept(list)) {
            agent.execute(() -> control.onRevoked(peer -> verifier.isRevoked(peer.certificate())));
        }
    }

    private void onAddressGone(InetAddress gone) {
        ChannelClient client = channel.get();
        if (client != null) {
            client.onAddressGone(gone);
        }
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

    private boolean send(Frame frame) {
        ChannelClient client = channel.get();
        return client != null && client.send(frame);
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
            specs.add(new DataPlane.LinkSpec(link.name(), sockets));
        }
        return specs;
    }

    private void openChannel(SiteIdentity identity, ControlAgent agent) {
        SiteConfig.Pop pop = config.pops().getFirst();
        ChannelThread thread = life.closing(ChannelThread.start());
        ChannelClientConfig channelConfig =
                new ChannelClientConfig(
                        new InetSocketAddress(pop.address(), pop.channelPort()),
                        null,
                        identity::current,
                        identity.verifier(),
                        ChannelTiming.DEFAULT);
        ChannelListener listener =
                new ChannelListener() {
                    @Override
                    public void onConnected(PeerIdentity peer) {
                        agent.execute(control::onChannelConnected);
                    }

                    @Override
                    public void onFrame(Frame frame) {
                        agent.execute(() -> control.onFrame(frame));
                    }

                    @Override
                    public void onDisconnected(String reason) {
                        agent.execute(control::onChannelDisconnected);
                    }
                };
        channel.set(life.closing(ChannelClient.start(thread, channelConfig, listener)));
    }

    private SiteSetup setup(LanSetup lan) throws IOException {
        SiteConfig.Pop pop = config.pops().getFirst();
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
                pop.name(),
                new InetSocketAddress(pop.address(), pop.tunnelPort()),
                List.of(
                        new InetSocketAddress(pop.address(), pop.tunnelPort()),
                        new InetSocketAddress(pop.address(), pop.alternatePort())),
                lan.routes(),
                lan.advertised(),
                lan.localAddresses(),
                config.probe().interval().toNanos(),
                config.pmtu().raiseInterval().toNanos(),
                recovery(),
                new ProofConfig(
                        config.readiness().proofWindow().toNanos(),
                        config.readiness().proofInterval().toNanos()),
                preference(),
                links.overLimit());
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
        SiteConfig.ReturnBackoff backoff = recovery.returnBackoff();
        return new RecoveryConfig(
                recovery.enabled(),
                recovery.freeze(),
                RecoveryConfig.START_GRACE_NS,
                new ReturnBackoff.Config(
                        backoff.first().toNanos(),
                        backoff.max().toNanos(),
                        backoff.stableReset().toNanos()));
    }
}
