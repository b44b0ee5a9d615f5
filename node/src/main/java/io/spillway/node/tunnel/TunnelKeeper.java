package io.spillway.node.tunnel;

import io.spillway.control.recovery.Liveness;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Session;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.handshake.HandshakeResult;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tunnels up: opens them by handshake, probes them, tries again, changes keys in time, make
 * before break. The same at sites and PoPs. Owned by control.
 */
public final class TunnelKeeper implements ControlEvents.Handler {
    /** Whose tunnels these are. Called on the control thread. */
    public interface Owner {
        /**
         * A peer completed a handshake with us as server: the tunnel that is to carry its session,
         * or null to refuse it, with a line in the log.
         */
        ManagedTunnel tunnelFor(int link, InetSocketAddress remote, PeerIdentity peer);

        /** Whether that peer is the one the tunnel was opened to. */
        boolean isExpected(ManagedTunnel tunnel, PeerIdentity peer);

        /** A session was installed. */
        void onEstablished(ManagedTunnel tunnel);

        /**
         * We refused who opened a handshake with us, or were refused. Where nobody asks, no news.
         */
        default void onRefused(int link, InetSocketAddress remote, String reason) {}

        /** An echo of ours came back, in a packet of that length. A PoP sends none. */
        default void onProof(
                ManagedTunnel tunnel, int sequence, int length, long sentNs, long receivedNs) {}

        /** The far end has another address, and answers there. */
        void onMoved(ManagedTunnel tunnel);

        /** The peer itself said something of itself, in a PROBE or a reply. */
        void onFlags(ManagedTunnel tunnel, int flags);

        /** An end-to-end PROBE of ours came back from that site by way of a PoP. */
        void onPathReply(long siteId, long sentNs);

        /** The WAN thread of the tunnel that carries what goes there on the relay link. */
        int threadOfRelay(InetSocketAddress remote);

        /** A datagram of STUN, from anybody. */
        void onStun(int link, InetSocketAddress remote, byte[] datagram);

        /** Flags of our PROBEs ({@link Probe}). */
        int probeFlags();
    }

    private static final Logger LOG = LoggerFactory.getLogger(TunnelKeeper.class);

    /** A handshake that got nowhere is begun anew, so that a returning peer is found soon. */
    private static final long ATTEMPT_MAX_NS = 3_000_000_000L;

    /** Where both begin at once, the initiator's handshake stands this long. */
    private static final long FIRM_NS = 1_000_000_000L;

    private static final long RETRY_FIRST_NS = 500_000_000L;
    private static final long RETRY_MAX_NS = 16_000_000_000L;
    private static final long RETRY_POP_MAX_NS = 1_000_000_000L;

    /** Enough for a watched tunnel to be judged at any round trip. */
    private static final long DOUBT_NS = 2_000_000_000L;

    /** How long the keys before go on opening what was under way. */
    private static final long RETIRED_NS = 30_000_000_000L;

    private final DataPlane dataPlane;
    private final DataPlaneCommands commands;
    private final RecordCiphers ciphers;
    private final RandomGenerator random;
    private final RekeyLimits limits;
    private final Owner owner;
    private final ConnectionIds connectionIds;
    private final HandshakeDriver handshakes;
    private final Map<Integer, ManagedTunnel> tunnels = new TreeMap<>();
    private int nextIndex;
    private int nextPath;
    private boolean hasChanged;
    private long nowNs;

    /**
     * @param control runs tasks on the control thread
     */
    public TunnelKeeper(
            DataPlane dataPlane,
            HandshakeFactory factory,
            RecordCiphers ciphers,
            Executor control,
            RandomGenerator random,
            RekeyLimits limits,
            Owner owner,
            long nowNs) {
        this.dataPlane = dataPlane;
        this.commands = dataPlane.commands();
        this.ciphers = ciphers;
        this.random = random;
        this.limits = limits;
        this.owner = owner;
        this.nowNs = nowNs;
        connectionIds = new ConnectionIds(dataPlane.threading(), random);
        var around =
                new HandshakeDriver.Surroundings(
                        connectionIds, this::wanThreadOf, commands::sendDatagram, control);
        handshakes = new HandshakeDriver(factory, around, new Outcomes());
    }

    /**
     * A new tunnel. As client it is opened from the next {@link #poll} on, else when the peer
     * comes.
     */
    public ManagedTunnel open(
            int link, long siteId, InetSocketAddress remote, int linkMtu, boolean isClient) {
        int wanThread = wanThreadOf(link, remote);
        Tunnel tunnel = dataPlane.newTunnel(nextIndex++, link, wanThread, siteId, remote, linkMtu);
        ManagedTunnel managed =
                new ManagedTunnel(tunnel, new Liveness(random, nowNs), isClient, nowNs);
        tunnels.put(tunnel.index(), managed);
        hasChanged = true;
        return managed;
    }

    /**
     * We have forgotten the tunnel's session, which the peer may not know yet: until it lives we
     * open handshakes too, though they are the peer's to open.
     */
    public void rejoin(ManagedTunnel managed) {
        managed.isRejoining = true;
    }

    /** The link of tunnels that other sites relay. */
    public int relayLink() {
        return dataPlane.relayLink();
    }

    /** Calls at once, whatever the tunnel's retries wait for. */
    public void callNow(ManagedTunnel managed) {
        managed.failures = 0;
        managed.retryNs = nowNs;
    }

    /**
     * That of the path's tunnel, or of the handshake that will yield one: all sessions of a path
     * stay on one thread, since the kernel may join datagrams of one sender. A new path is the next
     * thread's.
     */
    private int wanThreadOf(int link, InetSocketAddress remote) {
        if (link == relayLink()) {
            return owner.threadOfRelay(remote);
        }
        for (ManagedTunnel managed : tunnels.values()) {
            Tunnel tunnel = managed.tunnel();
            if (tunnel.link() == link && tunnel.remote().equals(remote)) {
                return tunnel.wanThread();
            }
        }
        int connectionId = handshakes.connectionIdAt(link, remote);
        return connectionId == ConnectionIds.NONE
                ? dataPlane.threading().wanThreadOf(nextPath++)
                : connectionIds.threadOf(connectionId);
    }

    /** Ends it; the peer is told. */
    public void close(ManagedTunnel managed) {
        tunnels.remove(managed.tunnel().index());
        hasChanged = true;
        if (managed.attempt != null && managed.isAttemptComplete()) {
            handshakes.end(managed.attempt);
        } else if (managed.attempt != null) {
            giveUp(managed);
        }
        if (managed.session != null) {
            commands.sendClose(managed.tunnel());
            connectionIds.release(managed.connectionId);
        }
        retire(managed, managed.candidate);
        managed.retired.forEach(lease -> connectionIds.release(lease.connectionId()));
        commands.closeTunnel(managed.tunnel());
    }

    /** We end: every peer is told, so that it need not find out by silence. */
    public void sayGoodbye() {
        for (ManagedTunnel managed : tunnels.values()) {
            if (managed.session != null) {
                commands.sendClose(managed.tunnel());
            }
        }
    }

    /**
     * Somebody says that a datagram to there did not arrive: only a suspicion, anyone can forge it.
     */
    public void onUnreachable(int link, InetSocketAddress remote) {
        for (ManagedTunnel managed : tunnels.values()) {
            Tunnel tunnel = managed.tunnel();
            if (tunnel.link() == link && tunnel.remote().equals(remote)) {
                managed.liveness().onError(nowNs);
            }
        }
    }

    /** It is watched for a moment: if it lives it stays, if it is dead that is found out. */
    public void doubt(ManagedTunnel managed) {
        managed.doubtEndNs = nowNs + DOUBT_NS;
    }

    /** Ends every session of peers that may not speak any more. */
    public void expel(Predicate<PeerIdentity> isExpelled) {
        for (ManagedTunnel managed : tunnels.values()) {
            if (managed.peer != null && managed.session != null && isExpelled.test(managed.peer)) {
                LOG.warn("tunnel to {}: ended, its certificate is revoked", managed.peer.name());
                commands.sendClose(managed.tunnel());
                retire(managed, managed.candidate);
                managed.retired.forEach(this::end);
                managed.retired.clear();
                end(new ManagedTunnel.Lease(managed.session, managed.connectionId, nowNs));
                managed.candidate = null;
                managed.session = null;
                managed.liveness().onLink(false, nowNs);
                managed.liveness().onLink(true, nowNs);
            }
        }
    }

    public Collection<ManagedTunnel> tunnels() {
        return Collections.unmodifiableCollection(tunnels.values());
    }

    /** Sends an end-to-end PROBE to {@code siteId} through the PoP at the tunnel's far end. */
    public void probePath(ManagedTunnel viaPop, long siteId) {
        commands.sendProbe(viaPop.tunnel(), Probe.of(owner.probeFlags(), 0, siteId));
    }

    /** Lets time pass: probes, attempts, rekeys; at {@link #deadlineNs}, and else at times. */
    public void poll(long now) {
        nowNs = now;
        for (ManagedTunnel managed : tunnels.values()) {
            managed.noteTraffic(now);
            if (managed.session != null && managed.liveness().poll(now)) {
                probe(managed);
            }
            endRetired(managed);
            if (managed.isClient() || managed.isRejoining) {
                pollAttempt(managed);
            }
            managed.isRejoining &= !managed.isAlive();
            hasChanged |= managed.noteChange();
        }
    }

    /** Whether a tunnel came, went, or changed what it can carry since this was asked last. */
    public boolean takeChange() {
        boolean taken = hasChanged;
        hasChanged = false;
        return taken;
    }

    /** When a tunnel must be probed, or judged by its silence; at most {@code laterNs}. */
    public long deadlineNs(long laterNs) {
        long earliestNs = laterNs;
        for (ManagedTunnel managed : tunnels.values()) {
            long dueNs = managed.liveness().deadlineNs();
            if (managed.session != null && dueNs - earliestNs < 0) {
                earliestNs = dueNs;
            }
        }
        return earliestNs;
    }

    // ---- news from the data plane

    @Override
    public void onAuthenticated(int tunnel, int connectionId) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed == null) {
            return;
        }
        if (managed.candidate != null && managed.candidate.connectionId() == connectionId) {
            promote(managed, managed.candidate);
        }
        if (managed.attempt != null && managed.attempt.connectionId == connectionId) {
            handshakes.end(managed.attempt);
            managed.attempt = null;
        }
    }

    @Override
    public void onProbe(int tunnel, int flags, int originLink, long originSite) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed != null && managed.tunnel().siteId() == originSite) {
            managed.onHeard(originLink, nowNs);
            owner.onFlags(managed, flags);
        }
    }

    @Override
    public void onProbeReply(
            int tunnel, int flags, int sequence, long originSite, long sentNs, long receivedNs) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed == null) {
            return;
        }
        if (managed.tunnel().siteId() != originSite) {
            owner.onPathReply(originSite, sentNs);
            return;
        }
        managed.liveness().onReply(Integer.toUnsignedLong(sequence), receivedNs);
        owner.onFlags(managed, flags);
    }

    @Override
    public void onProof(int tunnel, int sequence, int length, long sentNs, long receivedNs) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed != null) {
            owner.onProof(managed, sequence, length, sentNs, receivedNs);
        }
    }

    @Override
    public void onClose(int tunnel) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed != null && managed.session != null) {
            LOG.info("tunnel to {}: closed by the peer", managed.tunnel().remote());
            managed.liveness().onLink(false, nowNs);
            managed.liveness().onLink(true, nowNs);
        }
    }

    @Override
    public void onMoved(int tunnel, InetSocketAddress remote) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed != null) {
            managed.tunnel().remote(remote);
            managed.liveness().probeNow(nowNs);
            owner.onMoved(managed);
        }
    }

    @Override
    public void onHandshake(int link, InetSocketAddress remote, int connectionId, byte[] datagram) {
        handshakes.onDatagram(link, remote, connectionId, datagram);
    }

    @Override
    public void onStun(int link, InetSocketAddress remote, byte[] datagram) {
        owner.onStun(link, remote, datagram);
    }

    // ---- probes and attempts

    private void probe(ManagedTunnel managed) {
        int sequence = (int) managed.liveness().onProbeSent(nowNs, false);
        commands.sendProbe(managed.tunnel(), Probe.of(owner.probeFlags(), sequence, 0));
    }

    private void pollAttempt(ManagedTunnel managed) {
        boolean isUnderWay = managed.isOurAttemptUnderWay();
        if (isUnderWay && managed.isAlive() && !managed.isRekeyDue(nowNs)) {
            giveUp(managed);
        } else if (isUnderWay && nowNs - managed.attemptDeadlineNs >= 0) {
            giveUp(managed);
            failed(managed, "TIMEOUT: no answer");
        } else if (!isUnderWay && isAttemptDue(managed)) {
            managed.attempt =
                    handshakes.connect(managed.tunnel().link(), managed.tunnel().remote());
            managed.attemptDeadlineNs = nowNs + ATTEMPT_MAX_NS;
        }
    }

    private boolean isAttemptDue(ManagedTunnel managed) {
        boolean isWanted = !managed.isAlive() || managed.isRekeyDue(nowNs);
        boolean isFresh = managed.session != null && managed.isAwaitingFirstAnswer();
        return isWanted && !isFresh && nowNs - managed.retryNs >= 0;
    }

    private void giveUp(ManagedTunnel managed) {
        HandshakeDriver.Attempt attempt = managed.attempt;
        managed.attempt = null;
        handshakes.end(attempt);
        connectionIds.release(attempt.connectionId);
    }

    private void failed(ManagedTunnel managed, String reason) {
        if (!reason.equals(managed.lastFailure)) {
            LOG.info(
                    "tunnel to {} over link {}: handshake failed: {}",
                    managed.tunnel().remote(),
                    managed.tunnel().link(),
                    reason);
        }
        managed.lastFailure = reason;
        long longest = managed.tunnel().isToPop() ? RETRY_POP_MAX_NS : RETRY_MAX_NS;
        long wait = Math.min(longest, RETRY_FIRST_NS << Math.min(managed.failures++, 5));
        managed.retryNs = nowNs + wait;
    }

    /** The session in use from now on; the one before goes on opening what is under way. */
    private void promote(ManagedTunnel managed, ManagedTunnel.Lease lease) {
        boolean wasAlive = managed.isAlive();
        if (managed.session != null) {
            retire(
                    managed,
                    new ManagedTunnel.Lease(
                            managed.session, managed.connectionId, nowNs + RETIRED_NS));
        }
        managed.candidate = null;
        managed.session = lease.session();
        managed.connectionId = lease.connectionId();
        managed.rekeyNs = nowNs + limits.afterNs();
        managed.rekeyBytes = managed.bytes() + limits.bytes();
        if (!wasAlive) {
            managed.liveness().restart(nowNs);
        }
        managed.liveness().probeNow(nowNs);
    }

    private static void retire(ManagedTunnel managed, ManagedTunnel.Lease lease) {
        if (lease != null) {
            managed.retired.add(lease);
        }
    }

    private void endRetired(ManagedTunnel managed) {
        if (managed.candidate != null && nowNs - managed.candidate.endNs() >= 0) {
            retire(managed, managed.candidate);
            managed.candidate = null;
        }
        while (!managed.retired.isEmpty() && nowNs - managed.retired.peek().endNs() >= 0) {
            end(managed.retired.poll());
        }
    }

    private void end(ManagedTunnel.Lease lease) {
        commands.removeSession(lease.session());
        connectionIds.release(lease.connectionId());
    }

    /** Handshakes come home here. */
    private final class Outcomes implements HandshakeDriver.Outcome {
        @Override
        public boolean givesWay(HandshakeDriver.Attempt own) {
            ManagedTunnel managed = awaiting(own);
            boolean isFirm = managed != null && managed.isClient();
            return !isFirm || nowNs - (managed.attemptDeadlineNs - ATTEMPT_MAX_NS) >= FIRM_NS;
        }

        @Override
        public void onComplete(HandshakeDriver.Attempt attempt, HandshakeResult result) {
            ManagedTunnel managed =
                    attempt.isClient
                            ? awaiting(attempt)
                            : owner.tunnelFor(attempt.link, attempt.remote, result.peer());
            if (managed == null && attempt.isClient) {
                result.keys().close(); // given up a moment before
            } else if (managed == null || !owner.isExpected(managed, result.peer())) {
                LOG.info(
                        "{} is {}, which is not expected there",
                        attempt.remote,
                        result.peer().name());
                refuse(attempt, result, "IDENTITY: another peer answered");
            } else if (!leadsTo(managed.tunnel(), result.localConnectionId())) {
                LOG.warn(
                        "{}: without connection IDs, which dedicated WAN threads need",
                        attempt.remote);
                refuse(attempt, result, "CONNECTION_ID: the peer does not use ours");
            } else {
                establish(managed, attempt, result);
            }
        }

        @Override
        public void onFailed(HandshakeDriver.Attempt attempt, String reason) {
            handshakes.end(attempt);
            ManagedTunnel managed = awaiting(attempt);
            if (managed != null) {
                managed.attempt = null;
                connectionIds.release(attempt.connectionId);
                failed(managed, reason);
            } else if (!attempt.isClient) {
                connectionIds.release(attempt.connectionId);
                owner.onRefused(attempt.link, attempt.remote, reason);
                LOG.info("handshake of {} refused: {}", attempt.remote, reason);
            }
        }

        /** The tunnel that still waits for this attempt; null when it was given up. */
        private ManagedTunnel awaiting(HandshakeDriver.Attempt attempt) {
            for (ManagedTunnel managed : tunnels.values()) {
                if (managed.attempt == attempt) {
                    return managed;
                }
            }
            return null;
        }

        /** What carries no connection ID of ours comes in where handshakes do. */
        private boolean leadsTo(Tunnel tunnel, byte[] localConnectionId) {
            return localConnectionId.length > 0 || tunnel.wanThread() == 0;
        }

        private void refuse(
                HandshakeDriver.Attempt attempt, HandshakeResult result, String reason) {
            result.keys().close();
            handshakes.end(attempt);
            ManagedTunnel managed = awaiting(attempt);
            if (managed != null) {
                managed.attempt = null;
                failed(managed, reason);
            }
            connectionIds.release(attempt.connectionId);
        }

        private void establish(
                ManagedTunnel managed, HandshakeDriver.Attempt attempt, HandshakeResult result) {
            Session session =
                    Session.of(
                            result.keys(),
                            result.localConnectionId(),
                            result.remoteConnectionId(),
                            result.sentLastFlight(),
                            ciphers);
            if (managed.attempt != attempt && managed.isOurAttemptUnderWay()) {
                giveUp(managed);
            }
            managed.attempt = attempt;
            managed.peer = result.peer();
            managed.failures = 0;
            managed.lastFailure = "";
            long untilNs = nowNs + RETIRED_NS;
            var lease = new ManagedTunnel.Lease(session, attempt.connectionId, untilNs);
            commands.installSession(managed.tunnel(), session);
            if (managed.session == null || session.maySeal()) {
                promote(managed, lease);
            } else {
                retire(managed, managed.candidate);
                managed.candidate = lease;
            }
            owner.onEstablished(managed);
        }
    }
}
