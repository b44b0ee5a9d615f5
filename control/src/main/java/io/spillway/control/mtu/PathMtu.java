package io.spillway.control.mtu;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * How large a packet one tunnel's path carries, in our direction: path MTU discovery for datagrams
 * (RFC 8899). The far end finds out about its direction by itself. Owned by control; one per
 * tunnel.
 *
 * <p>Sizes are those of IP packets on the WAN, headers included. Probes go out in rounds, each with
 * a small one at its end: a size counts as too large only if something smaller of the same round
 * was answered. So a dead path, or one that loses a burst, never makes a size smaller; neither does
 * an ICMP message, which anyone can forge: it only asks for a round.
 *
 * <pre>
 *   step      sizes of a round              then
 *   CONFIRM   the one in force; at times    answered: it stands. Lost 3 times in a row: FALL,
 *             the next and the largest      at once while none was ever proven
 *   FALL      all of a table, at once       the largest answered is in force, CLIMB; none: the base
 *   CLIMB     4 between the largest that    to the byte, then CONFIRM
 *             passes and the next that
 *             does not
 * </pre>
 *
 * <p>A tunnel begins with the size that its link takes, and its first round asks for just that: a
 * clean path is proven by one probe, in the round trip in which the tunnel comes alive. The base
 * first would tell hosts a small MTU that they then keep for ten minutes (RFC 1191 §6.3); a path
 * that is too narrow is found out two waits for an answer later.
 *
 * <p>A size in use, {@value #CONFIRM_PACKETS} packets sent since it was confirmed, is confirmed
 * every second, so that a black hole is found without ICMP; one that is not, once in the raise
 * interval. Then larger ones are tried too, so that none stays too small for ever.
 */
public final class PathMtu {
    /** What is known of the size in force. */
    public enum State {
        /** It is the link's; nothing was answered yet. */
        LINK,
        /** A better one is sought. */
        SEARCHING,
        /** It passes, and nothing larger does. */
        PROVEN
    }

    private enum Step {
        CONFIRM,
        FALL,
        CLIMB
    }

    // RFC 8899 §5.1.1, §5.1.2; RFC 8200 §5
    public static final int BASE_IPV4 = 1200;
    public static final int BASE_IPV6 = 1280;
    public static final long RAISE_INTERVAL_NS = 600_000_000_000L;
    static final int PROBES_MAX = 3;

    // Ours
    static final long CONFIRM_INTERVAL_NS = 1_000_000_000L;
    static final int CONFIRM_PACKETS = 8;
    static final long ANSWER_WAIT_MIN_NS = 100_000_000L;
    private static final long RETRY_MAX_NS = 60_000_000_000L;
    private static final int RETRY_SHIFT_MAX = 10;
    private static final int CLIMB_SIZES = 4;

    /** Where paths end: RFC 1191 §7, PPPoE, tunnels of several kinds, jumbo frames. */
    private static final List<Integer> TABLE =
            List.of(
                    1280, 1340, 1400, 1420, 1440, 1460, 1480, 1492, 1500, 2002, 4352, 8166, 9000,
                    12_000);

    private final int base;
    private final long raiseIntervalNs;
    private int limit;
    private int size;
    private State state = State.LINK;
    private Step step = Step.CONFIRM;
    private ProbeRound round;

    /** The size in force was answered since the path was last another one. */
    private boolean isProven;

    /** What lies above the size in force was not looked at since then. */
    private boolean isFresh;

    /** Rounds in a row that said: too large. */
    private int failures;

    /** Rounds in a row without any answer. */
    private int silences;

    /** Of {@link Step#CLIMB}: nothing larger is sought. */
    private int ceiling;

    private boolean isHeard;
    private boolean isDoubted;
    private int hint;
    private long nextNs;
    private long raiseNs;
    private long confirmedNs;
    private long changedNs;
    private long answerWaitNs = ANSWER_WAIT_MIN_NS;
    private long packetsSent;
    private long packetsSeen;

    /**
     * @param base taken without proof where nothing larger passes
     * @param limit what the link takes
     * @param raiseIntervalNs how long an idle tunnel rests
     */
    public PathMtu(int base, int limit, long raiseIntervalNs, long nowNs) {
        this.base = base;
        this.raiseIntervalNs = raiseIntervalNs;
        this.limit = limit;
        size = limit;
        confirmedNs = nowNs;
        changedNs = nowNs;
        restart(nowNs);
    }

    /** The path may be another one: the size stays until that is found out, which begins now. */
    public void restart(long nowNs) {
        isProven = false;
        begin(nowNs);
        if (state != State.LINK) {
            state = State.SEARCHING;
        }
    }

    /** The far end is there for certain: what was asked before and not answered is asked again. */
    public void onHeard() {
        isHeard = true;
    }

    /** The link takes packets of another size from now on; a no-op if it does already. */
    public void limit(int newLimit, long nowNs) {
        if (newLimit == limit) {
            return;
        }
        limit = newLimit;
        if (state == State.LINK || size > limit) {
            use(limit, nowNs);
        }
        begin(nowNs);
    }

    /**
     * Somebody says that the size is too large: a reason to ask, once a second at most.
     *
     * @param claimed what is said to pass; 0: nothing is said
     */
    public void doubt(int claimed) {
        isDoubted = true;
        hint = claimed;
    }

    /**
     * Lets time pass, of a tunnel whose far end is not known to be gone; {@link #nextProbe} follows
     * until it is 0.
     *
     * @param replyWaitNs within which nearly every reply comes
     * @param packets that were ever sent over the tunnel, probes not counted
     */
    public void poll(long nowNs, long replyWaitNs, long packets) {
        packetsSent = packets;
        answerWaitNs = Math.max(replyWaitNs, ANSWER_WAIT_MIN_NS);
        if (isHeard && !isProven && isInVain()) {
            begin(nowNs);
        }
        isHeard = false;
        if (round != null && round.isSent()) {
            boolean isOver = nowNs - round.sentNs() - answerWaitNs >= 0;
            if (isOver || round.isAllAnswered()) {
                ProbeRound judged = round;
                round = null;
                judge(judged, nowNs);
            }
        }
        if (round == null && nowNs - dueNs() >= 0) {
            round = new ProbeRound(sizes(nowNs));
            isDoubted = false;
        }
    }

    /** Size of the probe to be sent now; 0: none. {@link #onProbeSent} follows. */
    public int nextProbe() {
        return round == null || round.isSent() ? 0 : round.next();
    }

    /**
     * @param sequence by which its reply is known
     */
    public void onProbeSent(long sequence, long nowNs) {
        round.onSent(sequence, nowNs);
    }

    /**
     * An authenticated reply from the peer itself, to whichever probe.
     *
     * @return whether {@link #poll} has something to do now
     */
    public boolean onReply(long sequence) {
        if (round == null) {
            return false;
        }
        round.onReply(sequence);
        return round.isAllAnswered();
    }

    /** When {@link #poll} has something to do next. */
    public long deadlineNs() {
        return round != null && round.isSent() ? round.sentNs() + answerWaitNs : dueNs();
    }

    /** The largest packet to be sent. */
    public int size() {
        return size;
    }

    public State state() {
        return state;
    }

    /** When the size became what it is. */
    public long changedNs() {
        return changedNs;
    }

    private boolean isInVain() {
        return round == null ? silences > 0 : round.isSent() && !round.isPathAlive();
    }

    private void begin(long nowNs) {
        round = null;
        isFresh = true;
        step = Step.CONFIRM;
        failures = 0;
        silences = 0;
        nextNs = nowNs;
        raiseNs = nowNs;
    }

    private long dueNs() {
        boolean isAsked = isDoubted || packetsSent - packetsSeen >= CONFIRM_PACKETS;
        boolean isAtRest = step == Step.CONFIRM && isProven && failures == 0 && silences == 0;
        long askedNs = confirmedNs + CONFIRM_INTERVAL_NS;
        return isAsked && isAtRest && askedNs - nextNs < 0 ? askedNs : nextNs;
    }

    private Collection<Integer> sizes(long nowNs) {
        TreeSet<Integer> sizes = new TreeSet<>(Comparator.reverseOrder());
        switch (step) {
            case CONFIRM -> {
                sizes.add(size);
                if (nowNs - raiseNs >= 0) {
                    raiseNs = nowNs + raiseIntervalNs;
                    sizes.add(limit);
                    sizes.add(tableAbove(size));
                }
            }
            case FALL -> {
                sizes.addAll(TABLE);
                sizes.addAll(List.of(base(), size, hint));
                sizes.removeIf(each -> each < base() || each > limit);
                sizes.add(limit);
                hint = 0;
            }
            case CLIMB -> {
                for (int i = 1; i <= CLIMB_SIZES; i++) {
                    sizes.add(size + Math.ceilDiv((ceiling - size) * i, CLIMB_SIZES));
                }
            }
        }
        return sizes;
    }

    private int tableAbove(int low) {
        return TABLE.stream().filter(each -> each > low && each < limit).findFirst().orElse(limit);
    }

    private int base() {
        return Math.min(base, limit);
    }

    private void judge(ProbeRound judged, long nowNs) {
        if (!judged.isPathAlive()) {
            silences++;
            nextNs = nowNs + retryNs(silences);
            return;
        }
        silences = 0;
        int passes = judged.largestAnswered();
        if (step == Step.CLIMB && passes == 0) {
            narrow(judged, nowNs);
        } else if (passes >= size || step == Step.FALL && passes > 0) {
            rise(judged, passes, nowNs);
        } else {
            fail(nowNs);
        }
    }

    /** It passes; the next size that was not answered is the next to be doubted. */
    private void rise(ProbeRound judged, int passes, long nowNs) {
        boolean isSearch = step != Step.CONFIRM || passes > size || isFresh;
        isProven = true;
        isFresh = false;
        failures = 0;
        confirmedNs = judged.sentNs();
        use(passes, nowNs);
        if (isSearch && passes < limit) {
            int next = judged.smallestAbove(passes);
            ceiling = next == 0 ? limit : next;
            search(Step.CLIMB, nowNs);
        } else {
            rest();
        }
    }

    /** Nothing above passed. One that was lost by chance gets two more chances. */
    private void narrow(ProbeRound judged, long nowNs) {
        ceiling = judged.smallestAbove(size);
        failures = ceiling == size + 1 ? failures + 1 : 0;
        nextNs = nowNs;
        if (failures == PROBES_MAX) {
            raiseNs = nowNs + raiseIntervalNs;
            rest();
        }
    }

    private void fail(long nowNs) {
        failures++;
        if (step == Step.FALL) {
            use(base(), nowNs);
            nextNs = nowNs + retryNs(failures);
        } else if (failures == PROBES_MAX || !isProven) {
            isProven = false;
            failures = 0;
            search(Step.FALL, nowNs);
        } else {
            nextNs = nowNs;
        }
    }

    private void search(Step next, long nowNs) {
        step = next;
        state = State.SEARCHING;
        nextNs = nowNs;
    }

    private void rest() {
        step = Step.CONFIRM;
        state = State.PROVEN;
        failures = 0;
        nextNs = raiseNs;
        packetsSeen = packetsSent;
    }

    private void use(int newSize, long nowNs) {
        if (newSize != size) {
            size = newSize;
            changedNs = nowNs;
        }
    }

    private long retryNs(int times) {
        return Math.min(answerWaitNs << Math.min(times, RETRY_SHIFT_MAX), RETRY_MAX_NS);
    }
}
