package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.Link;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Hello;
import io.spillway.control.wire.LinkReport;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.RoutePart;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.node.ControlAgent;
import io.spillway.node.RouteTables;
import io.spillway.node.policy.RuleSites;
import io.spillway.node.pop.api.EventStore;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.node.tunnel.Vintage;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.RouteSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for a PoP: who is attached, what everybody must know, where packets between sites go.
 * Owned by the control thread.
 */
public final class PopControl implements ControlAgent.Logic {
    private static final Logger LOG = LoggerFactory.getLogger(PopControl.class);

    /** What frames and silence change is taken up this late. */
    private static final long REVIEW_NS = 10_000_000L;

    private static final long REFRESH_NS = 1_000_000_000L;

    /**
     * What the PoP needs from outside; fakes in system tests.
     *
     * @param vintage null, where certificates are of no matter
     * @param events null: what sites upload is in memory only
     */
    public record Surroundings(
            DataPlane dataPlane,
            HandshakeFactory handshakes,
            RecordCiphers ciphers,
            Executor control,
            Executor files,
            PopMemory memory,
            EpochClock wallClock,
            RandomGenerator random,
            TrustFeed trust,
            Supplier<Vintage> vintage,
            RekeyLimits rekey,
            EventStore events) {}

    private final PopSetup setup;
    private final Surroundings around;
    private final SiteRegister sites;
    private final NodeMesh mesh;
    private final Rib rib = new Rib();
    private final TunnelKeeper keeper;
    private final Hearing hearing;
    private final PopForwarding forwarding;
    private final StateFeed feed;
    private final SiteAdverts adverts;
    private final SavedSites saved;
    private final StunAnswers stun;
    private final PopEvents events;
    private final PopReadiness readiness = new PopReadiness();
    private final Broker broker;
    private final Rivals rivals;
    private AccountPolicy policy;
    private final long startNs;
    private boolean isComplete;
    private boolean isDraining;
    private long refreshNs;
    private long reviewNs;
    private long nowNs;

    public PopControl(PopSetup setup, Surroundings around, long nowNs) {
        this.setup = setup;
        this.around = around;
        this.nowNs = nowNs;
        startNs = nowNs;
        sites = new SiteRegister(setup.name());
        mesh = new NodeMesh(setup, sites, around.wallClock(), nowNs);
        rivals = new Rivals(setup.name());
        refreshNs = nowNs;
        reviewNs = nowNs;
        stun = new StunAnswers(around.dataPlane().commands());
        PopTunnels tunnels =
                new PopTunnels(setup, sites, mesh, rivals, stun, this::onTunnel, this::onMoved);
        keeper =
                new TunnelKeeper(
                        around.dataPlane(),
                        around.handshakes(),
                        around.ciphers(),
                        around.control(),
                        around.random(),
                        around.rekey(),
                        setup.pathMtuRaiseNs(),
                        tunnels,
                        nowNs);
        policy = setup.policy();
        events = new PopEvents(around.events(), around.files(), around.control());
        broker = new Broker(around.random());
        forwarding = new PopForwarding(setup, rib, keeper, sites, around.dataPlane().commands());
        hearing = new Hearing(keeper, forwarding::due, nowNs);
        long first = Math.max(around.memory().generation() + 1, around.wallClock().time());
        feed = new StateFeed(setup.name(), setup.internetAddress(), policy, first, sites, nowNs);
        if (setup.internetAddress() != null) {
            rib.addLocal(RouteSource.STATIC, Prefix.ofIpv4(0, 0), NextHop.INTERNET);
        }
        if (setup.resolver() != null) {
            Prefix resolver = Prefix.host(IpAddress.parse(setup.resolver().getHostAddress()));
            rib.addLocal(RouteSource.CONNECTED, resolver, NextHop.HOST);
        }
        adverts = new SiteAdverts(sites.all());
        saved = new SavedSites(around.memory(), around.files(), sites, nowNs);
        saved.restore();
        tunnels.start(keeper);
        mesh.start(keeper);
    }

    // ---- time

    @Override
    public ControlEvents.Handler dataPlaneHandler() {
        return keeper;
    }

    @Override
    public void onTick(long now) {
        nowNs = now;
        hearing.time(now);
        keeper.poll(now);
        if (!keeper.takeChanges().isEmpty() || now - reviewNs >= 0) {
            review();
        }
    }

    private void review() {
        reviewNs = nowNs + REVIEW_NS;
        sites.all().forEach(this::notePresence);
        mesh.poll(nowNs);
        takeUp(mesh.takeChanges());
        mesh.takeForgotten().forEach(this::forgetAsTold);
        completeIfDue();
        feed.flush(nowNs, isComplete);
        forwarding.publishIfDue(nowNs);
        saved.saveIfDue(feed.generation(), nowNs);
        events.poll(nowNs);
        refreshIfDue();
    }

    @Override
    public long deadlineNs() {
        return keeper.deadlineNs(reviewNs);
    }

    @Override
    public void onStop() {
        keeper.sayGoodbye();
    }

    /** What other nodes told, or their loss, made of sites. */
    private void takeUp(Collection<SiteChange> changes) {
        List<SiteChange> news = changes.stream().filter(SiteChange::isAny).toList();
        news.stream().filter(SiteChange::isPresence).forEach(change -> onPresence(change.site()));
        changes.forEach(change -> takeRoutes(change.site()));
        changes.forEach(change -> settle(change.site()));
        news.forEach(change -> feed.onChanged(change.site(), change.isPresence()));
        if (!news.isEmpty()) {
            saved.due();
        }
        if (mesh.takeOriginsChange() | !changes.isEmpty()) {
            forwarding.due();
        }
    }

    /** Another node has told of that site: the machine that is here may have to go. */
    private void settle(AttachedSite site) {
        String rival = rivals.withPrecedence(site);
        if (rival == null) {
            return;
        }
        LOG.warn("site {} is sent away: {}", site.name(), rival);
        List.copyOf(site.tunnels()).forEach(keeper::close);
        site.tunnels().clear();
        if (site.connection() != null) {
            refuse(site.connection(), Refusal.REFUSAL_DUPLICATE_SITE_ID, rival);
        }
        forwarding.due();
    }

    private void onPresence(AttachedSite site) {
        site.onPresence(around.wallClock().time());
        PeerNode away = site.away();
        String where = away == null ? "" : " to node " + away.name();
        String what = site.isAttached() ? "attached" + where : "left";
        LOG.info("site {} ({}) {}", Long.toUnsignedString(site.id()), site.name(), what);
    }

    private void takeRoutes(AttachedSite site) {
        if (site.takeRouteChange()) {
            rib.replaceRemote(site.id(), feed.generation() + 1, site.prefixes());
            feed.onRoutes(site);
        }
    }

    /** Of what we know of it by ourselves: the sites and the other nodes are told. */
    private void onChanged(AttachedSite site, boolean isPresence) {
        feed.onChanged(site, isPresence);
        mesh.tell(site);
        saved.due();
    }

    private void notePresence(AttachedSite site) {
        boolean wasAttached = site.isAttached();
        if (!hearing.note(site, around.wallClock().time())) {
            return;
        }
        forwarding.due();
        boolean isPresence = wasAttached != site.isAttached();
        if (isPresence) {
            onPresence(site);
        }
        takeRoutes(site);
        onChanged(site, isPresence);
    }

    /** One came, or serves others from now on. */
    private void onTunnel() {
        forwarding.due();
    }

    private void onMoved(AttachedSite site) {
        onChanged(site, false);
    }

    private void completeIfDue() {
        if (isComplete) {
            return;
        }
        boolean isWhole =
                !sites.all().isEmpty()
                        && mesh.isHeardOut()
                        && sites.all().stream().allMatch(AttachedSite::isComplete);
        boolean isLate = nowNs - startNs >= setup.endOfStateTimeout().toNanos();
        if (isWhole || isLate) {
            isComplete = true;
            LOG.info("state complete: {}", isWhole ? "every expected site is attached" : "waited");
        }
    }

    /** Of the tunnels to other nodes that are ours to open. */
    private void refreshIfDue() {
        if (nowNs - refreshNs >= 0) {
            refreshNs = nowNs + REFRESH_NS;
            Vintage vintage = around.vintage().get();
            if (vintage != null) {
                keeper.refresh(vintage);
            }
        }
    }

    // ---- channels; called on the control thread

    public void onFrame(SiteConnection connection, Frame frame) {
        AttachedSite site = sites.find(connection.peer().siteId());
        if (connection.peer().role() == Role.POP) {
            mesh.onFrame(connection, frame);
        } else if (frame.hasHello()) {
            onHello(connection, frame.getHello());
        } else if (site == null || site.connection() != connection) {
            connection.close("spoke before its Hello");
        } else {
            onFrame(site, frame);
        }
    }

    /** With another node; with a site it begins with the site's Hello. */
    public void onNodeConnected(SiteConnection connection) {
        mesh.onConnected(connection);
    }

    public void onClosed(SiteConnection connection) {
        AttachedSite site = sites.find(connection.peer().siteId());
        events.onClosed(connection);
        if (connection.peer().role() == Role.POP) {
            mesh.onClosed(connection);
        } else if (site != null && site.connection() == connection) {
            site.connection(null);
            feed.onClosed(site);
            mesh.tell(site);
        }
    }

    private void onHello(SiteConnection connection, Hello hello) {
        long siteId = connection.peer().siteId();
        if (hello.getSiteId() != siteId) {
            String detail = "certificate is of site " + Long.toUnsignedString(siteId);
            refuse(connection, Refusal.REFUSAL_IDENTITY_MISMATCH, detail);
            return;
        }
        AttachedSite site = sites.site(siteId, hello.getName());
        if (site == null) {
            connection.close("this PoP knows " + SiteRegister.SITES_MAX + " sites already");
            return;
        }
        String rival = rivals.of(site, connection.peer());
        if (rival != null) {
            refuse(connection, Refusal.REFUSAL_DUPLICATE_SITE_ID, rival);
            return;
        }
        site.connection(connection);
        List<Link> links = HelloLinks.of(site, hello, sites.all());
        site.describe(
                hello.getName(),
                SiteMessages.type(hello.getType()),
                links,
                !hello.getRecoveryOff());
        site.software(hello.getSoftware());
        onChanged(site, false);
        feed.welcome(site, around.wallClock().time(), setup.hasWanFirewall());
        around.trust().send(connection);
        feed.sendState(site, hello.getRequest());
        if (isDraining) {
            feed.askToLeave(site);
        }
    }

    private void refuse(SiteConnection connection, Refusal refusal, String detail) {
        LOG.warn("channel of {} refused: {}: {}", connection.peer().name(), refusal, detail);
        connection.send(StateFeed.refusal(refusal, detail));
        connection.close(detail);
    }

    private void onFrame(AttachedSite site, Frame frame) {
        switch (frame.getBodyCase()) {
            case ROUTE_ADVERT -> onAdvert(site, frame.getRouteAdvert().getPart());
            case ROUTE_REQUEST -> onRouteRequest(site, frame.getRouteRequest().getSiteId());
            case STATE_REQUEST -> feed.sendState(site, frame.getStateRequest().getRequest());
            case EVENT_UPLOAD -> events.take(site.connection(), frame.getEventUpload(), nowNs);
            case LINK_REPORT -> onLinkReport(site, frame.getLinkReport());
            case PUNCH_REQUEST -> {
                AttachedSite other = sites.find(frame.getPunchRequest().getSiteId());
                broker.onRequest(site, other, frame.getPunchRequest(), policy, nowNs);
            }
            default -> readiness.onFrame(site.id(), frame);
        }
    }

    private void onLinkReport(AttachedSite site, LinkReport report) {
        if (site.report(HelloLinks.reported(site, report))) {
            onChanged(site, false);
        }
    }

    private void onAdvert(AttachedSite site, RoutePart part) {
        if (adverts.take(site, part)) {
            takeRoutes(site);
            mesh.tell(site);
        }
    }

    private void onRouteRequest(AttachedSite site, long otherId) {
        AttachedSite other = sites.find(otherId);
        if (other != null) {
            feed.onRouteRequest(site, other);
        }
    }

    /** The account's authorities or revocations changed. */
    public void onTrust(Predicate<PeerIdentity> isRevoked) {
        for (AttachedSite site : sites.all()) {
            SiteConnection connection = site.connection();
            if (connection == null) {
                continue;
            }
            if (isRevoked.test(connection.peer())) {
                refuse(connection, Refusal.REFUSAL_REVOKED, "its certificate is revoked");
            } else {
                around.trust().send(connection);
            }
        }
        mesh.expel(isRevoked);
        keeper.expel(isRevoked);
    }

    /** The sites here are to attach to other nodes, those that come as well; or no longer. */
    void drain(boolean isOn) {
        isDraining = isOn;
        LOG.info("draining: {}", isOn ? "sites are asked to leave" : "ended");
        if (isOn) {
            sites.all().forEach(feed::askToLeave);
        }
    }

    /**
     * A site is gone for good: no directory names it any more, here and at the nodes that are
     * reached.
     *
     * @return why it is not forgotten, for people; null: it is
     */
    String forget(long siteId) {
        String refusal = forgetHere(siteId);
        if (refusal == null) {
            mesh.tellForgotten(siteId);
        }
        return refusal;
    }

    /** By another node, which may not know all that we do. */
    private void forgetAsTold(long siteId) {
        String refusal = forgetHere(siteId);
        if (refusal != null) {
            LOG.warn("site {} is not forgotten: {}", Long.toUnsignedString(siteId), refusal);
        }
    }

    private String forgetHere(long siteId) {
        AttachedSite site = sites.find(siteId);
        if (site == null) {
            return "it is not known here";
        }
        if (site.isAttached() || site.hasChannel()) {
            return "it is attached; revoke its certificate or switch it off first";
        }
        List.copyOf(site.tunnels()).forEach(keeper::close);
        sites.forget(site);
        rib.forget(siteId);
        feed.onForgotten(site);
        mesh.forget(site);
        adverts.forget(site);
        readiness.forget(siteId);
        saved.due();
        forwarding.due();
        LOG.info("site {} ({}) forgotten", Long.toUnsignedString(siteId), site.name());
        return null;
    }

    /** Who would gain and lose whom. */
    List<AccountPolicy.Change> preview(AccountPolicy proposed) {
        List<Site> all = sites.all().stream().map(AttachedSite::asSite).toList();
        return proposed.changesFrom(policy, all);
    }

    /** Sites build the tunnels that are new and close those that are none any more. */
    void onPolicy(AccountPolicy changed) {
        policy = changed;
        LOG.info("policy: {}", changed);
        feed.onPolicy(changed);
    }

    // ---- for status

    PopReadiness readiness() {
        return readiness;
    }

    PopSetup setup() {
        return setup;
    }

    Collection<AttachedSite> sites() {
        return sites.all();
    }

    /** As rules may name them. */
    Collection<RuleSites.Known> knownSites() {
        return sites.all().stream()
                .map(site -> new RuleSites.Known(site.id(), site.name()))
                .toList();
    }

    TunnelKeeper keeper() {
        return keeper;
    }

    Rib rib() {
        return rib;
    }

    PopForwarding forwarding() {
        return forwarding;
    }

    RouteTables tables() {
        return forwarding.tables();
    }

    StunAnswers stun() {
        return stun;
    }

    PopEvents events() {
        return events;
    }

    StateFeed feed() {
        return feed;
    }

    SiteAdverts adverts() {
        return adverts;
    }

    boolean isComplete() {
        return isComplete;
    }

    boolean isDraining() {
        return isDraining;
    }

    NodeMesh mesh() {
        return mesh;
    }

    long nowNs() {
        return nowNs;
    }
}
