package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.recovery.RecoveryEvent;
import io.spillway.control.route.RouteAssembly;
import io.spillway.control.route.RouteChange;
import io.spillway.control.route.RouteHistory;
import io.spillway.control.route.RouteTeller;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Hello;
import io.spillway.control.wire.HelloLink;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.RouteAdvert;
import io.spillway.control.wire.RoutePart;
import io.spillway.control.wire.RouteRequest;
import io.spillway.control.wire.Routes;
import io.spillway.control.wire.StateRequest;
import io.spillway.control.wire.Welcome;
import io.spillway.control.wire.WireAddress;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The site's end of the control channel: what the PoP says becomes directory, routes and events for
 * the recovery machine; what the site must say is said. Owned by control.
 */
final class SiteChannel {
    private static final Logger LOG = LoggerFactory.getLogger(SiteChannel.class);

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final Rib rib;
    private final PopChannel sender;
    private final String software;
    private final Consumer<RecoveryEvent> machine;
    private final Consumer<Frame> others;
    private final RouteHistory own = new RouteHistory();
    private final RouteTeller told = new RouteTeller();
    private final RouteAssembly assembly = new RouteAssembly(Rib.LIMIT_DEFAULT);
    private boolean isOpen;
    private boolean isHelloDue;
    private long completeGeneration;
    private String popName;
    private InetAddress internetAddress;
    private int refusedCount;
    private String refusal = "";

    /**
     * @param machine takes what concerns recovery
     * @param others takes frames that concern neither directory nor routes
     */
    SiteChannel(
            SiteSetup setup,
            PeerDirectory directory,
            Rib rib,
            PopChannel sender,
            String software,
            Consumer<RecoveryEvent> machine,
            Consumer<Frame> others) {
        this.setup = setup;
        this.directory = directory;
        this.rib = rib;
        this.sender = sender;
        this.software = software;
        this.machine = machine;
        this.others = others;
        popName = setup.pops().getFirst().name();
        own.update(1, PrefixSet.of(setup.advertised()));
    }

    boolean isOpen() {
        return isOpen;
    }

    String popName() {
        return popName;
    }

    /** That we have on the Internet by the PoP, as it said last; null: it did not. */
    InetAddress internetAddress() {
        return internetAddress;
    }

    /** Index of the link by which it goes; negative while it is not open. */
    int link() {
        return isOpen ? sender.link() : -1;
    }

    /** Why the PoP does not want us; empty when it does. */
    String refusal() {
        return refusal;
    }

    void onConnected() {
        isOpen = true;
        isHelloDue = true;
        machine.accept(new RecoveryEvent.ChannelOpened());
    }

    void onDisconnected() {
        isOpen = false;
        machine.accept(new RecoveryEvent.ChannelLost());
    }

    /** A router that forgot these tunnels has forgotten the channel too. */
    void onDead(List<ManagedTunnel> tunnels) {
        int link = link();
        if (tunnels.stream().anyMatch(tunnel -> tunnel.tunnel().link() == link)) {
            sender.ask();
        }
    }

    /**
     * These are the prefixes that this site advertises now. The PoP is told the difference, as fast
     * as the channel takes it; on a new channel it is told them all. Of more than {@link
     * Rib#LIMIT_DEFAULT} the first in order are taken.
     *
     * <p>Costs time in proportion to the set, a few ms for a million. Whoever changes a large one
     * makes it by {@link PrefixSet#with} from the one before.
     */
    void advertise(PrefixSet prefixes) {
        PrefixSet taken = prefixes.first(Rib.LIMIT_DEFAULT);
        if (taken.size() < prefixes.size() && own.prefixes().size() < taken.size()) {
            LOG.warn("{} prefixes to advertise, {} taken", prefixes.size(), taken.size());
        }
        if (!taken.equals(own.prefixes())) {
            own.update(own.generation() + 1, taken);
            tellRoutes();
        }
    }

    /** More of our prefixes is to be told when the channel has room again. */
    boolean isTelling() {
        return isOpen && !isHelloDue && !told.hasTold(setup.own().id(), own);
    }

    /** Tells of our prefixes as much as the channel has room for. */
    void tellRoutes() {
        boolean isTaken = true;
        while (isTaken && isTelling() && sender.hasRoom()) {
            RoutePart part = told.part(setup.own().id(), own);
            RouteAdvert.Builder advert = RouteAdvert.newBuilder().setPart(part);
            isTaken = sender.send(Frame.newBuilder().setRouteAdvert(advert).build());
            if (isTaken) {
                told.advance();
            }
        }
    }

    /** Asks for the whole state: by Hello on a new channel. */
    void requestState(long request) {
        directory.beginState();
        if (!isHelloDue) {
            send(Frame.newBuilder().setStateRequest(StateRequest.newBuilder().setRequest(request)));
            return;
        }
        isHelloDue = false;
        told.clear();
        send(Frame.newBuilder().setHello(hello(request)));
        tellRoutes();
    }

    void onFrame(Frame frame) {
        switch (frame.getBodyCase()) {
            case WELCOME -> onWelcome(frame.getWelcome());
            case DIRECTORY -> onDirectory(frame.getDirectory());
            case ROUTES -> onRoutes(frame.getRoutes());
            case ROUTE_REQUEST -> {
                told.forget(setup.own().id());
                tellRoutes();
            }
            case PRESENCE -> {
                long siteId = frame.getPresence().getSiteId();
                boolean isAttached = frame.getPresence().getAttached();
                if (directory.onPresence(frame.getPresence().getGeneration(), siteId, isAttached)) {
                    machine.accept(new RecoveryEvent.PresenceChanged(siteId, isAttached));
                }
            }
            case END_OF_STATE -> {
                completeGeneration = frame.getEndOfState().getGeneration();
                rib.withdrawStale(completeGeneration);
                machine.accept(
                        new RecoveryEvent.StateEnded(
                                completeGeneration, frame.getEndOfState().getRequest()));
            }
            default -> others.accept(frame);
        }
    }

    private void onWelcome(Welcome welcome) {
        if (welcome.getRefusal() == Refusal.REFUSAL_NONE) {
            popName = welcome.getPopName();
            internetAddress = WireAddress.ipv4(welcome.getInternetAddress());
            refusal = "";
            return;
        }
        String said = welcome.getRefusal() + ": " + welcome.getDetail();
        if (!said.equals(refusal)) {
            LOG.error("PoP {} refuses this site: {}", popName, said);
        }
        refusal = said;
    }

    private void onDirectory(io.spillway.control.wire.Directory message) {
        List<Site> sites = SiteMessages.sites(message);
        if (message.getPartial()) {
            directory.update(message.getGeneration(), sites);
        } else {
            directory.apply(message.getGeneration(), sites);
        }
        if (directory.refusedCount() != refusedCount) {
            refusedCount = directory.refusedCount();
            LOG.warn(
                    "PoP {} names {} sites more than the {} that one site can know: left out",
                    popName,
                    refusedCount,
                    PeerDirectory.PEERS_MAX);
        }
        List<RecoveryEvent.PeerFacts> facts =
                directory.peers().stream()
                        .map(
                                peer ->
                                        new RecoveryEvent.PeerFacts(
                                                peer.siteId(),
                                                peer.site().attached(),
                                                peer.site().isRecoverable()))
                        .toList();
        machine.accept(new RecoveryEvent.DirectoryReceived(facts));
    }

    private void onRoutes(Routes routes) {
        if (routes.getSiteId() == setup.own().id()) {
            return;
        }
        long siteId = routes.getSiteId();
        switch (assembly.take(siteId, routes.getPart())) {
            case INCOMPLETE -> {}
            case COMPLETE -> {
                if (apply(siteId, assembly.change())) {
                    machine.accept(new RecoveryEvent.RoutesReceived(siteId));
                } else {
                    askForRoutes(siteId);
                }
            }
            case UNFIT -> askForRoutes(siteId);
            case TOO_MANY ->
                    LOG.warn(
                            "PoP {} tells of more than {} routes of site {}: not taken",
                            popName,
                            Rib.LIMIT_DEFAULT,
                            Long.toUnsignedString(siteId));
        }
    }

    private boolean apply(long siteId, RouteChange change) {
        if (change.isWhole()) {
            rib.replaceRemote(siteId, change.generation(), change.announced());
            return true;
        }
        return rib.updateRemote(
                siteId, change.base(), change.generation(), change.withdrawn(), change.announced());
    }

    private void askForRoutes(long siteId) {
        send(Frame.newBuilder().setRouteRequest(RouteRequest.newBuilder().setSiteId(siteId)));
    }

    private Hello hello(long request) {
        Site own = setup.own();
        Hello.Builder hello =
                Hello.newBuilder()
                        .setSiteId(own.id())
                        .setName(own.name())
                        .setSoftware(software)
                        .setGeneration(completeGeneration)
                        .setRequest(request)
                        .setType(SiteMessages.kind(own.type()))
                        .setRecoveryOff(!own.recoveryEnabled());
        own.links().forEach(link -> hello.addLinks(helloLink(link)));
        return hello.build();
    }

    private HelloLink helloLink(Link link) {
        HelloLink.Builder hello =
                HelloLink.newBuilder()
                        .setIndex(link.index())
                        .setName(link.name())
                        .setRole(SiteMessages.kind(link.role()))
                        .setPrecedence(link.precedence())
                        .setEnabled(link.enabled())
                        .setMtu(setup.linkMtus().get(link.index()));
        if (link.endpoints().fixed() != null) {
            hello.setFixed(WireAddress.endpoint(link.endpoints().fixed()));
        }
        return hello.build();
    }

    private void send(Frame.Builder frame) {
        sender.send(frame.build());
    }
}
