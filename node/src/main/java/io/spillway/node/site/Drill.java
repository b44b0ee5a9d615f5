package io.spillway.node.site;

import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.readiness.ProofBudget;
import io.spillway.dataplane.forward.Proof;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.fib.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A drill in its safe form: every tunnel in question is proven now, by a burst of full-size echoes
 * that nothing else rides on. Owned by control.
 *
 * <p>Paced: {@value #ECHOES} echoes a tunnel, a link's together at 2 Mbit/s at most.
 */
final class Drill {
    static final int ECHOES = 20;

    /** Marks sequence numbers as a drill's, apart from those of the regular proofs. */
    private static final int MARK = 1 << 31;

    private static final int NUMBER_SHIFT = 16;
    private static final int NUMBER_MASK = 0x7FFF;
    private static final int ECHO_MASK = 0xFFFF;

    /** Against the regular proofs' rate on a link. */
    private static final long PACE = 2_000_000 / ProofBudget.BITS_PER_SECOND;

    private static final long GAP_NS = 50_000_000L;
    private static final long WAIT_NS = 2_000_000_000L;

    /** What became of one tunnel's burst. */
    static final class Run {
        private final TunnelPlan.Key key;
        private final ManagedTunnel tunnel;
        private final List<IpAddress> targets;
        private final boolean[] isAnswered = new boolean[ECHOES];
        private int sent;
        private int answered;
        private int length;
        private long nextNs;
        private long minNs = Long.MAX_VALUE;
        private long maxNs;
        private long sumNs;

        private Run(TunnelPlan.Key key, ManagedTunnel tunnel, List<IpAddress> targets, long nowNs) {
            nextNs = nowNs;
            this.key = key;
            this.tunnel = tunnel;
            this.targets = targets;
        }

        TunnelPlan.Key key() {
            return key;
        }

        ManagedTunnel tunnel() {
            return tunnel;
        }

        int sent() {
            return sent;
        }

        int answered() {
            return answered;
        }

        /** Bytes of IP packet that came back. */
        int length() {
            return length;
        }

        /** Of those that came back, as the next two. */
        long minNs() {
            return minNs;
        }

        long maxNs() {
            return maxNs;
        }

        long meanNs() {
            return sumNs / answered;
        }

        private boolean isAllSent() {
            return sent == ECHOES || targets.isEmpty() || !tunnel.isAlive();
        }
    }

    private final SiteProofs.Sender sender;
    private final Consumer<Drill> onEnd;
    private final List<Run> runs = new ArrayList<>();
    private final Map<Integer, Run> runByTunnel = new HashMap<>();
    private final Map<Integer, Long> linkFreeNs = new HashMap<>();
    private final int mark;
    private final long beganNs;
    private long quietNs;
    private boolean isOver;

    /**
     * @param number tells its echoes from those of the drill before
     * @param onEnd called once, on control's thread
     */
    Drill(int number, SiteProofs.Sender sender, Consumer<Drill> onEnd, long nowNs) {
        mark = MARK | (number & NUMBER_MASK) << NUMBER_SHIFT;
        this.sender = sender;
        this.onEnd = onEnd;
        beganNs = nowNs;
        quietNs = nowNs;
    }

    /** Before it begins; {@code targets} may be empty. */
    void add(TunnelPlan.Key key, ManagedTunnel tunnel, List<IpAddress> targets) {
        Run run = new Run(key, tunnel, targets, beganNs);
        runs.add(run);
        runByTunnel.put(tunnel.tunnel().index(), run);
    }

    List<Run> runs() {
        return runs;
    }

    static boolean isOfDrill(int sequence) {
        return sequence < 0;
    }

    /** About ten times a second, or more often. */
    void poll(long nowNs) {
        if (isOver) {
            return;
        }
        boolean areAllSent = true;
        boolean areAllAnswered = true;
        for (Run run : runs) {
            send(run, nowNs);
            areAllSent &= run.isAllSent();
            areAllAnswered &= run.answered == run.sent;
        }
        if (areAllSent && (areAllAnswered || nowNs - quietNs >= WAIT_NS)) {
            isOver = true;
            onEnd.accept(this);
        }
    }

    /** As many as are due, since control looks at intervals. */
    private void send(Run run, long nowNs) {
        int link = run.key.localLink();
        long freeNs = linkFreeNs.getOrDefault(link, beganNs);
        while (!run.isAllSent() && nowNs - run.nextNs >= 0 && nowNs - freeNs >= 0) {
            int sequence = mark | run.sent;
            IpAddress destination = run.targets.get(run.sent % run.targets.size());
            sender.send(run.tunnel, new Proof(sequence, destination, true));
            run.sent++;
            run.nextNs += GAP_NS;
            freeNs = nowNs - freeNs > GAP_NS ? nowNs - GAP_NS : freeNs;
            freeNs += ProofBudget.costNs(run.tunnel.tunnel().mtu()) / PACE;
            quietNs = nowNs;
        }
        linkFreeNs.put(link, freeNs);
    }

    void onProof(int tunnel, int sequence, int replyLength, long roundTripNs) {
        Run run = runByTunnel.get(tunnel);
        int number = sequence & ECHO_MASK;
        boolean isOurs = (sequence & ~ECHO_MASK) == mark;
        if (run == null || !isOurs || number >= run.sent || run.isAnswered[number]) {
            return;
        }
        run.isAnswered[number] = true;
        run.answered++;
        run.length = replyLength;
        run.minNs = Math.min(run.minNs, roundTripNs);
        run.maxNs = Math.max(run.maxNs, roundTripNs);
        run.sumNs += roundTripNs;
    }
}
