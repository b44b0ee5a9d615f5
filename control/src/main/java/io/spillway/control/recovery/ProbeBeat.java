package io.spillway.control.recovery;

import java.util.SplittableRandom;

/**
 * When keep-alives to one peer are due, those of all its tunnels at the same instants, and watched
 * probes to a PoP by all links: then either end wakes once for all of them. Each of their intervals
 * is a little shorter or longer than asked for until they have met. Peers have beats of their own,
 * which the seed spreads. Immutable.
 */
public final class ProbeBeat {
    // R029, D10
    public static final long KEEP_ALIVE_NS = 15_000_000_000L;
    public static final long KEEP_ALIVE_SPREAD_NS = 1_000_000_000L;

    /** Keep-alives go out at multiples of this, so that those to many peers share a turn too. */
    static final long BATCH_NS = 100_000_000L;

    /** A keep-alive's beat is up to this early or late: what comes regularly must not hide. */
    private static final long SWAY_NS = 400_000_000L;

    /** By how much of its interval a watched tunnel's probe may be early. */
    private static final int EARLY_SHARE = 10;

    private final long seed;
    private final boolean hasWatchedBeat;

    /**
     * @param nodeSeed random, the same for all peers of this node
     * @param peerId the same for all tunnels to that peer
     * @param hasWatchedBeat its watched probes keep time with each other, too. When those of peers
     *     did, five of sixty simulated runs with a lost link or a late direct way took longer
     */
    public ProbeBeat(long nodeSeed, long peerId, boolean hasWatchedBeat) {
        this.hasWatchedBeat = hasWatchedBeat;
        seed = new SplittableRandom(nodeSeed ^ new SplittableRandom(peerId).nextLong()).nextLong();
    }

    /** The keep-alive after one at {@code sentNs}: 15 s ± 1 s later. */
    public long keepAliveAfterNs(long sentNs) {
        long aimNs = sentNs + KEEP_ALIVE_NS;
        long sinceFirstNs = aimNs - phaseNs(KEEP_ALIVE_NS) + KEEP_ALIVE_NS / 2;
        long beat = Math.floorDiv(sinceFirstNs, KEEP_ALIVE_NS);
        long pastNs = Math.floorMod(sinceFirstNs, KEEP_ALIVE_NS) - KEEP_ALIVE_NS / 2;
        long changeNs =
                Math.clamp(
                        swayNs(beat) - pastNs,
                        -KEEP_ALIVE_SPREAD_NS,
                        KEEP_ALIVE_SPREAD_NS - BATCH_NS);
        long earliestNs = aimNs + changeNs;
        return earliestNs + Math.floorMod(-earliestNs, BATCH_NS);
    }

    /**
     * A watched tunnel's probe after one at {@code sentNs}: never late, and at most a tenth early.
     */
    public long watchedAfterNs(long sentNs, long intervalNs) {
        long aimNs = sentNs + intervalNs;
        if (!hasWatchedBeat) {
            return aimNs;
        }
        long pastNs = Math.floorMod(aimNs - phaseNs(intervalNs), intervalNs);
        return aimNs - Math.min(pastNs, intervalNs / EARLY_SHARE);
    }

    private long phaseNs(long intervalNs) {
        return Math.floorMod(seed, intervalNs);
    }

    private long swayNs(long beat) {
        return new SplittableRandom(seed + beat).nextLong(-SWAY_NS, SWAY_NS + 1);
    }
}
