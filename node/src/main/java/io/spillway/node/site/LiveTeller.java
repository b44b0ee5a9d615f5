package io.spillway.node.site;

import com.google.protobuf.ByteString;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.route.OwnChanges;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.LiveStatement;
import io.spillway.control.wire.LiveStatements;
import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.SignedLiveStatement;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.Signer;
import io.spillway.routing.rib.LiveChange;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says to the sites whose routes are frozen here, and so ours there, what has changed of our routes
 * since (L13): one signed statement, the same to all of them, which takes the place of the one
 * before.
 *
 * <pre>
 *   change --> statement, signed, in pieces --> each peer: at once, after 0.2 s, 0.4 s ... 15 s
 *   tunnel to a peer comes up                          --> it again, from the beginning
 * </pre>
 *
 * <p>Nothing is acknowledged: a piece that is lost comes again, and a peer that has the statement
 * does not look at it. A site that was started while frozen does not know what it has said; its
 * routers are given {@value #RESTART_S} s to tell it what there is.
 *
 * <p>Owned by control.
 */
final class LiveTeller {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTeller.class);

    /** Between two statements, and for each peer more: all of them verify each. */
    private static final long INTERVAL_NS = 100_000_000L;

    private static final long INTERVAL_PEER_NS = 1_000_000L;
    private static final long RESTART_S = 10;
    private static final long RESTART_NS = RESTART_S * 1_000_000_000L;
    private static final long AGAIN_FIRST_NS = 200_000_000L;
    private static final long AGAIN_MAX_NS = 15_000_000_000L; // as a keep-alive
    private static final int AGAIN_DOUBLED_MAX = 7;

    /** Looked at so often, and so soon after a turn that did not reach everybody. */
    private static final long GRAIN_NS = 100_000_000L;

    private static final long TURN_NS = 10_000_000L;

    /** In the cloud ourselves, a frozen site that no tunnel has reached for so long is given up. */
    private static final long DARK_MAX_NS = 600_000_000_000L;

    private static final int PIECES_PER_TURN_MAX = 64;

    /** How often a peer was told the statement, and when it is told again. */
    private static final class Told {
        private int count;
        private long nextNs;

        private Told(long nowNs) {
            nextNs = nowNs;
        }
    }

    private final boolean isOn;
    private final PeerDirectory directory;
    private final Rib rib;
    private final RecoveryMachine machine;
    private final SiteTunnels tunnels;
    private final Neighbours neighbours;
    private final Credentials credentials;
    private final EpochClock wallClock;
    private final OwnChanges changes;
    private final Map<Long, Told> told = new HashMap<>();
    private List<Frame> pieces = List.of();
    private LiveChange stated = new LiveChange(0, PrefixSet.EMPTY, PrefixSet.EMPTY);
    private int leftOut;
    private boolean isRestarted;
    private boolean isStateDue = true;
    private long stateNs;
    private long pollNs;
    private long darkNs; // nobody is to be told any more from then on

    /**
     * @param isOn off: nothing is told
     * @param own our prefixes at the start
     * @param isRestarted others may have statements of ours
     */
    LiveTeller(
            boolean isOn,
            PeerDirectory directory,
            Rib rib,
            RecoveryMachine machine,
            SiteTunnels tunnels,
            Neighbours neighbours,
            SiteControl.Surroundings around,
            PrefixSet own,
            boolean isRestarted,
            long nowNs) {
        this.isOn = isOn;
        this.directory = directory;
        this.rib = rib;
        this.machine = machine;
        this.tunnels = tunnels;
        this.neighbours = neighbours;
        credentials = around.credentials();
        wallClock = around.wallClock();
        changes = new OwnChanges(own, nowNs);
        this.isRestarted = isRestarted;
        stateNs = isRestarted ? nowNs + RESTART_NS : nowNs;
        pollNs = nowNs;
        darkNs = nowNs;
    }

    boolean isOn() {
        return isOn;
    }

    /** What is told now; its generation is 0 before the first statement. */
    LiveChange stated() {
        return stated;
    }

    /** Prefixes that the statement has no room for. */
    int leftOut() {
        return leftOut;
    }

    /** These are our prefixes now. */
    void advertise(PrefixSet prefixes, long nowNs) {
        if (isOn) {
            changes.update(prefixes);
            isStateDue = true;
            pollNs = nowNs;
        }
    }

    /** A tunnel to that site came up: it may have been started a moment ago. */
    void onEstablished(long siteId, long nowNs) {
        if (told.remove(siteId) != null) {
            pollNs = nowNs;
        }
    }

    void poll(long nowNs) {
        if (!isOn || nowNs - pollNs < 0) {
            return;
        }
        pollNs = nowNs + GRAIN_NS;
        if (!isAnyoneToTell(nowNs)) {
            changes.onThawed(nowNs);
            forget();
            return;
        }
        if (isStateDue && nowNs - stateNs >= 0) {
            state(nowNs);
        }
        if (!pieces.isEmpty()) {
            tell(nowNs);
        }
    }

    private boolean isAnyoneToTell(long nowNs) {
        if (!rib.isAnyFrozen()) {
            return false;
        }
        boolean isAnyReached =
                directory.peers().stream()
                        .map(Peer::siteId)
                        .anyMatch(id -> rib.isFrozen(id) && tunnels.wayOfWords(id) != null);
        if (isAnyReached || machine.state().isOffCloud()) {
            darkNs = nowNs + DARK_MAX_NS;
        }
        return nowNs - darkNs < 0;
    }

    private void forget() {
        pieces = List.of();
        told.clear();
        isRestarted = false;
        isStateDue = true;
    }

    /** When {@link #poll} has something to do, at the latest {@code otherNs}. */
    long earlier(long otherNs) {
        boolean isSooner = !pieces.isEmpty() && pollNs - otherNs < 0;
        return isSooner ? pollNs : otherNs;
    }

    private void state(long nowNs) {
        isStateDue = false;
        stateNs = nowNs + INTERVAL_NS + directory.peers().size() * INTERVAL_PEER_NS;
        LiveChange change = change();
        boolean isNothing = change.withdrawn().size() + change.announced().size() == 0;
        Signer signer = credentials.signer();
        if (signer == null || isNothing && pieces.isEmpty() && !isRestarted) {
            return;
        }
        stated = change;
        pieces = LiveStatements.pieces(change.generation(), signed(change, signer));
        told.clear();
        LOG.info(
                "live routes: {} announced, {} withdrawn since the freeze",
                change.announced().size(),
                change.withdrawn().size());
    }

    /** What a statement has room for. */
    private LiveChange change() {
        PrefixSet withdrawn = changes.withdrawn();
        PrefixSet announced = changes.announced();
        PrefixSet gone = withdrawn.first(LiveStatements.PREFIXES_MAX);
        PrefixSet come = announced.first(LiveStatements.PREFIXES_MAX - gone.size());
        noteLeftOut(withdrawn.size() - gone.size() + announced.size() - come.size());
        long generation = Math.max(stated.generation() + 1, wallClock.time());
        return new LiveChange(generation, gone, come);
    }

    private void noteLeftOut(int count) {
        if (count > 0 && leftOut == 0) {
            LOG.warn(
                    "live routes: {} changes more than the {} of a statement wait for the return",
                    count,
                    LiveStatements.PREFIXES_MAX);
        }
        leftOut = count;
    }

    private SignedLiveStatement signed(LiveChange change, Signer signer) {
        byte[] certificate = Certificates.encode(signer.certificate());
        ByteString statement =
                LiveStatement.newBuilder()
                        .setAccount(signer.account())
                        .setSiteId(directory.own().id())
                        .setGeneration(change.generation())
                        .setWithdrawn(Nlri.encode(change.withdrawn()))
                        .setAnnounced(Nlri.encode(change.announced()))
                        .setCertificate(ByteString.copyFrom(certificate))
                        .build()
                        .toByteString();
        byte[] signature = signer.sign(LiveStatements.signed(statement));
        return SignedLiveStatement.newBuilder()
                .setStatement(statement)
                .setSignature(ByteString.copyFrom(signature))
                .build();
    }

    private void tell(long nowNs) {
        int room = PIECES_PER_TURN_MAX;
        for (Peer peer : directory.peers()) {
            long siteId = peer.siteId();
            if (!rib.isFrozen(siteId)) {
                told.remove(siteId);
                continue;
            }
            Told of = told.computeIfAbsent(siteId, _ -> new Told(nowNs));
            if (room > 0 && nowNs - of.nextNs >= 0) {
                room -= tell(siteId, of, nowNs);
            }
            long nextNs = nowNs - of.nextNs >= 0 ? nowNs + TURN_NS : of.nextNs;
            pollNs = nextNs - pollNs < 0 ? nextNs : pollNs;
        }
    }

    /** Returns how many pieces went. */
    private int tell(long siteId, Told of, long nowNs) {
        InetSocketAddress way = tunnels.wayOfWords(siteId);
        if (way == null) {
            of.nextNs = nowNs + GRAIN_NS;
            return 0;
        }
        pieces.forEach(piece -> neighbours.send(way, piece));
        int doubled = Math.min(of.count++, AGAIN_DOUBLED_MAX);
        of.nextNs = nowNs + Math.min(AGAIN_MAX_NS, AGAIN_FIRST_NS << doubled);
        return pieces.size();
    }
}
