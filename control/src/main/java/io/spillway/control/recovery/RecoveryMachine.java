package io.spillway.control.recovery;

import io.spillway.control.recovery.RecoveryEvent.PeerFacts;
import io.spillway.control.recovery.RecoveryState.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides what carries the traffic of each peer (R014, R040-R049). One per site, owned by control;
 * events and time in, actions out. The table of the site's state stands at {@link RecoveryState}.
 *
 * <p><b>A peer leaves the cloud</b> when this site does; or, this site being in CLOUD, when the
 * peer says so in its PROBEs, when the PoP tells that it left, or when a complete state has it not
 * attached. It then goes by Alt WAN while a tunnel to this very peer lives there, else by RECOVERY,
 * else, if recovery is off at either end, by {@link Transport#NONE}.
 *
 * <p><b>A peer returns</b> when every {@link ReturnCondition} holds, the proof of the path last: it
 * is asked for only when the others hold, and only a probe sent since then counts. State complete
 * and back-off protect conversations that work off the cloud; so they are waived for a peer that no
 * transport reaches: undecided, switched off, or on RECOVERY with no living tunnel.
 *
 * <p><b>At a start</b> every peer is undecided. One that is not proven by cloud within the grace
 * goes off-cloud if it was saved or a tunnel to it lives.
 *
 * <p><b>Others are told</b> that this site left from the loss until the cloud lives again and the
 * back-off has run out, so that they do not follow a flapping site back and forth.
 *
 * <p>What no peer or state fits is counted and ignored. Send {@link RecoveryEvent.Tick} several
 * times a second.
 */
public final class RecoveryMachine {
    /** After a return, packets on the old transport are still received this long. */
    public static final long OLD_TRANSPORT_NS = 10_000_000_000L;

    /** One peer for status: what it waits for is empty while it goes by cloud. */
    public record PeerView(long siteId, Transport transport, Set<ReturnCondition> waitsFor) {}

    private final RecoveryConfig config;
    private final ReturnBackoff backoff;
    private final ToldState told = new ToldState();
    private final Map<Long, PeerRecovery> peers = new TreeMap<>(Long::compareUnsigned);
    private List<RecoveryAction> actions = new ArrayList<>();
    private long nowNs;
    private RecoveryState state = RecoveryState.START;
    private long stateSinceNs;

    /** In START, the last moment without {@link #hasGround}; else of no meaning. */
    private long groundSinceNs;

    private boolean isEnabled;

    /** To one peer at least. */
    private boolean isAltWanUp;

    private boolean isTellingLeft;
    private boolean mustReprobe;
    private long ignoredCount;

    /** {@code saved}: the peers of the saved state, if there is one. */
    public RecoveryMachine(RecoveryConfig config, Collection<PeerFacts> saved, long nowNs) {
        this.config = config;
        this.nowNs = nowNs;
        backoff = new ReturnBackoff(config.returnBackoff());
        groundSinceNs = nowNs;
        stateSinceNs = nowNs;
        isEnabled = config.isEnabled();
        for (PeerFacts facts : saved) {
            PeerRecovery peer = new PeerRecovery(facts.siteId(), true, nowNs);
            peer.isRecoverable = facts.isRecoverable();
            peers.put(facts.siteId(), peer);
        }
    }

    /** The actions are the caller's, to be carried out in order; see {@link RecoveryAction}. */
    public List<RecoveryAction> on(RecoveryEvent event, long now) {
        nowNs = now;
        actions = new ArrayList<>();
        take(event);
        noteAltWan();
        leaveStart();
        forgetGone();
        tellPeers();
        peers.values().forEach(this::settle);
        if (mustReprobe) {
            act(new RecoveryAction.ReprobePeers());
            mustReprobe = false;
        }
        return actions;
    }

    public RecoveryState state() {
        return state;
    }

    public long stateSinceNs() {
        return stateSinceNs;
    }

    /** {@link Transport#NONE} also for a peer never heard of. */
    public Transport transportOf(long siteId) {
        PeerRecovery peer = peers.get(siteId);
        return peer == null ? Transport.NONE : peer.transport;
    }

    /** Of all peers; a snapshot. */
    public List<Long> siteIds() {
        return List.copyOf(peers.keySet());
    }

    /** Whether that is a peer's ID. */
    public boolean isPeer(long siteId) {
        return peers.containsKey(siteId);
    }

    /** Whether that peer last said that it left the cloud; false also for one never heard of. */
    public boolean saysLeftCloud(long siteId) {
        PeerRecovery peer = peers.get(siteId);
        return peer != null && peer.saysLeftCloud;
    }

    /** How many peers go by that transport. */
    public int countOf(Transport transport) {
        return (int) peers.values().stream().filter(peer -> peer.transport == transport).count();
    }

    /** A peer goes by RECOVERY and a tunnel to it lives: packets can be sent there. */
    public boolean isRecoveryInUse() {
        return peers.values().stream()
                .anyMatch(peer -> peer.transport == Transport.RECOVERY && peer.isReachable);
    }

    /** A peer goes by Alt WAN, which it does only while a tunnel there lives. */
    public boolean isAltWanInUse() {
        return countOf(Transport.ALT_WAN) > 0;
    }

    /** In unsigned order of site IDs; a snapshot. */
    public List<PeerView> peers() {
        return peers.values().stream().map(this::view).toList();
    }

    /** What keeps the peer off the cloud; empty if nothing does. */
    public Set<ReturnCondition> waitsFor(long siteId) {
        PeerRecovery peer = peers.get(siteId);
        return peer == null ? EnumSet.allOf(ReturnCondition.class) : view(peer).waitsFor();
    }

    /** The remaining wait before the return, 0 if none runs. */
    public long backoffRemainingNs(long now) {
        return backoff.remainingNs(now);
    }

    /** To be put in the LEFT_CLOUD flag of every PROBE to peers. */
    public boolean isTellingLeft() {
        return isTellingLeft;
    }

    /** The number that Hello carries, and that ends the state asked for last. */
    public long request() {
        return told.request();
    }

    /** Of the last complete state; 0 = none. */
    public long stateGeneration() {
        return told.generation();
    }

    /** Events that fitted no peer or request. */
    public long ignoredCount() {
        return ignoredCount;
    }

    private void take(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.Tick _ -> {}
            case RecoveryEvent.CloudAlive _ -> trigger(Trigger.CLOUD_ALIVE, "a PoP tunnel lives");
            case RecoveryEvent.CloudLost _ -> trigger(Trigger.CLOUD_LOST, "every PoP tunnel died");
            case RecoveryEvent.ChannelOpened _ -> onChannelOpened();
            case RecoveryEvent.ChannelLost _ -> onChannelLost();
            case RecoveryEvent.DirectoryReceived directory -> onDirectory(directory.peers());
            case RecoveryEvent.PresenceChanged presence -> onPresence(presence);
            case RecoveryEvent.RoutesReceived routes -> onRoutes(routes);
            case RecoveryEvent.StateEnded ended -> onStateEnded(ended);
            case RecoveryEvent.PeerLeftCloud said -> onPeerLeftCloud(said);
            case RecoveryEvent.PeerReachable reachable -> onReachable(reachable);
            case RecoveryEvent.AltWanReachable reachable -> onAltWan(reachable);
            case RecoveryEvent.PathAnswered answer -> onPathAnswered(answer);
            case RecoveryEvent.ReturnNow _ -> backoff.returnNow(nowNs);
            case RecoveryEvent.SwitchChanged change -> isEnabled = change.isRecoveryEnabled();
        }
    }

    // ---- the site

    private void noteAltWan() {
        boolean isUp = peers.values().stream().anyMatch(peer -> peer.isOnAltWan);
        if (isUp != isAltWanUp) {
            isAltWanUp = isUp;
            trigger(
                    isUp ? Trigger.ALT_WAN_UP : Trigger.ALT_WAN_DOWN,
                    isUp ? "Alt WAN came" : "Alt WAN went");
        }
    }

    private void trigger(Trigger trigger, String why) {
        RecoveryState from = state;
        state = from.next(trigger, isAltWanUp);
        if (state == from) {
            return;
        }
        stateSinceNs = nowNs;
        log("recovery: " + from + " -> " + state + ": " + why);
        if (state == RecoveryState.CLOUD) {
            comeBack(from);
        } else if (!from.isOffCloud()) {
            leave(from);
        }
    }

    private void leaveStart() {
        if (state != RecoveryState.START) {
            return;
        }
        if (!hasGround()) {
            groundSinceNs = nowNs;
        } else if (nowNs - groundSinceNs >= config.startGraceNs()) {
            trigger(Trigger.NO_CLOUD, "no PoP tunnel since the start");
        }
    }

    /** Peers to recover with: saved ones from the start on, else once the channel named them. */
    private boolean hasGround() {
        boolean isComplete = told.isComplete() && !peers.isEmpty();
        return isComplete || peers.values().stream().anyMatch(peer -> peer.isSaved);
    }

    private void leave(RecoveryState from) {
        if (from == RecoveryState.CLOUD) {
            backoff.onLost(nowNs);
        }
        tellPeers();
        act(
                config.isFreezeEnabled()
                        ? new RecoveryAction.FreezeRoutes()
                        : new RecoveryAction.WithdrawRoutes());
        mustReprobe = true;
    }

    private void comeBack(RecoveryState from) {
        if (from.isOffCloud()) {
            backoff.onBack(nowNs);
        }
        if (told.isChannelOpen()) {
            requestState();
        }
    }

    private void tellPeers() {
        boolean staysAway = isTellingLeft && !backoff.isOver(nowNs);
        boolean hasLeft = isEnabled && (state.isOffCloud() || staysAway);
        if (hasLeft != isTellingLeft) {
            isTellingLeft = hasLeft;
            act(new RecoveryAction.TellPeersLeftCloud(hasLeft));
        }
    }

    // ---- the PoP's word

    private void onChannelOpened() {
        if (told.open()) {
            requestState();
        }
    }

    private void onChannelLost() {
        if (told.close()) {
            act(new RecoveryAction.MarkRoutesStale(true));
        }
    }

    private void requestState() {
        act(new RecoveryAction.RequestState(told.ask()));
    }

    private void onStateEnded(RecoveryEvent.StateEnded ended) {
        if (!told.isChannelOpen() || ended.request() != told.request()) {
            ignoredCount++;
        } else if (told.complete(ended.generation())) {
            act(new RecoveryAction.MarkRoutesStale(false));
        }
    }

    private void onDirectory(List<PeerFacts> listed) {
        told.onDirectory();
        peers.values().forEach(peer -> peer.isInDirectory = false);
        for (PeerFacts facts : listed) {
            PeerRecovery peer =
                    peers.computeIfAbsent(facts.siteId(), id -> new PeerRecovery(id, false, nowNs));
            peer.isInDirectory = true;
            peer.isRecoverable = facts.isRecoverable();
            peer.onAttached(facts.isAttached());
        }
    }

    private void onPresence(RecoveryEvent.PresenceChanged presence) {
        PeerRecovery peer = find(presence.siteId());
        if (peer != null) {
            peer.onAttached(presence.isAttached());
            peer.hasPopSeenLeave = !presence.isAttached();
        }
    }

    private void onRoutes(RecoveryEvent.RoutesReceived routes) {
        PeerRecovery peer = find(routes.siteId());
        if (peer != null) {
            peer.routesRequest = told.request();
        }
    }

    private void forgetGone() {
        boolean isTrue = told.isComplete() && told.isDirectoryTold();
        if (state != RecoveryState.CLOUD || !isTrue) {
            return;
        }
        for (PeerRecovery peer : List.copyOf(peers.values())) {
            if (!peer.isInDirectory && !isServedOffCloud(peer)) {
                peers.remove(peer.siteId);
                act(new RecoveryAction.ForgetPeer(peer.siteId));
            }
        }
        noteAltWan();
    }

    /** A PoP that lost its memory is no reason to end what works without it. */
    private static boolean isServedOffCloud(PeerRecovery peer) {
        return peer.transport != Transport.CLOUD && !isStranded(peer);
    }

    // ---- the peers

    private void onPeerLeftCloud(RecoveryEvent.PeerLeftCloud said) {
        PeerRecovery peer = find(said.siteId());
        if (peer != null) {
            peer.saysLeftCloud = said.hasLeft();
        }
    }

    private void onReachable(RecoveryEvent.PeerReachable reachable) {
        PeerRecovery peer = find(reachable.siteId());
        if (peer != null) {
            peer.onReachable(reachable.isReachable(), nowNs);
        }
    }

    private void onAltWan(RecoveryEvent.AltWanReachable reachable) {
        PeerRecovery peer = find(reachable.siteId());
        if (peer != null) {
            peer.onAltWan(reachable.isReachable(), nowNs);
        }
    }

    private void onPathAnswered(RecoveryEvent.PathAnswered answer) {
        PeerRecovery peer = find(answer.siteId());
        if (peer != null) {
            peer.onPathAnswered(answer.sentNs());
        }
    }

    private PeerRecovery find(long siteId) {
        PeerRecovery peer = peers.get(siteId);
        ignoredCount += peer == null ? 1 : 0;
        return peer;
    }

    /** Brings one peer to the transport that all we know asks for. */
    private void settle(PeerRecovery peer) {
        if (state == RecoveryState.START) {
            return;
        }
        if (state.isOffCloud()) {
            peer.stopChecking();
            move(peer, fallback(peer));
        } else if (peer.transport == Transport.CLOUD) {
            settleInCloud(peer);
        } else {
            settleOffCloud(peer);
        }
    }

    private void settleInCloud(PeerRecovery peer) {
        boolean isAbsent = !peer.isAttached && (told.isComplete() || peer.hasPopSeenLeave);
        if (!peer.saysLeftCloud && !isAbsent) {
            return;
        }
        log(name(peer) + (peer.saysLeftCloud ? " says it left" : " left") + " the cloud");
        if (config.isFreezeEnabled()) {
            act(new RecoveryAction.FreezePeer(peer.siteId));
        }
        move(peer, fallback(peer));
    }

    private void settleOffCloud(PeerRecovery peer) {
        if (peer.transport != Transport.NONE || isUndecidedTooLong(peer)) {
            move(peer, fallback(peer));
        }
        Set<ReturnCondition> missing = missing(peer);
        if (isStranded(peer)) {
            missing.remove(ReturnCondition.STATE_COMPLETE);
            missing.remove(ReturnCondition.BACKOFF_OVER);
        }
        missing.remove(ReturnCondition.PATH_PROVEN);
        if (!missing.isEmpty()) {
            peer.stopChecking();
        } else if (peer.isProven()) {
            comeBack(peer);
        } else if (peer.checkDue(nowNs)) {
            act(new RecoveryAction.CheckReturnPath(peer.siteId));
        }
    }

    private void comeBack(PeerRecovery peer) {
        Transport from = peer.transport;
        peer.stopChecking();
        peer.transport = Transport.CLOUD;
        act(new RecoveryAction.ReturnPeer(peer.siteId, from, nowNs + OLD_TRANSPORT_NS));
        log(name(peer) + " " + from + " -> CLOUD: proven by way of the PoP");
    }

    /** Nothing reaches it off the cloud. */
    private static boolean isStranded(PeerRecovery peer) {
        return peer.transport == Transport.NONE
                || peer.transport == Transport.RECOVERY && !peer.isReachable;
    }

    private boolean isUndecidedTooLong(PeerRecovery peer) {
        boolean isGraceOver = nowNs - peer.undecidedSinceNs >= config.startGraceNs();
        return peer.saysLeftCloud || (peer.isHeard() || peer.isSaved) && isGraceOver;
    }

    private Transport fallback(PeerRecovery peer) {
        if (peer.isOnAltWan) {
            return Transport.ALT_WAN;
        }
        return isEnabled && peer.isRecoverable ? Transport.RECOVERY : Transport.NONE;
    }

    private void move(PeerRecovery peer, Transport transport) {
        if (peer.transport != transport) {
            peer.transport = transport;
            act(new RecoveryAction.MovePeer(peer.siteId, transport));
        }
    }

    private Set<ReturnCondition> missing(PeerRecovery peer) {
        Set<ReturnCondition> missing = EnumSet.noneOf(ReturnCondition.class);
        expect(missing, ReturnCondition.CLOUD_ALIVE, state == RecoveryState.CLOUD);
        expect(missing, ReturnCondition.CHANNEL_OPEN, told.isChannelOpen());
        expect(missing, ReturnCondition.STATE_COMPLETE, told.isComplete());
        expect(missing, ReturnCondition.BACKOFF_OVER, backoff.isOver(nowNs));
        expect(missing, ReturnCondition.PEER_ATTACHED, peer.isAttached);
        expect(missing, ReturnCondition.PEER_IN_CLOUD, !peer.saysLeftCloud);
        expect(missing, ReturnCondition.ROUTES_KNOWN, told.isOfLast(peer.routesRequest));
        expect(missing, ReturnCondition.PATH_PROVEN, peer.isProven());
        return missing;
    }

    private static void expect(
            Set<ReturnCondition> missing, ReturnCondition condition, boolean holds) {
        if (!holds) {
            missing.add(condition);
        }
    }

    private PeerView view(PeerRecovery peer) {
        boolean inCloud = peer.transport == Transport.CLOUD;
        Set<ReturnCondition> waitsFor =
                inCloud ? EnumSet.noneOf(ReturnCondition.class) : missing(peer);
        return new PeerView(peer.siteId, peer.transport, waitsFor);
    }

    private void act(RecoveryAction action) {
        actions.add(action);
    }

    private void log(String line) {
        act(new RecoveryAction.Log(line));
    }

    private static String name(PeerRecovery peer) {
        return "site " + Long.toUnsignedString(peer.siteId);
    }
}
