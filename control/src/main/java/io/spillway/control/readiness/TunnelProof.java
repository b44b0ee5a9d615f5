package io.spillway.control.readiness;

import io.spillway.control.readiness.ProofStatus.Outcome;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * When one living tunnel is proven next, and what came of it. Owned by control.
 *
 * <p>Every interval, spread by a fifteenth, an echo of full size goes out. One that does not come
 * back is repeated soon, with a small one beside it: whether that comes back tells a path on which
 * large packets vanish from one on which all do. What is lost here is no packet loss (X06).
 *
 * <pre>
 *   due --sent--> waiting --answered--> proven, due after the interval
 *                    |
 *                    +-----silent-----> losing: twice more at once, then after 1, 2, 4 s ...
 * </pre>
 */
public final class TunnelProof {
    private static final int SPREAD_FRACTION = 15;
    private static final int HISTORY = 32; // a power of two
    private static final long RETRY_FIRST_NS = 1_000_000_000L;

    /** Of both sizes that must be lost before it is said what is. */
    static final int LOST_MIN = 3;

    private final long[] sentNs = new long[HISTORY];
    private final boolean[] isFull = new boolean[HISTORY];
    private final boolean[] isAnswered = new boolean[HISTORY];
    private final RandomGenerator random;
    private ProofConfig config;
    private int sequence; // of the next
    private int waitingFor; // of the full-size one under way
    private boolean isWaiting;
    private long waitEndNs;
    private long nextNs;
    private long provenNs;
    private boolean isProven;
    private int length;
    private long roundTripNs;
    private int lostCount;
    private long losingSinceNs;
    private boolean hasSmallPassed;
    private boolean isSmallDue;
    private boolean isDoubted;

    /** The tunnel came to life: it is proven at once. */
    public TunnelProof(ProofConfig config, RandomGenerator random, long nowNs) {
        this.config = config;
        this.random = random;
        nextNs = nowNs;
    }

    /** Proofs became rarer or more frequent. */
    public void config(ProofConfig changed) {
        config = changed;
    }

    /** Lets time pass; whether echoes are to be sent now: all that {@link #next} gives. */
    public boolean poll(long nowNs) {
        if (isWaiting && nowNs - waitEndNs >= 0) {
            isWaiting = false;
            onLost(nowNs);
        }
        return !isWaiting && nowNs - nextNs >= 0;
    }

    private void onLost(long nowNs) {
        if (lostCount == 0) {
            losingSinceNs = sentNs[waitingFor & (HISTORY - 1)];
        }
        lostCount++;
        int doublings = Math.min(lostCount - LOST_MIN, 30);
        long waitNs = doublings < 0 ? 0 : RETRY_FIRST_NS << doublings;
        nextNs = nowNs + Math.min(waitNs, config.intervalNs());
        isSmallDue = true;
    }

    /** Whether the next echo is of full size; the small one goes first. */
    public boolean isNextFull() {
        return !isSmallDue;
    }

    /**
     * The echo that {@link #isNextFull} speaks of goes out.
     *
     * @param waitNs after which it is taken for lost
     * @return its sequence number
     */
    public int next(long waitNs, long nowNs) {
        int sent = sequence++;
        int slot = sent & (HISTORY - 1);
        sentNs[slot] = nowNs;
        isFull[slot] = !isSmallDue;
        isAnswered[slot] = false;
        if (isSmallDue) {
            isSmallDue = false;
        } else {
            isWaiting = true;
            waitingFor = sent;
            waitEndNs = nowNs + waitNs;
        }
        return sent;
    }

    /**
     * One came back; late ones count too, each once.
     *
     * @param replyLength of its IP packet, bytes
     */
    public void onReply(int echoed, int replyLength, long echoedSentNs, long receivedNs) {
        int age = sequence - echoed;
        int slot = echoed & (HISTORY - 1);
        if (age < 1 || age > HISTORY || isAnswered[slot]) {
            return;
        }
        isAnswered[slot] = true;
        if (!isFull[slot]) {
            hasSmallPassed |= lostCount > 0 && sentNs[slot] - losingSinceNs > 0;
            return;
        }
        isProven = true;
        provenNs = receivedNs;
        length = replyLength;
        roundTripNs = receivedNs - echoedSentNs;
        isWaiting = false;
        lostCount = 0;
        hasSmallPassed = false;
        isSmallDue = false;
        isDoubted = false;
        long spreadNs = config.intervalNs() / SPREAD_FRACTION;
        nextNs = receivedNs + config.intervalNs() + random.nextLong(-spreadNs, spreadNs + 1);
    }

    /**
     * Whether nothing that was sent in a whole window came back: it is to be found out now whether
     * the tunnel lives at all. Once, until an echo comes back.
     */
    public boolean takeDoubt(long nowNs) {
        long silentNs = nowNs - losingSinceNs;
        boolean isDue =
                !isDoubted && outcome() == Outcome.ALL_LOST && silentNs >= config.windowNs();
        isDoubted |= isDue;
        return isDue;
    }

    /** Echoes of full size that were lost in a row. */
    public int lostCount() {
        return lostCount;
    }

    public ProofStatus status() {
        OptionalLong proven = isProven ? OptionalLong.of(provenNs) : OptionalLong.empty();
        return new ProofStatus(proven, config.windowNs(), outcome(), losingSinceNs);
    }

    private Outcome outcome() {
        if (lostCount < LOST_MIN) {
            return Outcome.PENDING;
        }
        return hasSmallPassed ? Outcome.LARGE_LOST : Outcome.ALL_LOST;
    }

    /** Of the last that came back, bytes of IP packet; 0: none did. */
    public int length() {
        return length;
    }

    /** Of the last that came back; 0: none did. */
    public long roundTripNs() {
        return roundTripNs;
    }
}
