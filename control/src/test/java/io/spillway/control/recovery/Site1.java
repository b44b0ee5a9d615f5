package io.spillway.control.recovery;

import io.spillway.control.recovery.RecoveryEvent.PeerFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A recovery machine with hand-moved time, and shorthand for what a PoP tells it. */
final class Site1 {
    static final long A = 2001;
    static final long B = 2002;
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;

    final RecoveryMachine machine;
    final List<RecoveryAction> all = new ArrayList<>();
    long nowNs = Long.MAX_VALUE - 10 * SECOND; // overflows under way
    private long generation;

    Site1(RecoveryConfig config, PeerFacts... saved) {
        machine = new RecoveryMachine(config, List.of(saved), nowNs);
    }

    Site1() {
        this(RecoveryConfig.DEFAULT);
    }

    static PeerFacts peer(long siteId) {
        return new PeerFacts(siteId, true, true);
    }

    /** Without the log lines. */
    List<RecoveryAction> on(RecoveryEvent event) {
        List<RecoveryAction> actions = new ArrayList<>(machine.on(event, nowNs));
        actions.removeIf(action -> action instanceof RecoveryAction.Log);
        all.addAll(actions);
        return actions;
    }

    List<RecoveryAction> after(long durationNs) {
        nowNs += durationNs;
        return on(new RecoveryEvent.Tick());
    }

    void directory(PeerFacts... peers) {
        on(new RecoveryEvent.DirectoryReceived(Arrays.asList(peers)));
    }

    void routes(long... sites) {
        for (long site : sites) {
            on(new RecoveryEvent.RoutesReceived(site));
        }
    }

    List<RecoveryAction> endState() {
        return on(new RecoveryEvent.StateEnded(++generation, machine.request()));
    }

    List<RecoveryAction> answerPath(long site) {
        return on(new RecoveryEvent.PathAnswered(site, nowNs));
    }

    void reachable(long... sites) {
        for (long site : sites) {
            on(new RecoveryEvent.PeerReachable(site, true));
        }
    }

    /** A site that was attached in peace: both peers by cloud, both tunnels alive. */
    Site1 attached() {
        on(new RecoveryEvent.CloudAlive());
        on(new RecoveryEvent.ChannelOpened());
        directory(peer(A), peer(B));
        routes(A, B);
        endState();
        answerPath(A);
        answerPath(B);
        reachable(A, B);
        all.clear();
        return this;
    }

    Site1 inRecovery() {
        attached();
        on(new RecoveryEvent.CloudLost());
        on(new RecoveryEvent.ChannelLost());
        return this;
    }

    /** The PoP is back and told everything; the proofs of the paths are missing. */
    void popReturns() {
        on(new RecoveryEvent.CloudAlive());
        on(new RecoveryEvent.ChannelOpened());
        directory(peer(A), peer(B));
        routes(A, B);
        endState();
    }

    Transport transport(long site) {
        return machine.transportOf(site);
    }
}
