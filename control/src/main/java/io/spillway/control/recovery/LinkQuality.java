package io.spillway.control.recovery;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Whether one tunnel's path is good enough to be preferred (F08, X13). Owned by control; one per
 * tunnel, judged every {@link #INTERVAL_NS}.
 *
 * <p>The floor is a limit for each of loss, jitter and round trip; what is not known meets it. A
 * tunnel falls below when it missed the floor {@value #MISSED_MAX} times in a row. It is back when
 * it met it {@value #MET_MIN} times in a row with a fifth to spare: so a path whose round trip
 * swings around the limit changes once, and stays. One that was {@link Liveness.State#DOWN} is
 * below until then as well, so that traffic does not follow a link that comes and goes.
 *
 * <p>Being below costs nothing where no other tunnel is better: quality orders, it never forbids.
 */
public final class LinkQuality {
    /** F08: re-evaluated so often. */
    public static final long INTERVAL_NS = 10_000_000_000L;

    // Ours
    static final int MISSED_MAX = 2;
    static final int MET_MIN = 3;
    private static final double MARGIN = 0.8;

    /** Of {@link #costNs}: a lost packet costs its sender about so long. */
    private static final double LOSS_COST_NS = 2_000_000_000.0;

    private static final int JITTER_FACTOR = 4;

    /**
     * {@code linkQuality} of the configuration.
     *
     * @param lossMax share, 0 to 1
     */
    public record Floor(double lossMax, long jitterMaxNs, long roundTripMaxNs) {
        /** F08. */
        public static final Floor DEFAULT = new Floor(0.03, 30_000_000L, 600_000_000L);

        public Floor {
            if (lossMax <= 0 || jitterMaxNs <= 0 || roundTripMaxNs <= 0) {
                throw new IllegalArgumentException("link quality: limits above 0 expected");
            }
        }

        private boolean isMetBy(Liveness tunnel, double share, long nowNs) {
            ProbeHistory.Loss loss = tunnel.recentLoss(nowNs);
            boolean isLossJudged = loss.ofCount() * lossMax >= 1; // else one lost probe decided
            return (!isLossJudged || loss.share() <= share * lossMax)
                    && isWithin(tunnel.jitterNs(), share * jitterMaxNs)
                    && isWithin(tunnel.roundTripNs(), share * roundTripMaxNs);
        }

        private static boolean isWithin(OptionalLong measuredNs, double maxNs) {
            return measuredNs.isEmpty() || measuredNs.getAsLong() <= maxNs;
        }
    }

    private final Floor floor;
    private boolean isBelow;
    private int missedCount;
    private int metCount;
    private long downsSeen;

    public LinkQuality(Floor floor) {
        this.floor = floor;
    }

    /**
     * To be called every {@link #INTERVAL_NS}.
     *
     * @return whether {@link #isBelow} says something else than before
     */
    public boolean judge(Liveness tunnel, long nowNs) {
        boolean before = isBelow;
        if (tunnel.downCount() != downsSeen || !tunnel.isAlive()) {
            isBelow |= tunnel.downCount() != downsSeen;
            downsSeen = tunnel.downCount();
            metCount = 0;
        } else if (isBelow) {
            metCount = floor.isMetBy(tunnel, MARGIN, nowNs) ? metCount + 1 : 0;
            isBelow = metCount < MET_MIN;
        } else {
            missedCount = floor.isMetBy(tunnel, 1, nowNs) ? 0 : missedCount + 1;
            isBelow = missedCount >= MISSED_MAX;
            metCount = 0;
        }
        missedCount = isBelow ? 0 : missedCount;
        return isBelow != before;
    }

    /** Another one should be preferred. */
    public boolean isBelow(Liveness tunnel) {
        return isBelow || tunnel.downCount() != downsSeen;
    }

    /**
     * What sending there costs, for {@code best}: round trip, four times the jitter, and two
     * seconds for each packet lost.
     *
     * @return nanoseconds; {@link Long#MAX_VALUE} while the round trip is not known
     */
    public static long costNs(Liveness tunnel, long nowNs) {
        OptionalLong roundTripNs = tunnel.roundTripNs();
        if (roundTripNs.isEmpty()) {
            return Long.MAX_VALUE;
        }
        OptionalDouble loss = tunnel.loss(nowNs);
        return roundTripNs.getAsLong()
                + JITTER_FACTOR * tunnel.jitterNs().orElse(0)
                + (long) (LOSS_COST_NS * loss.orElse(0));
    }
}
