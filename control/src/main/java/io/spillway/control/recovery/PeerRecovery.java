package io.spillway.control.recovery;

/** What the recovery machine knows of one peer. Plain data; the machine decides. */
final class PeerRecovery {
    // Ours
    static final long CHECK_INTERVAL_NS = 100_000_000L;
    static final long CHECK_INTERVAL_MAX_NS = 1_000_000_000L;
    private static final int CHECKS_FAST_MAX = 10;

    final long siteId;

    /** Known from before the start: its saved routes can carry traffic with no PoP. */
    final boolean isSaved;

    Transport transport = Transport.NONE;
    boolean isRecoverable;
    boolean isInDirectory;
    boolean isAttached;

    /** The PoP told that it left, as opposed to having not come yet. */
    boolean hasPopSeenLeave;

    boolean saysLeftCloud;
    boolean isReachable;
    boolean isOnAltWan;
    long undecidedSinceNs;
    long routesRequest;
    private boolean isChecking;
    private boolean isProven;
    private long checkingSinceNs;
    private long nextCheckNs;
    private int checkCount;

    PeerRecovery(long siteId, boolean isSaved, long nowNs) {
        this.siteId = siteId;
        this.isSaved = isSaved;
        undecidedSinceNs = nowNs;
    }

    void onAttached(boolean nowAttached) {
        isAttached = nowAttached;
        if (nowAttached) {
            hasPopSeenLeave = false;
        }
    }

    void onReachable(boolean nowReachable, long nowNs) {
        boolean wasHeard = isHeard();
        isReachable = nowReachable;
        noteHeard(wasHeard, nowNs);
    }

    void onAltWan(boolean nowReachable, long nowNs) {
        boolean wasHeard = isHeard();
        isOnAltWan = nowReachable;
        noteHeard(wasHeard, nowNs);
    }

    /** By a tunnel of whatever transport but the cloud. */
    boolean isHeard() {
        return isReachable || isOnAltWan;
    }

    /** What a peer said holds while we can hear it take it back. */
    private void noteHeard(boolean wasHeard, long nowNs) {
        if (isHeard() && !wasHeard) {
            undecidedSinceNs = nowNs;
        }
        saysLeftCloud &= isHeard();
    }

    void onPathAnswered(long sentNs) {
        isProven |= isChecking && sentNs - checkingSinceNs >= 0;
    }

    boolean isProven() {
        return isProven;
    }

    void stopChecking() {
        isChecking = false;
        isProven = false;
    }

    /**
     * True when an end-to-end probe is to be sent now: 10 in the first second, then one a second.
     */
    boolean checkDue(long nowNs) {
        if (!isChecking) {
            isChecking = true;
            checkingSinceNs = nowNs;
            nextCheckNs = nowNs;
            checkCount = 0;
        }
        if (isProven || nowNs - nextCheckNs < 0) {
            return false;
        }
        checkCount++;
        boolean isFast = checkCount < CHECKS_FAST_MAX;
        nextCheckNs = nowNs + (isFast ? CHECK_INTERVAL_NS : CHECK_INTERVAL_MAX_NS);
        return true;
    }
}
