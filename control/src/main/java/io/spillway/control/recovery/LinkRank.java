package io.spillway.control.recovery;

import java.util.Comparator;

/**
 * How much a tunnel is preferred by the roles of its links and by its quality (R045, F08); the
 * smaller the more. Active links that meet the floor come first, then passive ones that do, then
 * those below it; links of last resort only where nothing else lives, whatever its quality; what a
 * third site relays behind them all.
 *
 * @param tier 0, or 1 for a last resort at either end, or 2 for what is relayed
 */
public record LinkRank(int tier, boolean isBelowFloor, int localPrecedence, int remotePrecedence)
        implements Comparable<LinkRank> {
    /** Active, passive, last resort. */
    public static final int ACTIVE = 1;

    public static final int LAST_RESORT = 3;

    public static final LinkRank RELAYED = new LinkRank(2, false, ACTIVE, ACTIVE);

    private static final Comparator<LinkRank> ORDER =
            Comparator.comparingInt(LinkRank::tier)
                    .thenComparing(LinkRank::isBelowFloor)
                    .thenComparingInt(LinkRank::localPrecedence)
                    .thenComparingInt(LinkRank::remotePrecedence);

    public static LinkRank of(int localPrecedence, int remotePrecedence, boolean isBelowFloor) {
        boolean isLastResort = Math.max(localPrecedence, remotePrecedence) >= LAST_RESORT;
        return new LinkRank(isLastResort ? 1 : 0, isBelowFloor, localPrecedence, remotePrecedence);
    }

    public boolean isRelayed() {
        return equals(RELAYED);
    }

    @Override
    public int compareTo(LinkRank other) {
        return ORDER.compare(this, other);
    }
}
