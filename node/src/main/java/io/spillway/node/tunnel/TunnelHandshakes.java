package io.spillway.node.tunnel;

import io.spillway.crypto.Session;
import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.handshake.HandshakeResult;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshakes of tunnels: when one is begun, given up and tried again, and what becomes of its
 * result. Owned by control.
 */
final class TunnelHandshakes {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelHandshakes.class);

    /**
     * A handshake that got nowhere for so long is begun anew, so that a returning peer is found
     * soon. One that advances goes on, until {@link Handshake} itself has had enough: where
     * processors are short all take long, and to begin anew would only waste what was done.
     */
    private static final long ATTEMPT_MAX_NS = 3_000_000_000L;

    /** Where both begin at once, the initiator's handshake stands this long. */
    private static final long FIRM_NS = 1_000_000_000L;

    private static final long RETRY_FIRST_NS = 500_000_000L;
    private static final long RETRY_MAX_NS = 16_000_000_000L;
    private static final long RETRY_POP_MAX_NS = 1_000_000_000L;

    /** Whether a turn has come is looked up this often. */
    private static final long TURN_NS = 10_000_000L;

    private final ConnectionIds connectionIds;
    private final TunnelSessions sessions;
    private final RecordCiphers ciphers;
    private final TunnelKeeper.Owner owner;
    private final RandomGenerator random;
    private final Consumer<ManagedTunnel> onChange;
    private final HandshakeDriver driver;
    private final TurnQueue turns = new TurnQueue();
    private long nowNs;

    /**
     * @param random spreads the repetitions, so that a PoP that comes back is not stormed
     * @param onChange that tunnel is to be polled soon, or at another time than before
     */
    TunnelHandshakes(
            HandshakeFactory factory,
            HandshakeDriver.Surroundings around,
            TunnelSessions sessions,
            RecordCiphers ciphers,
            TunnelKeeper.Owner owner,
            RandomGenerator random,
            Consumer<ManagedTunnel> onChange,
            long nowNs) {
        connectionIds = around.connectionIds();
        this.sessions = sessions;
        this.ciphers = ciphers;
        this.owner = owner;
        this.random = random;
        this.onChange = onChange;
        this.nowNs = nowNs;
        driver = new HandshakeDriver(factory, around, new Outcomes());
    }

    /** The connection ID of the path's latest attempt, or {@link ConnectionIds#NONE}. */
    int connectionIdAt(int link, InetSocketAddress remote) {
        return driver.connectionIdAt(link, remote);
    }

    void onDatagram(int link, InetSocketAddress remote, int connectionId, byte[] datagram) {
        driver.onDatagram(link, remote, connectionId, datagram);
    }

    /** Begins what waits for its turn; to be called before the {@link #poll} of tunnels. */
    void time(long now) {
        nowNs = now;
        for (ManagedTunnel next = turns.poll(now); next != null; next = turns.poll(now)) {
            if (next.attempt == null && isAttemptDue(next)) {
                begin(next);
                turns.onBegun(next, now);
            }
            onChange.accept(next);
        }
    }

    /** When {@link #time} may have something to begin; at most {@code laterNs}. */
    long deadlineNs(long laterNs) {
        long soonNs = nowNs + TURN_NS;
        return !turns.isEmpty() && soonNs - laterNs < 0 ? soonNs : laterNs;
    }

    /** When {@link #poll} has something to do with that tunnel; at most {@code laterNs}. */
    long deadlineNs(ManagedTunnel managed, long laterNs) {
        long dueNs;
        if (managed.isOurAttemptUnderWay()) {
            dueNs = managed.attemptDeadlineNs;
        } else if (managed.isQueued || managed.session != null && managed.isAwaitingFirstAnswer()) {
            return laterNs;
        } else if (managed.isAlive() && managed.rekeyNs - managed.retryNs > 0) {
            dueNs = managed.rekeyNs;
        } else {
            dueNs = managed.retryNs;
        }
        return dueNs - laterNs < 0 ? dueNs : laterNs;
    }

    /** Begins, ends or repeats the handshake of a tunnel that is ours to open. */
    void poll(ManagedTunnel managed) {
        boolean isUnderWay = managed.isOurAttemptUnderWay();
        if (isUnderWay && managed.isAlive() && !managed.isRekeyDue(nowNs)) {
            giveUp(managed);
        } else if (isUnderWay && nowNs - managed.attemptDeadlineNs >= 0) {
            goOnOrGiveUp(managed);
        } else if (!isUnderWay && isAttemptDue(managed)) {
            boolean isOneOfMany = managed.session == null || managed.isKeyChangeAsked;
            if (managed.tunnel().isToPop() || !isOneOfMany) {
                begin(managed);
            } else {
                turns.add(managed);
            }
        }
    }

    private void begin(ManagedTunnel managed) {
        managed.attempt = driver.connect(managed.tunnel().link(), managed.tunnel().remote());
        managed.calledNs = nowNs;
        managed.attemptDeadlineNs = nowNs + ATTEMPT_MAX_NS;
        if (managed.attempt == null) {
            failed(managed, "CONNECTION_ID: none is free");
        } else {
            managed.attempt.tunnel = managed;
        }
    }

    /**
     * Begins one at once, whatever the retries wait for. One that is under way goes on: over a long
     * way it takes longer than the search that found the way again.
     */
    void callNow(ManagedTunnel managed) {
        managed.failures = 0;
        managed.retryNs = nowNs;
    }

    /** The peer has the keys of that connection ID: nothing of its handshake need be repeated. */
    void onAuthenticated(ManagedTunnel managed, int connectionId) {
        if (managed.attempt != null && managed.attempt.connectionId == connectionId) {
            driver.end(managed.attempt);
            managed.attempt = null;
        }
    }

    /** The tunnel ends. */
    void close(ManagedTunnel managed) {
        if (managed.attempt != null && managed.isAttemptComplete()) {
            driver.end(managed.attempt);
        } else if (managed.attempt != null) {
            giveUp(managed);
        }
        managed.attempt = null;
        managed.isClosed = true;
    }

    private boolean isAttemptDue(ManagedTunnel managed) {
        boolean isWanted = !managed.isAlive() || managed.isRekeyDue(nowNs);
        boolean isFresh = managed.session != null && managed.isAwaitingFirstAnswer();
        return isWanted && !isFresh && !managed.isClosed && nowNs - managed.retryNs >= 0;
    }

    private void goOnOrGiveUp(ManagedTunnel managed) {
        if (managed.attempt.hasAdvanced) {
            managed.attempt.hasAdvanced = false;
            managed.attemptDeadlineNs = nowNs + ATTEMPT_MAX_NS;
        } else {
            giveUp(managed);
            failed(managed, "TIMEOUT: no answer");
        }
    }

    private void giveUp(ManagedTunnel managed) {
        HandshakeDriver.Attempt attempt = managed.attempt;
        managed.attempt = null;
        driver.end(attempt);
        connectionIds.release(attempt.connectionId);
    }

    private String way(Tunnel tunnel) {
        return owner.describeWay(tunnel.link(), tunnel.remote());
    }

    private String way(HandshakeDriver.Attempt attempt) {
        return owner.describeWay(attempt.link, attempt.remote);
    }

    private void failed(ManagedTunnel managed, String reason) {
        if (!reason.equals(managed.lastFailure)) {
            LOG.info("tunnel {}: handshake failed: {}", way(managed.tunnel()), reason);
        }
        managed.lastFailure = reason;
        long longest = managed.tunnel().isToPop() ? RETRY_POP_MAX_NS : RETRY_MAX_NS;
        long wait = Math.min(longest, RETRY_FIRST_NS << Math.min(managed.failures++, 5));
        managed.retryNs = nowNs + wait - random.nextLong(wait / 4 + 1);
        onChange.accept(managed);
    }

    /** Handshakes come home here. */
    private final class Outcomes implements HandshakeDriver.Outcome {
        @Override
        public boolean givesWay(HandshakeDriver.Attempt own) {
            ManagedTunnel managed = awaiting(own);
            boolean isFirm = managed != null && managed.isClient();
            return !isFirm || nowNs - managed.calledNs >= FIRM_NS;
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
                        "the peer {} is {}, which is not expected there",
                        way(attempt),
                        result.peer().name());
                refuse(attempt, result, "IDENTITY: another peer answered");
            } else if (!leadsTo(managed.tunnel(), result.localConnectionId())) {
                LOG.warn(
                        "the peer {}: without connection IDs, which dedicated WAN threads need",
                        way(attempt));
                refuse(attempt, result, "CONNECTION_ID: the peer does not use ours");
            } else {
                establish(managed, attempt, result);
            }
        }

        @Override
        public void onFailed(HandshakeDriver.Attempt attempt, String reason) {
            driver.end(attempt);
            ManagedTunnel managed = awaiting(attempt);
            if (managed != null) {
                managed.attempt = null;
                connectionIds.release(attempt.connectionId);
                failed(managed, reason);
            } else if (!attempt.isClient) {
                connectionIds.release(attempt.connectionId);
                owner.onRefused(attempt.link, attempt.remote, reason);
                LOG.info("handshake of the peer {} refused: {}", way(attempt), reason);
            }
        }

        /** The tunnel that still waits for this attempt; null when it was given up. */
        private ManagedTunnel awaiting(HandshakeDriver.Attempt attempt) {
            ManagedTunnel managed = attempt.tunnel;
            return managed != null && managed.attempt == attempt ? managed : null;
        }

        /** What carries no connection ID of ours comes in where handshakes do. */
        private boolean leadsTo(Tunnel tunnel, byte[] localConnectionId) {
            return localConnectionId.length > 0 || tunnel.wanThread() == 0;
        }

        private void refuse(
                HandshakeDriver.Attempt attempt, HandshakeResult result, String reason) {
            result.keys().close();
            driver.end(attempt);
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
            managed.openedNs = attempt.isClient ? managed.calledNs : nowNs;
            managed.attempt = attempt;
            managed.peer = result.peer();
            managed.failures = 0;
            managed.lastFailure = "";
            sessions.install(managed, session, attempt.connectionId, nowNs);
            onChange.accept(managed);
            owner.onEstablished(managed);
        }
    }
}
