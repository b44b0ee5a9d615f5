package io.spillway.node.tunnel;

import io.spillway.control.mtu.PathMtu;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.recovery.ProbeBeat;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

        /** For people, as in "tunnel at ADDRESS:PORT over LINK": where it leads, and over what. */
        String describeWay(int link, InetSocketAddress remote);

        /** A datagram of STUN, from anybody. */
        void onStun(int link, InetSocketAddress remote, byte[] datagram);

        /** Flags of our PROBEs ({@link Probe}). */
        int probeFlags();
    }

    private static final Logger LOG = LoggerFactory.getLogger(TunnelKeeper.class);

    /** Enough for a watched tunnel to be judged at any round trip. */
    private static final long DOUBT_NS = 2_000_000_000L;

    /** Bounds one turn, and what it gives the data plane to send; the rest is next turn's. */
    private static final int POLLED_MAX = 1024;

    /** Of what carries packets is looked up this often how many there were. */
    private static final long BUSY_NS = 1_000_000_000L;

    /** A tunnel is looked at so often whatever happens. */
    private static final long IDLE_NS = 30_000_000_000L;

    /** What is due again at once waits so long. */
    private static final long GRAIN_NS = 1_000_000L;

    private final DataPlane dataPlane;
    private final DataPlaneCommands commands;
    private final long beatSeed;
    private final PathMtuProbing pathMtus;
    private final Owner owner;
    private final ConnectionIds connectionIds;
    private final TunnelSessions sessions;
    private final TunnelHandshakes handshakes;
    private final TunnelIndex tunnels = new TunnelIndex();
    private final DueQueue due = new DueQueue();
    private final Refreshing refreshing = new Refreshing();
    private int nextIndex;
    private int nextPath;
    private final Set<Long> changedSites = new HashSet<>();
    private final List<ManagedTunnel> died = new ArrayList<>();
    private boolean isAnyLost;
    private long nowNs;

    /**
     * @param control runs tasks on the control thread
     * @param raiseIntervalNs between attempts to send larger packets ({@link PathMtu})
     */
    public TunnelKeeper(
            DataPlane dataPlane,
            HandshakeFactory factory,
            RecordCiphers ciphers,
            Executor control,
            RandomGenerator random,
            RekeyLimits limits,
            long raiseIntervalNs,
            Owner owner,
            long nowNs) {
        this.dataPlane = dataPlane;
        this.commands = dataPlane.commands();
        beatSeed = random.nextLong();
        pathMtus = new PathMtuProbing(dataPlane, raiseIntervalNs);
        this.owner = owner;
        this.nowNs = nowNs;
        connectionIds = new ConnectionIds(dataPlane.threading(), random);
        var around =
                new HandshakeDriver.Surroundings(
                        connectionIds, this::wanThreadOf, commands::sendDatagram, control);
        sessions = new TunnelSessions(commands, connectionIds, limits);
        handshakes =
                new TunnelHandshakes(
                        factory, around, sessions, ciphers, owner, random, this::due, nowNs);
    }

    /**
     * A new tunnel. As client it is opened from the next {@link #poll} on, else when the peer
     * comes.
     *
     * @param linkMtu largest IP packet the link takes, bytes
     */
    public ManagedTunnel open(
            int link, long siteId, InetSocketAddress remote, int linkMtu, boolean isClient) {
        int wanThread = wanThreadOf(link, remote);
        Tunnel tunnel = dataPlane.newTunnel(nextIndex++, link, wanThread, siteId, remote, linkMtu);
        ProbeBeat beat = new ProbeBeat(beatSeed, siteId, siteId == Tunnel.POP);
        Liveness liveness = new Liveness(beat, nowNs);
        PathMtu pathMtu = pathMtus.open(link == relayLink(), remote, linkMtu, nowNs);
        ManagedTunnel managed = new ManagedTunnel(tunnel, liveness, pathMtu, isClient, nowNs);
        liveness.onDeadlineMoved(() -> due(managed));
        tunnels.add(managed);
        due(managed);
        changedSites.add(siteId);
        return managed;
    }

    /**
     * We have forgotten the tunnel's session, which the peer may not know yet: until it lives we
     * open handshakes too, though they are the peer's to open.
     */
    public void rejoin(ManagedTunnel managed) {
        managed.isRejoining = true;
        due(managed);
    }

    /** The link of tunnels that other sites relay. */
    public int relayLink() {
        return dataPlane.relayLink();
    }

    /** Calls at once, whatever the tunnel's retries wait for. */
    public void callNow(ManagedTunnel managed) {
        handshakes.callNow(managed);
        due(managed);
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
        List<ManagedTunnel> there = tunnels.at(link, remote);
        if (!there.isEmpty()) {
            return there.getFirst().tunnel().wanThread();
        }
        int connectionId = handshakes.connectionIdAt(link, remote);
        return connectionId == ConnectionIds.NONE
                ? dataPlane.threading().wanThreadOf(nextPath++)
                : connectionIds.threadOf(connectionId);
    }

    /** Ends it; the peer is told. */
    public void close(ManagedTunnel managed) {
        tunnels.remove(managed);
        due.remove(managed);
        changedSites.add(managed.tunnel().siteId());
        isAnyLost |= managed.isAlive();
        handshakes.close(managed);
        sessions.close(managed);
    }

    /** We end: every peer is told, so that it need not find out by silence. */
    public void sayGoodbye() {
        for (ManagedTunnel managed : tunnels.all()) {
            if (managed.session != null) {
                commands.sendClose(managed.tunnel());
            }
        }
    }

    /**
     * Somebody says that a datagram to there did not arrive: only a suspicion, anyone can forge it.
     */
    public void onUnreachable(int link, InetSocketAddress remote) {
        tunnels.at(link, remote).forEach(managed -> managed.liveness().onError(nowNs));
    }

    /**
     * Somebody says that a datagram to there was too long: only a suspicion, anyone can forge it.
     *
     * @param claimed what is said to pass, bytes; 0: nothing is said
     */
    public void onTooBig(int link, InetSocketAddress remote, int claimed) {
        tunnels.at(link, remote).forEach(managed -> doubtSize(managed, claimed));
    }

    private void doubtSize(ManagedTunnel managed, int claimed) {
        managed.pathMtu().doubt(claimed);
        due(managed);
    }

    /** The link takes packets of that length from now on, bytes. */
    public void onLinkMtu(int link, int mtu) {
        for (ManagedTunnel managed : tunnels.all()) {
            if (managed.tunnel().link() == link) {
                limitSize(managed, mtu);
            }
        }
    }

    /** What the tunnel is inside of takes packets of that length from now on, bytes. */
    public void limitSize(ManagedTunnel managed, int mtu) {
        managed.pathMtu().limit(mtu, nowNs);
        due(managed);
    }

    /** It is watched for a moment: if it lives it stays, if it is dead that is found out. */
    public void doubt(ManagedTunnel managed) {
        managed.doubtEndNs = nowNs + DOUBT_NS;
        managed.liveness().probeNow(nowNs);
    }

    /** Ends every session of peers that may not speak any more. */
    public void expel(Predicate<PeerIdentity> isExpelled) {
        for (ManagedTunnel managed : tunnels.all()) {
            if (managed.peer != null && managed.session != null && isExpelled.test(managed.peer)) {
                LOG.warn("tunnel to {}: ended, its certificate is revoked", managed.peer.name());
                sessions.expel(managed, nowNs);
                due(managed);
            }
        }
    }

    /** Opens anew, make before break, what another authority's certificates opened. */
    public void refresh(Vintage vintage) {
        refreshing.poll(vintage, sessions.installedCount(), tunnels.all(), nowNs, this::due);
    }

    /** Begins a new session in each tunnel that has one, make before break, whoever opened it. */
    public void changeKeys() {
        for (ManagedTunnel managed : tunnels.all()) {
            if (managed.session != null) {
                managed.rekeyNs = nowNs;
                managed.isKeyChangeAsked = true;
                due(managed);
            }
        }
    }

    public Collection<ManagedTunnel> tunnels() {
        return tunnels.all();
    }

    /** Sends an end-to-end PROBE to {@code siteId} through the PoP at the tunnel's far end. */
    public void probePath(ManagedTunnel viaPop, long siteId) {
        commands.sendProbe(viaPop.tunnel(), Probe.of(owner.probeFlags(), 0, siteId));
    }

    /** Something about that tunnel is to be looked at in the next {@link #poll}. */
    private void due(ManagedTunnel managed) {
        if (!managed.isClosed) {
            due.set(managed, nowNs);
        }
    }

    /** Lets time pass: probes, attempts, rekeys, of the tunnels for which it is time. */
    public void poll(long now) {
        nowNs = now;
        handshakes.time(now);
        if (pathMtus.isRefused()) {
            tunnels.all().forEach(managed -> doubtSize(managed, 0));
        }
        for (int polled = 0; polled < POLLED_MAX; polled++) {
            ManagedTunnel next = due.first();
            if (next == null || next.dueNs - now > 0) {
                break;
            }
            poll(next);
            due.set(next, nextNs(next));
        }
    }

    private void poll(ManagedTunnel managed) {
        managed.isBusy = managed.noteTraffic(nowNs);
        if (managed.session != null) {
            pathMtus.poll(managed, owner.probeFlags(), nowNs);
        }
        if (managed.session != null && managed.liveness().poll(nowNs)) {
            probe(managed);
        }
        sessions.poll(managed, nowNs);
        if (isOursToOpen(managed)) {
            handshakes.poll(managed);
        }
        managed.isRejoining &= !managed.isAlive();
        managed.isKeyChangeAsked &= managed.isRekeyDue(nowNs);
        boolean wasAlive = managed.wasAlive();
        if (managed.noteChange()) {
            changedSites.add(managed.tunnel().siteId());
            if (wasAlive && !managed.isAlive()) {
                died.add(managed);
                isAnyLost = true;
            }
        }
    }

    /** Each tunnel of that link is asked now whether it lives. */
    public void doubtLink(int link) {
        for (ManagedTunnel managed : tunnels.all()) {
            if (managed.tunnel().link() == link) {
                doubt(managed);
            }
        }
    }

    /** When that tunnel is to be polled again, if nothing happens to it before. */
    private long nextNs(ManagedTunnel managed) {
        long nextNs = nowNs + (managed.isBusy ? BUSY_NS : IDLE_NS);
        nextNs = sessions.deadlineNs(managed, nextNs);
        if (managed.session != null) {
            long livenessNs = managed.liveness().deadlineNs();
            nextNs = livenessNs - nextNs < 0 ? livenessNs : nextNs;
            nextNs = pathMtus.deadlineNs(managed, nextNs, nowNs);
        }
        if (isOursToOpen(managed)) {
            nextNs = handshakes.deadlineNs(managed, nextNs);
        }
        long soonestNs = nowNs + GRAIN_NS;
        return nextNs - soonestNs < 0 ? soonestNs : nextNs;
    }

    private static boolean isOursToOpen(ManagedTunnel managed) {
        return managed.isClient() || managed.isRejoining || managed.isKeyChangeAsked;
    }

    /** What became of the tunnels since this was asked last. */
    public TunnelChanges takeChanges() {
        if (changedSites.isEmpty()) {
            return TunnelChanges.NONE;
        }
        TunnelChanges taken = new TunnelChanges(changedSites, died, isAnyLost);
        changedSites.clear();
        died.clear();
        isAnyLost = false;
        return taken;
    }

    /** When {@link #poll} has something to do next; at most {@code laterNs}. */
    public long deadlineNs(long laterNs) {
        long earliestNs = handshakes.deadlineNs(laterNs);
        ManagedTunnel next = due.first();
        return next != null && next.dueNs - earliestNs < 0 ? next.dueNs : earliestNs;
    }

    // ---- news from the data plane

    @Override
    public void onAuthenticated(int tunnel, int connectionId) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed == null) {
            return;
        }
        sessions.onAuthenticated(managed, connectionId, nowNs);
        handshakes.onAuthenticated(managed, connectionId);
        managed.pathMtu().onHeard();
        due(managed);
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
        if (managed.pathMtu().onReply(Integer.toUnsignedLong(sequence))) {
            due(managed);
        }
        if (managed.liveness().roundTripNs().isEmpty()) {
            managed.liveness().probeNow(nowNs); // what was answered was meant to measure the size
        }
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
            LOG.info(
                    "tunnel {}: closed by the peer",
                    owner.describeWay(managed.tunnel().link(), managed.tunnel().remote()));
            managed.onClosed(nowNs);
            managed.liveness().onLink(false, nowNs);
            managed.liveness().onLink(true, nowNs);
        }
    }

    @Override
    public void onMoved(int tunnel, InetSocketAddress remote) {
        ManagedTunnel managed = tunnels.get(tunnel);
        if (managed != null) {
            tunnels.move(managed, remote);
            managed.liveness().probeNow(nowNs);
            managed.pathMtu().restart(nowNs);
            due(managed);
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

    private void probe(ManagedTunnel managed) {
        int sequence = (int) managed.liveness().onProbeSent(nowNs, false);
        commands.sendProbe(managed.tunnel(), Probe.of(owner.probeFlags(), sequence, 0));
    }
}
