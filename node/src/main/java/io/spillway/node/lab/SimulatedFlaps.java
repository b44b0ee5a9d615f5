package io.spillway.node.lab;

import io.spillway.control.recovery.RecoveryAction;
import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.control.recovery.RecoveryEvent;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.Transport;
import java.util.List;

/**
 * A site's own decisions under a clock that runs as fast as it is turned: the cloud goes and comes
 * for hours, a perfect PoP answers at once, and it is timed when the peer is back in the cloud.
 */
final class SimulatedFlaps {
    private static final long PEER = 1002;
    private static final long TICK_NS = 100_000_000;
    private static final double TICKS_PER_S = 10;

    /** An hour: past any wait. */
    private static final long TICKS_MAX = 36_000;

    private final RecoveryMachine machine;
    private long nowNs;
    private long generation;

    SimulatedFlaps() {
        var peer = new RecoveryEvent.PeerFacts(PEER, true, true);
        machine = new RecoveryMachine(RecoveryConfig.DEFAULT, List.of(peer), nowNs);
        on(new RecoveryEvent.ChannelOpened());
        on(new RecoveryEvent.PeerReachable(PEER, true));
        on(new RecoveryEvent.CloudAlive());
        awaitCloud();
    }

    /** The cloud stays away for that long and comes back; seconds until the peer goes by it. */
    double flap(long awayS) {
        on(new RecoveryEvent.CloudLost());
        stay(awayS);
        on(new RecoveryEvent.CloudAlive());
        return awaitCloud();
    }

    /** The same, but somebody ends the wait after so many seconds. */
    double flapEndedByHand(long awayS, long afterS) {
        on(new RecoveryEvent.CloudLost());
        stay(awayS);
        on(new RecoveryEvent.CloudAlive());
        stay(afterS);
        on(new RecoveryEvent.ReturnNow());
        return afterS + awaitCloud();
    }

    /** Nothing happens for that long. */
    void stay(long seconds) {
        for (long ticks = 0; ticks < seconds * TICKS_PER_S; ticks++) {
            tick();
        }
    }

    private double awaitCloud() {
        long ticks = 0;
        while (machine.transportOf(PEER) != Transport.CLOUD && ticks < TICKS_MAX) {
            tick();
            ticks++;
        }
        return ticks / TICKS_PER_S;
    }

    private void tick() {
        nowNs += TICK_NS;
        on(new RecoveryEvent.Tick());
    }

    private void on(RecoveryEvent event) {
        for (RecoveryAction action : machine.on(event, nowNs)) {
            answer(action);
        }
    }

    /** As a PoP does that knows everything, over a way without length. */
    private void answer(RecoveryAction action) {
        switch (action) {
            case RecoveryAction.RequestState(long request) -> {
                var peer = new RecoveryEvent.PeerFacts(PEER, true, true);
                on(new RecoveryEvent.DirectoryReceived(List.of(peer)));
                on(new RecoveryEvent.RoutesReceived(PEER));
                on(new RecoveryEvent.StateEnded(++generation, request));
            }
            case RecoveryAction.CheckReturnPath(long siteId) ->
                    on(new RecoveryEvent.PathAnswered(siteId, nowNs));
            default -> {} // routes, probes and log lines are others' business
        }
    }
}
