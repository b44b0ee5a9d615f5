package io.spillway.control.recovery;

/**
 * How long to stay off the cloud after it is back, so that a flapping one does no harm (F12, D37).
 *
 * <p>The first return is immediate. A cloud that is lost again within {@code stableReset} of coming
 * back makes the next wait {@code first}, then twice the last, up to {@code max}; one that held
 * longer is trusted anew.
 */
public final class ReturnBackoff {
    /** {@code recovery.returnBackoff}, nanoseconds. */
    public record Config(long firstNs, long maxNs, long stableResetNs) {
        public static final Config DEFAULT =
                new Config(8_000_000_000L, 1_024_000_000_000L, 1_024_000_000_000L);

        public Config {
            if (firstNs < 0 || maxNs < firstNs || stableResetNs < 0) {
                throw new IllegalArgumentException(
                        "return back-off: 0 <= first <= max and 0 <= stableReset expected");
            }
        }
    }

    private final Config config;
    private boolean hasReturned;
    private long waitNs;
    private boolean isWaiting;
    private long endNs;

    public ReturnBackoff(Config config) {
        this.config = config;
    }

    /** A cloud that had lived is lost. */
    public void onLost(long nowNs) {
        boolean flaps = hasReturned && nowNs - endNs < config.stableResetNs();
        if (flaps) {
            waitNs = waitNs == 0 ? config.firstNs() : Math.min(config.maxNs(), 2 * waitNs);
        } else {
            waitNs = 0;
        }
        isWaiting = false;
    }

    /** It is back: the wait begins. */
    public void onBack(long nowNs) {
        hasReturned = true;
        isWaiting = waitNs > 0;
        endNs = nowNs + waitNs;
    }

    /** Ends the wait that runs, by hand; the next one is as long as it would have been. */
    public void returnNow(long nowNs) {
        if (!isOver(nowNs)) {
            endNs = nowNs;
        }
        isWaiting = false;
    }

    public boolean isOver(long nowNs) {
        isWaiting = isWaiting && nowNs - endNs < 0;
        return !isWaiting;
    }

    /** 0 = over, or the cloud is not back. */
    public long remainingNs(long nowNs) {
        return isOver(nowNs) ? 0 : endNs - nowNs;
    }

    /** The wait that the present or next return has. */
    public long waitNs() {
        return waitNs;
    }
}
