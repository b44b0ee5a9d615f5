package io.spillway.node.site;

import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.punch.PunchOrder;
import io.spillway.control.recovery.RecoveryEvent;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.SavedState;
import io.spillway.control.wire.Welcome;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.node.ControlAgent;
import io.spillway.node.RouteTables;
import io.spillway.node.bgp.BgpTransport;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.node.tunnel.TunnelChanges;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.node.tunnel.Vintage;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.RouteSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for one site: what its tunnels and its PoP say goes into the recovery machine, and what
 * the machine wants is done, in one publication to the data plane. Owned by the control thread.
 */
public final class SiteControl implements ControlAgent.Logic {
    private static final Logger LOG = LoggerFactory.getLogger(SiteControl.class);

    /** The kernel's word on links and addresses is asked for this often. */
    private static final long GRAIN_NS = 100_000_000L;

    /** The machine's own deadlines are noticed this late. */
    private static final long CLOCK_NS = 100_000_000L;

    /**
     * Where thousands of tunnels come and go, what follows is worked out no more often; but at once
     * when the cloud itself came or went.
     */
    private static final long REVIEW_MIN_NS = 10_000_000L;

    /** Of so many peers the tunnels are gone through each time; with more, each has its turn. */
    private static final int SITES_PER_TURN_MAX = 64;

    /** The same for proofs, which are for seconds and minutes. */
    private static final int SITES_PROVED_PER_TURN_MAX = 16;

    /** The event rules are polled this often while something recovers, and while nothing does. */
    private static final long EVENTS_BUSY_NS = 250_000_000L;

    private static final long EVENTS_IDLE_NS = 3_000_000_000L;

    /** What the site needs from outside; fakes in system tests. */
    public record Surroundings(
            DataPlane dataPlane,
            HandshakeFactory handshakes,
            RecordCiphers ciphers,
            PopChannel channel,
            Executor control,
            Executor files,
            EventJournal journal,
            EventJournal readinessJournal,
            EpochClock wallClock,
            RandomGenerator random,
            String software,
            Credentials credentials,
            SiteMemory memory,
            RekeyLimits rekey,
            BgpTransport bgp,
            InternetWay internet) {}

    private final SiteSetup setup;
    private final Surroundings around;
    private final PeerDirectory directory;
    private final Rib rib = new Rib();
    private final RecoveryMachine machine;
    private final SitePops pops;
    private final TunnelPreference preference;
    private final SiteTunnels tunnels;
    private final TunnelKeeper keeper;
    private final SiteInternet internet;
    private final SiteForwarding forwarding;
    private final SiteChannel channel;
    private final SiteEvents events;
    private final SiteRecovery recovery;
    private final SiteSnapshot snapshot;
    private final CloudServices services = new CloudServices();
    private final SitePunching punching;
    private final SiteRelays relays;
    private final SiteProving proving;
    private final SiteBgp bgp;
    private final SentPackets sentPackets;
    private final OffCloudRoutes offCloudRoutes;
    private final LiveTeller liveTeller;
    private final LiveListener liveListener;
    private Consumer<KnownSites> sitesFollower = _ -> {};
    private int channelPop;
    private boolean isCloudAlive;
    private boolean isReconcileDue;
    private boolean isReviewDue;
    private final Set<Long> changedSites = new HashSet<>(); // since the last review
    private long reviewNs;
    private long clockNs;
    private long eventsNs;
    private boolean wasInUse;
    private long nowNs;

    public SiteControl(SiteSetup setup, Surroundings around, long nowNs) {
        this.setup = setup;
        this.around = around;
        this.nowNs = nowNs;
        eventsNs = nowNs;
        clockNs = nowNs;
        reviewNs = nowNs;
        directory = new PeerDirectory(setup.own());
        Optional<SavedState> saved = around.memory().loaded();
        machine =
                new RecoveryMachine(
                        setup.recovery(), saved.map(this::peersOf).orElse(List.of()), nowNs);
        pops = new SitePops(setup, around.channel(), this::append, around.random(), nowNs);
        preference = new TunnelPreference(setup, directory, around.random(), nowNs);
        tunnels = new SiteTunnels(setup, directory, pops, preference);
        sentPackets = new SentPackets(setup, directory, tunnels, machine);
        keeper =
                new TunnelKeeper(
                        around.dataPlane(),
                        around.handshakes(),
                        around.ciphers(),
                        around.control(),
                        around.random(),
                        around.rekey(),
                        setup.pathMtuRaiseNs(),
                        new SiteTunnelOwner(this),
                        nowNs);
        internet =
                new SiteInternet(
                        setup, directory, around, this::append, this::onInternetMoved, nowNs);
        forwarding =
                new SiteForwarding(
                        setup,
                        directory,
                        rib,
                        machine,
                        tunnels,
                        keeper,
                        internet,
                        around.dataPlane().commands());
        channel =
                new SiteChannel(
                        setup,
                        directory,
                        rib,
                        around.channel(),
                        around.software(),
                        this::tell,
                        this::onOtherFrame);
        events =
                new SiteEvents(
                        rules(RecoveryEvents.Kind.OFF_CLOUD),
                        rules(RecoveryEvents.Kind.ALT_WAN),
                        around.journal(),
                        around.files(),
                        around.channel(),
                        around.wallClock());
        recovery =
                new SiteRecovery(
                        machine,
                        directory,
                        rib,
                        tunnels,
                        keeper,
                        channel,
                        events,
                        around.wallClock());
        SitePunching.LinkSender datagrams = around.dataPlane().commands()::sendDatagram;
        Neighbours neighbours = new Neighbours(tunnels, datagrams, around.random());
        liveListener =
                new LiveListener(
                        setup.recovery().areRoutesLive(),
                        rib,
                        this::liveRoutesPeer,
                        around.credentials(),
                        ownNetworks(),
                        () -> isReviewDue = true);
        liveTeller =
                new LiveTeller(
                        setup.recovery().areRoutesLive(),
                        directory,
                        rib,
                        machine,
                        tunnels,
                        neighbours,
                        around,
                        PrefixSet.of(setup.advertised()),
                        saved.isPresent(),
                        nowNs);
        punching =
                new SitePunching(
                        setup,
                        directory,
                        tunnels,
                        around.channel(),
                        datagrams,
                        neighbours,
                        liveListener,
                        around.random(),
                        nowNs);
        proving =
                new SiteProving(
                        setup,
                        directory,
                        rib,
                        tunnels,
                        punching,
                        forwarding,
                        events,
                        around,
                        nowNs);
        relays = new SiteRelays(setup, directory, tunnels, punching::isWithoutWay, forwarding::due);
        offCloudRoutes = new OffCloudRoutes(setup.offCloudRoutes(), rib, machine);
        setup.routes().forEach(r -> rib.addLocal(r.source(), r.prefix(), r.nextHop()));
        bgp =
                new SiteBgp(
                        setup.bgp(),
                        setup.routes(),
                        setup.advertised(),
                        rib,
                        setup.recovery().areRoutesLive(),
                        around.bgp(),
                        this::advertise,
                        this::append,
                        nowNs);
        tunnels.start(keeper);
        snapshot = new SiteSnapshot(directory, rib, tunnels, services, around.wallClock());
        saved.ifPresent(this::restore);
        pollCredentials();
        bgp.start();
    }

    /** Who may tell live routes of that site; null: nobody may. */
    private PeerIdentity liveRoutesPeer(long siteId) {
        return directory.tunnels(siteId).isEmpty() ? null : tunnels.identity(siteId);
    }

    private List<Prefix> ownNetworks() {
        return setup.routes().stream()
                .filter(route -> route.source() == RouteSource.CONNECTED)
                .map(SiteSetup.LocalRoute::prefix)
                .toList();
    }

    private RecoveryEvents rules(RecoveryEvents.Kind kind) {
        return new RecoveryEvents(
                kind,
                setup.own().id(),
                setup.own().name(),
                around.journal().last(kind.type()),
                nowNs);
    }

    private List<RecoveryEvent.PeerFacts> peersOf(SavedState saved) {
        return SiteSnapshot.peers(saved, setup.own().id());
    }

    private void restore(SavedState saved) {
        snapshot.restore(saved, setup.recovery().isFreezeEnabled());
        services.restore(saved);
        tunnels.rejoin();
        forwarding.due();
    }

    // ---- time

    @Override
    public ControlEvents.Handler dataPlaneHandler() {
        return keeper;
    }

    @Override
    public void onTick(long now) {
        nowNs = now;
        reconcileIfDue();
        keeper.poll(now);
        pops.poll(now);
        punching.poll(now);
        isReviewDue |= bgp.poll(now);
        liveTeller.poll(now);
        follow(keeper.takeChanges());
        if (pops.takeChange()) {
            isReviewDue = true;
            forwarding.due();
        }
        if (isReviewDue && (now - reviewNs >= 0 || tunnels.isPopAlive() != isCloudAlive)) {
            review();
        }
        channel.tellRoutes();
        if (now - clockNs >= 0) {
            followClock();
        }
    }

    /** Once for all frames that came since the last tick. */
    private void reconcileIfDue() {
        if (isReconcileDue) {
            isReconcileDue = false;
            tunnels.reconcile();
            sitesFollower.accept(knownSites());
            liveListener.retain(siteId -> directory.peer(siteId) != null);
            changedSites.addAll(machine.siteIds());
            relays.due();
            forwarding.due();
        }
    }

    private void follow(TunnelChanges changes) {
        if (changes.isEmpty()) {
            return;
        }
        isReviewDue = true;
        changedSites.addAll(changes.sites());
        changes.sites().forEach(forwarding::due);
        tunnels.doubtOthers(changes.died(), nowNs);
        channel.onDead(changes.died());
        tunnels.followCarriers();
        punching.onTunnels(changes.isAnyLost());
        relays.onTunnels(changes.isAnyLost());
    }

    /**
     * Everything that follows at once from what changed, and only for the sites of which it did.
     */
    private void review() {
        isReviewDue = false;
        reviewNs = nowNs + REVIEW_MIN_NS;
        noteCloud();
        noteReachable();
        tell(new RecoveryEvent.Tick());
        publish();
        relays.pollIfDue(nowNs);
        if (isInUse() != wasInUse) {
            eventsNs = nowNs;
        }
        pollEventsIfDue();
    }

    private void publish() {
        offCloudRoutes.follow(nowNs);
        Set<Long> sites = forwarding.dueSites();
        if (forwarding.publishIfDue(nowNs)) {
            tunnels.probePopNow(nowNs);
        }
        isReviewDue |= forwarding.isBehind();
        tunnels.pace(sites, machine::transportOf, nowNs); // of the tunnels just chosen
    }

    private void followClock() {
        clockNs = nowNs + CLOCK_NS;
        tell(new RecoveryEvent.Tick());
        internet.poll(nowNs);
        if (preference.judge(keeper.tunnels(), nowNs)) {
            forwarding.due();
        }
        publish();
        Set<Long> turn = tunnels.nextSites(SITES_PER_TURN_MAX);
        tunnels.pace(turn, machine::transportOf, nowNs);
        relays.poll(nowNs);
        proving.poll(tunnels.nextSitesProved(SITES_PROVED_PER_TURN_MAX), nowNs);
        around.memory().poll(nowNs, snapshot::take, around.files());
        pollEventsIfDue();
    }

    @Override
    public long deadlineNs() {
        if (isReviewDue) {
            return reviewNs;
        }
        long punchingNs = punching.deadlineNs();
        long grainNs = channel.isTelling() ? REVIEW_MIN_NS : GRAIN_NS;
        long keeperNs = liveTeller.earlier(keeper.deadlineNs(nowNs + grainNs));
        return bgp.earlier(punchingNs - keeperNs < 0 ? punchingNs : keeperNs, nowNs);
    }

    private void noteCloud() {
        boolean isAlive = tunnels.isPopAlive();
        if (isAlive != isCloudAlive) {
            isCloudAlive = isAlive;
            eventsNs = nowNs;
            if (!isAlive) {
                proving.reports().onCloudLost(nowNs);
            }
            tell(isAlive ? new RecoveryEvent.CloudAlive() : new RecoveryEvent.CloudLost());
            internet.onCloud(isAlive, nowNs);
        }
    }

    private void noteReachable() {
        for (long siteId : changedSites) {
            if (machine.isPeer(siteId)) {
                recovery.news(siteId).forEach(this::tell);
            }
        }
        changedSites.clear();
    }

    private void pollEventsIfDue() {
        if (nowNs - eventsNs < 0) {
            return;
        }
        pollCredentials();
        wasInUse = isInUse();
        eventsNs = nowNs + (events.isActive() || wasInUse ? EVENTS_BUSY_NS : EVENTS_IDLE_NS);
        boolean isInCloud = machine.state() == RecoveryState.CLOUD;
        Map<Transport, List<RecoveryEvents.Sent>> sent = sentPackets.byTransport();
        events.poll(sent.get(Transport.RECOVERY), isInCloud, machine.isRecoveryInUse(), nowNs);
        events.pollAltWan(sent.get(Transport.ALT_WAN), isInCloud, machine.isAltWanInUse(), nowNs);
    }

    private boolean isInUse() {
        return machine.isRecoveryInUse() || machine.isAltWanInUse();
    }

    private void pollCredentials() {
        around.credentials().poll(Credentials.View.of(isCloudAlive, directory, tunnels), nowNs);
        Vintage vintage = around.credentials().vintage();
        if (vintage != null) {
            keeper.refresh(vintage);
        }
    }

    private void append(EventDraft draft) {
        events.append(draft);
    }

    // ---- the PoP; called on the control thread

    /** To that of the configured PoP nodes. */
    public void onChannelConnected(int pop) {
        isReviewDue = true;
        eventsNs = nowNs;
        channelPop = pop;
        around.credentials().onConnected(nowNs);
        channel.onConnected();
        proving.reports().onConnected();
        punching.onConnected(setup.pops().get(pop));
    }

    public void onChannelDisconnected() {
        isReviewDue = true;
        eventsNs = nowNs;
        channel.onDisconnected();
        internet.onChannelLost(nowNs);
        proving.reports().onDisconnected();
        punching.onDisconnected();
        events.onDisconnected();
    }

    public void onFrame(Frame frame) {
        isReviewDue = true;
        around.memory().noteChange(nowNs);
        channel.onFrame(frame);
        if (frame.hasEndOfState() && frame.getEndOfState().getRequest() == machine.request()) {
            pops.onStateTold(channelPop);
            internet.onPopTold(nowNs);
        }
        if (frame.hasWelcome()) {
            events.upload(); // what was told while there was no channel
            onWelcome(frame.getWelcome());
        }
        if (frame.hasDirectory() || frame.hasPresence()) {
            isReconcileDue = true;
        }
        punching.due();
    }

    private void onWelcome(Welcome welcome) {
        if (welcome.getRefusal() == Refusal.REFUSAL_NONE) {
            services.onWelcome(welcome);
        }
    }

    /** A WAN device went down or came up. */
    public void onLink(int link, boolean isUp) {
        isReviewDue = true;
        proving.watch().onLink(link, isUp);
        internet.onLink(link, isUp, nowNs);
        tunnels.onLink(link, isUp, nowNs);
        punching.onLink(link, isUp);
        LOG.info("link {}: {}", setup.own().links().get(link).name(), isUp ? "up" : "down");
    }

    /**
     * A WAN device has another address. Tunnels stay: what is sent leaves with the new one, and the
     * far ends follow.
     *
     * @param address null: it has none any more
     */
    public void onAddress(int link, InetAddress address) {
        proving.watch().onAddress(link, address != null);
        internet.onAddress(link, address != null, nowNs);
        punching.onAddress(link, address);
        if (address == null) {
            tunnels.doubtLink(link);
        } else {
            tunnels.probeNow(link, nowNs);
        }
    }

    /** A WAN device has a way into the world, another one or one at last; or lost it. */
    public void onDefaultRoute(int link, boolean isThere) {
        proving.watch().onDefaultRoute(link, isThere);
        internet.onDefaultRoute(link, isThere, nowNs);
        if (isThere) {
            tunnels.probeNow(link, nowNs);
        } else {
            tunnels.doubtLink(link);
        }
    }

    /** An ICMP error about a datagram of ours: a suspicion, never a decision. */
    public void onUnreachable(int link, InetSocketAddress remote, int code) {
        proving.onUnreachable(link, remote, code);
        keeper.onUnreachable(link, remote);
    }

    /** An ICMP error that says a datagram of ours was too long: a suspicion too. */
    public void onTooBig(int link, InetSocketAddress remote, int claimed) {
        keeper.onTooBig(link, remote, claimed);
    }

    /** A WAN device takes packets of another length from now on, bytes. */
    public void onLinkMtu(int link, int mtu) {
        tunnels.onLinkMtu(link, mtu);
        LOG.info("link {}: MTU {}", setup.own().links().get(link).name(), mtu);
    }

    /** A newer revocation list is in force. */
    public void onRevoked(Predicate<PeerIdentity> isRevoked) {
        keeper.expel(isRevoked);
    }

    @Override
    public void onStop() {
        around.memory().flush(nowNs, snapshot::take, around.files());
        keeper.sayGoodbye();
        bgp.stop();
    }

    /** See {@link SiteChannel#advertise}; other sites are told too where routes are live. */
    public void advertise(PrefixSet prefixes) {
        channel.advertise(prefixes);
        liveTeller.advertise(prefixes, nowNs);
    }

    /** By hand: the back-off ends now. */
    public void returnNow() {
        tell(new RecoveryEvent.ReturnNow());
        internet.returnNow(nowNs);
    }

    /** Begins a new session in every tunnel, without loss. */
    void changeKeys() {
        keeper.changeKeys();
    }

    private void onInternetMoved() {
        forwarding.due();
        isReviewDue = true;
    }

    private void onOtherFrame(Frame frame) {
        switch (frame.getBodyCase()) {
            case PUNCH_ORDER -> punching.onOrder(PunchOrder.of(frame.getPunchOrder()));
            case LEAVE -> pops.onLeave(channelPop);
            case EVENT_ACK -> events.onAcknowledged(frame.getEventAck().getIdsList());
            default -> around.credentials().onFrame(frame, nowNs);
        }
    }

    // ---- the recovery machine

    void tell(RecoveryEvent event) {
        if (recovery.tell(event, nowNs)) {
            around.memory().noteChange(nowNs);
            forwarding.due();
            isReviewDue = true;
            eventsNs = nowNs;
        }
    }

    /** A tunnel has a session: to where it leads there may be another way now. */
    void onEstablished(ManagedTunnel tunnel) {
        proving.watch().onEstablished(tunnel);
        around.memory().noteChange(nowNs);
        forwarding.due(tunnel.tunnel().siteId());
        liveTeller.onEstablished(tunnel.tunnel().siteId(), nowNs);
        isReviewDue = true;
    }

    /** Told of all sites whenever they may have changed; set before control runs. */
    void followSites(Consumer<KnownSites> follower) {
        sitesFollower = follower;
    }

    KnownSites knownSites() {
        return KnownSites.of(directory);
    }

    // ---- for status

    SiteSetup setup() {
        return setup;
    }

    PeerDirectory directory() {
        return directory;
    }

    SitePunching punching() {
        return punching;
    }

    RouteTables tables() {
        return forwarding.tables();
    }

    Rib rib() {
        return rib;
    }

    SiteRecovery recovery() {
        return recovery;
    }

    RecoveryMachine machine() {
        return machine;
    }

    SitePops pops() {
        return pops;
    }

    TunnelPreference preference() {
        return preference;
    }

    SiteTunnels tunnels() {
        return tunnels;
    }

    SiteInternet internet() {
        return internet;
    }

    SiteForwarding forwarding() {
        return forwarding;
    }

    SiteChannel channel() {
        return channel;
    }

    SiteEvents events() {
        return events;
    }

    SiteProving proving() {
        return proving;
    }

    SiteMemory memory() {
        return around.memory();
    }

    SiteBgp bgp() {
        return bgp;
    }

    LiveTeller liveTeller() {
        return liveTeller;
    }

    LiveListener liveListener() {
        return liveListener;
    }

    CloudServices services() {
        return services;
    }

    OffCloudRoutes offCloudRoutes() {
        return offCloudRoutes;
    }

    boolean isCloudAlive() {
        return isCloudAlive;
    }

    long nowNs() {
        return nowNs;
    }
}
