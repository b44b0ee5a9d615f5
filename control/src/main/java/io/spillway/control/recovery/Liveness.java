package io.spillway.control.recovery;

import java.util.Collection;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Whether one tunnel's far end answers, and when to ask next. Owned by control; one per tunnel with
 * a session.
 *
 * <pre>
 *   UNKNOWN --reply--> UP --2 intervals silent, or an error--> SUSPECT --reply--> UP
 *      |                |                                        |
 *      +----------------+-------- silent too long, link down ----+--> DOWN --reply--> UP
 * </pre>
 *
 * <p>Only authenticated replies to our own probes count, each once. Two paces:
 *
 * <ul>
 *   <li><b>Watched</b>, a PoP tunnel in use, or a peer tunnel in use while the cloud is lost: a
 *       probe every interval I, to a PoP up to a tenth of it earlier until it keeps time with those
 *       by other links ({@link ProbeBeat}), every 20 ms while SUSPECT. DOWN when no reply came for
 *       W = max(3·I, 2·I + SRTT + 4·RTTVAR), counted from reception to reception.
 *   <li><b>Idle</b>, all other tunnels: a keep-alive every 15 s ± 1 s (R029, D10); DOWN after three
 *       in a row without an answer.
 * </ul>
 *
 * <p><b>What the rule guarantees.</b> A watched path that delivers at least one reply in every
 * stretch of W is never DOWN, however slow, jittery or lossy. At an RTT under 20 ms and I = 100 ms,
 * W is 300 ms and at least five probes of it can still be answered, so a burst that eats four
 * consecutive round trips never fires; at 600 ms, W is at least 800 ms and holds seven. A dead path
 * is DOWN W plus one timer grain after its last reply. An ICMP or socket error never shortens W, so
 * forged ones decide nothing. Our own stalls do not count as the path's silence: a {@link #poll}
 * that comes more than {@value #STALL_MS} ms late adds its lateness to W.
 */
public final class Liveness {
    /** See the class. */
    public enum State {
        UNKNOWN,
        UP,
        SUSPECT,
        DOWN
    }

    // R029, D10, DESIGN §5
    public static final int KEEP_ALIVES_UNANSWERED_MAX = 3;
    public static final long WATCH_INTERVAL_NS = 100_000_000L;
    public static final long BURST_INTERVAL_NS = 20_000_000L;

    // Ours
    static final long FIRST_ANSWER_NS = 1_000_000_000L; // between idle probes before any answer
    static final long REPROBE_NS = 1_000_000_000L; // of a watched tunnel that is DOWN
    static final int STALL_MS = 50;

    private static final long NEVER_NS = Long.MAX_VALUE / 4;
    private static final long STALL_NS = STALL_MS * 1_000_000L;

    private final ProbeBeat beat;
    private final ProbeHistory probes = new ProbeHistory();
    private final RoundTrip roundTrip = new RoundTrip();
    private State state = State.UNKNOWN;
    private boolean isLinkUp = true;
    private boolean isQuestioned;
    private long intervalNs; // 0 = idle
    private long nextProbeNs;
    private long lastProbeNs;
    private long silentSinceNs;
    private long believeSinceNs; // replies to older probes prove nothing
    private long lastReplyNs;
    private boolean hasReply;
    private int unansweredCount;
    private long downCount;
    private long lostNs;
    private Runnable deadlineMoved = () -> {};

    /**
     * Begins idle, with a probe due at once.
     *
     * @param beat of all tunnels to the same peer
     */
    public Liveness(ProbeBeat beat, long nowNs) {
        this.beat = beat;
        restart(nowNs);
    }

    /** {@code told}: {@link #deadlineNs} is another one by something else than {@link #poll}. */
    public void onDeadlineMoved(Runnable told) {
        deadlineMoved = told;
    }

    public static boolean anyAlive(Collection<Liveness> tunnels) {
        return tunnels.stream().anyMatch(Liveness::isAlive);
    }

    /** The tunnel has a new association after it was down; not for a rekey of a living one. */
    public void restart(long nowNs) {
        state = isLinkUp ? State.UNKNOWN : State.DOWN;
        roundTrip.forget();
        silentSinceNs = nowNs;
        believeSinceNs = nowNs;
        unansweredCount = 0;
        lastProbeNs = nowNs - BURST_INTERVAL_NS;
        nextProbeNs = nowNs;
        deadlineMoved.run();
    }

    /** Watches at this interval from now on; a no-op if it does already. */
    public void watch(long newIntervalNs, long nowNs) {
        if (newIntervalNs <= 0) {
            throw new IllegalArgumentException("interval " + newIntervalNs + " ns");
        }
        if (newIntervalNs == intervalNs) {
            return;
        }
        // Silence under the slower pace says nothing about the faster one.
        if (intervalNs == 0 || newIntervalNs < intervalNs) {
            silentSinceNs = nowNs;
        }
        intervalNs = newIntervalNs;
        probeNow(nowNs);
    }

    /**
     * Whether its probes only ask if it lives, for a moment: then those that are lost are no loss.
     * An idle tunnel, which is measured by keep-alives, would bear the mark of a short outage for
     * an hour.
     */
    public void question(boolean isOnlyThat) {
        isQuestioned = isOnlyThat;
    }

    /** Back to keep-alives; a no-op if it is there already. */
    public void idle(long nowNs) {
        if (intervalNs == 0) {
            return;
        }
        intervalNs = 0;
        unansweredCount = 0;
        nextProbeNs = state == State.UP ? beat.keepAliveAfterNs(nowNs) : nowNs;
        deadlineMoved.run();
    }

    /** The next poll asks for a probe, at most one in 20 ms. */
    public void probeNow(long nowNs) {
        long earliestNs = lastProbeNs + BURST_INTERVAL_NS;
        nextProbeNs = earliestNs - nowNs > 0 ? earliestNs : nowNs;
        deadlineMoved.run();
    }

    /**
     * Lets time pass; to be called after the replies received so far were reported.
     *
     * @return true if a probe is to be sent now: then {@link #onProbeSent} follows
     */
    public boolean poll(long nowNs) {
        discountStall(nowNs);
        if (isLinkUp && isWatched()) {
            pollWatched(nowNs);
        } else if (isLinkUp) {
            pollIdle(nowNs);
        }
        return isLinkUp && nowNs - nextProbeNs >= 0;
    }

    /** When {@link #poll} has something to do next; poll within 10 ms of it. */
    public long deadlineNs() {
        if (!isLinkUp) {
            return lastProbeNs + NEVER_NS;
        }
        if (state == State.DOWN) {
            return nextProbeNs;
        }
        long changeNs = isWatched() ? watchedChangeNs() : idleChangeNs();
        return changeNs - nextProbeNs < 0 ? changeNs : nextProbeNs;
    }

    /**
     * A probe goes out, also one that nobody had asked for.
     *
     * @param isPadded it probes the MTU: its loss is no loss
     * @return the sequence number it carries, 32 bits
     */
    public long onProbeSent(long nowNs, boolean isPadded) {
        if (!isPadded) {
            lastProbeNs = nowNs;
            unansweredCount++;
            nextProbeNs = probeAfterNs(nowNs);
        }
        return probes.add(nowNs, isPadded, !isQuestioned);
    }

    /** An authenticated PROBE_REPLY from the peer itself. */
    public void onReply(long sequence, long receivedNs) {
        if (!probes.answer(sequence)) {
            return;
        }
        if (!isLinkUp || state == State.DOWN && !isBelieved(sequence)) {
            return;
        }
        lastReplyNs = receivedNs;
        hasReply = true;
        silentSinceNs = receivedNs;
        unansweredCount = 0;
        revive(receivedNs);
        deadlineMoved.run();
        if (isBelieved(sequence) && !probes.isPadded(sequence)) {
            roundTrip.sample(receivedNs - probes.sentNs(sequence));
        }
    }

    /** An ICMP or socket error, which anyone can forge: ask again at once, decide nothing. */
    public void onError(long nowNs) {
        if (state == State.UP) {
            state = State.SUSPECT;
            probeNow(nowNs);
        }
    }

    /** The local link went down, which is certain; or came up: ask. */
    public void onLink(boolean isUp, long nowNs) {
        if (isUp == isLinkUp) {
            return;
        }
        isLinkUp = isUp;
        if (isUp) {
            probeNow(nowNs);
        } else {
            goDown(nowNs);
        }
    }

    public State state() {
        return state;
    }

    /** UP or SUSPECT: traffic may use it. */
    public boolean isAlive() {
        return state == State.UP || state == State.SUSPECT;
    }

    public boolean isWatched() {
        return intervalNs > 0;
    }

    /** Silence beyond which a watched tunnel is DOWN. */
    public long lostAfterNs() {
        return Math.max(3 * intervalNs, 2 * intervalNs + roundTrip.replyWaitNs());
    }

    /** SRTT; empty until it is known. */
    public OptionalLong roundTripNs() {
        return roundTrip.smoothedNs();
    }

    /** Nearly every reply that comes has come by then. */
    public long replyWaitNs() {
        return roundTrip.replyWaitNs();
    }

    public OptionalLong jitterNs() {
        return roundTrip.jitterNs();
    }

    /** 0 to 1 over the last probes since it came to life; empty until any was answered. */
    public OptionalDouble loss(long nowNs) {
        ProbeHistory.Loss loss = recentLoss(nowNs);
        return loss.ofCount() == 0 ? OptionalDouble.empty() : OptionalDouble.of(loss.share());
    }

    ProbeHistory.Loss recentLoss(long nowNs) {
        return probes.loss(believeSinceNs, nowNs, idleWaitNs());
    }

    /** How often it went DOWN. */
    long downCount() {
        return downCount;
    }

    /** When it went DOWN last; empty if it never did. */
    public OptionalLong lostNs() {
        return downCount > 0 ? OptionalLong.of(lostNs) : OptionalLong.empty();
    }

    /** When the last reply came; empty if none ever did. */
    public OptionalLong lastReplyNs() {
        return hasReply ? OptionalLong.of(lastReplyNs) : OptionalLong.empty();
    }

    private boolean isBelieved(long sequence) {
        return probes.sentNs(sequence) - believeSinceNs >= 0;
    }

    private void pollWatched(long nowNs) {
        long silenceNs = nowNs - silentSinceNs;
        if (state != State.DOWN && silenceNs >= lostAfterNs()) {
            goDown(nowNs);
        } else if (state == State.UP && silenceNs >= 2 * intervalNs) {
            state = State.SUSPECT;
            probeNow(nowNs);
        }
    }

    private void pollIdle(long nowNs) {
        if (state == State.DOWN || nowNs - lastProbeNs < idleWaitNs()) {
            return;
        }
        if (unansweredCount >= KEEP_ALIVES_UNANSWERED_MAX) {
            goDown(nowNs);
        } else if (unansweredCount == KEEP_ALIVES_UNANSWERED_MAX - 1 && state == State.UP) {
            state = State.SUSPECT;
        }
    }

    private long watchedChangeNs() {
        return silentSinceNs + (state == State.UP ? 2 * intervalNs : lostAfterNs());
    }

    private long idleChangeNs() {
        int noticedCount = KEEP_ALIVES_UNANSWERED_MAX - (state == State.UP ? 1 : 0);
        return unansweredCount >= noticedCount ? lastProbeNs + idleWaitNs() : nextProbeNs;
    }

    private void discountStall(long nowNs) {
        long latenessNs = nowNs - deadlineNs();
        if (latenessNs > STALL_NS) {
            long laterNs = silentSinceNs + latenessNs;
            silentSinceNs = laterNs - nowNs > 0 ? nowNs : laterNs;
        }
    }

    /** What was measured before the outage, or was held up by it, is no measure of the path. */
    private void revive(long nowNs) {
        if (state == State.DOWN) {
            roundTrip.forget();
            believeSinceNs = nowNs;
        }
        boolean wasUp = state == State.UP;
        state = State.UP;
        if (!wasUp) {
            nextProbeNs = probeAfterNs(lastProbeNs);
        }
    }

    private void goDown(long nowNs) {
        if (state != State.DOWN) {
            downCount++;
            lostNs = nowNs;
        }
        state = State.DOWN;
        believeSinceNs = nowNs;
        probeNow(nowNs);
    }

    /** When the next is due, after one at {@code sentNs}. */
    private long probeAfterNs(long sentNs) {
        if (!isWatched()) {
            return state == State.UNKNOWN
                    ? sentNs + FIRST_ANSWER_NS
                    : beat.keepAliveAfterNs(sentNs);
        }
        return switch (state) {
            case UNKNOWN, UP -> beat.watchedAfterNs(sentNs, intervalNs);
            case SUSPECT -> sentNs + BURST_INTERVAL_NS;
            case DOWN -> sentNs + Math.max(REPROBE_NS, intervalNs);
        };
    }

    private long idleWaitNs() {
        return Math.max(RoundTrip.INITIAL_WAIT_NS, roundTrip.replyWaitNs());
    }
}
