package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.recovery.RecoveryAction;
import io.spillway.control.recovery.RecoveryEvent;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.Transport;
import io.spillway.node.tunnel.TunnelKeeper;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.RouteDifference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the recovery machine what happens, and does what it decides. Owned by the control thread.
 */
final class SiteRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRecovery.class);

    /** News that come so soon after a site's return belong to it. */
    private static final long RETURN_NS = 10_000_000_000L;

    private final RecoveryMachine machine;
    private final Rib rib;
    private final SiteTunnels tunnels;
    private final TunnelKeeper keeper;
    private final SiteChannel channel;
    private final SiteEvents events;
    private final EpochClock wallClock;
    private final PeerDirectory directory;
    private final ThawLog thaws = new ThawLog();
    private final Map<Long, Heard> heard = new HashMap<>();

    /** Those that returned a moment ago. */
    private final Map<Long, Returned> returned = new HashMap<>();

    /**
     * A site tells what changed while it was off the cloud once it is back itself, which may be
     * after we have thawed it.
     *
     * @param noted of its routes, in what was told of its return
     */
    private record Returned(PrefixSet noted, long endNs) {}

    /** By which transports a peer was reached when we looked last. */
    private record Heard(boolean isReachable, boolean isOnAltWan) {}

    SiteRecovery(
            RecoveryMachine machine,
            PeerDirectory directory,
            Rib rib,
            SiteTunnels tunnels,
            TunnelKeeper keeper,
            SiteChannel channel,
            SiteEvents events,
            EpochClock wallClock) {
        this.machine = machine;
        this.directory = directory;
        this.rib = rib;
        this.tunnels = tunnels;
        this.keeper = keeper;
        this.channel = channel;
        this.events = events;
        this.wallClock = wallClock;
    }

    /** Whether that had any consequence. */
    boolean tell(RecoveryEvent event, long nowNs) {
        if (event instanceof RecoveryEvent.RoutesReceived routes) {
            noteNews(routes.siteId(), nowNs);
        }
        List<RecoveryAction> actions = machine.on(event, nowNs);
        for (RecoveryAction action : actions) {
            act(action, nowNs);
        }
        return !actions.isEmpty();
    }

    /** Where that peer's tunnels live now and did not, or the other way round. */
    List<RecoveryEvent> news(long siteId) {
        boolean isReachable = tunnels.isReachable(siteId, Transport.RECOVERY);
        boolean isOnAltWan = tunnels.isReachable(siteId, Transport.ALT_WAN);
        Heard before = heard.put(siteId, new Heard(isReachable, isOnAltWan));
        List<RecoveryEvent> news = new ArrayList<>();
        if (before == null || before.isOnAltWan() != isOnAltWan) {
            news.add(new RecoveryEvent.AltWanReachable(siteId, isOnAltWan));
        }
        if (before == null || before.isReachable() != isReachable) {
            news.add(new RecoveryEvent.PeerReachable(siteId, isReachable));
        }
        return news;
    }

    private void act(RecoveryAction action, long nowNs) {
        switch (action) {
            case RecoveryAction.FreezeRoutes _ -> {
                noteFreeze();
                rib.freeze(wallClock.time());
            }
            case RecoveryAction.FreezePeer peer -> {
                noteFreeze();
                rib.freeze(peer.siteId(), wallClock.time());
            }
            case RecoveryAction.WithdrawRoutes _ -> rib.withdrawRemote();
            case RecoveryAction.MarkRoutesStale stale -> {
                if (stale.isStale()) {
                    rib.markStale();
                }
            }
            case RecoveryAction.MovePeer _ -> {}
            case RecoveryAction.ReturnPeer peer -> returnPeer(peer.siteId(), nowNs);
            case RecoveryAction.ForgetPeer peer -> forgetPeer(peer.siteId());
            case RecoveryAction.TellPeersLeftCloud _ -> tunnels.probePeersNow(nowNs);
            case RecoveryAction.ReprobePeers _ -> tunnels.probePeersNow(nowNs);
            case RecoveryAction.CheckReturnPath peer -> checkReturnPath(peer.siteId());
            case RecoveryAction.RequestState state -> channel.requestState(state.request());
            case RecoveryAction.Log line -> LOG.info("{}", line.line());
        }
    }

    private void returnPeer(long siteId, long nowNs) {
        if (rib.isFrozen(siteId)) {
            noteThaw(siteId, rib.thaw(siteId));
            var noted = rib.prefixesInForce(siteId);
            returned.put(siteId, new Returned(noted, nowNs + RETURN_NS));
        }
        tunnels.forgetChoice(siteId);
        if (!rib.isAnyFrozen()) {
            rib.thawAll();
        }
        events.upload();
    }

    private void noteFreeze() {
        if (!rib.isAnyFrozen()) {
            thaws.onFreeze();
        }
    }

    private void noteNews(long siteId, long nowNs) {
        Returned last = returned.get(siteId);
        if (last == null) {
            return;
        }
        if (rib.isFrozen(siteId) || nowNs - last.endNs() >= 0) {
            returned.remove(siteId);
            return;
        }
        RouteDifference difference = rib.differenceSince(siteId, last.noted());
        if (!difference.isEmpty()) {
            noteThaw(siteId, difference);
        }
        returned.put(siteId, new Returned(rib.prefixesInForce(siteId), last.endNs()));
    }

    private void noteThaw(long siteId, RouteDifference difference) {
        ThawLog.Thaw thaw = thaws.add(wallClock.time(), siteId, difference);
        if (!difference.isEmpty()) {
            Peer peer = directory.peer(siteId);
            String id = Long.toUnsignedString(siteId);
            events.append(RoutesChangedEvent.of(id, peer == null ? id : peer.site().name(), thaw));
        }
    }

    /** What returns made of the routes. */
    ThawLog thaws() {
        return thaws;
    }

    private void forgetPeer(long siteId) {
        rib.forget(siteId);
        tunnels.closeAll(siteId);
        tunnels.forgetChoice(siteId);
        heard.remove(siteId);
        returned.remove(siteId);
    }

    private void checkReturnPath(long siteId) {
        tunnels.alivePopTunnels().stream()
                .findFirst()
                .ifPresent(tunnel -> keeper.probePath(tunnel, siteId));
    }
}
