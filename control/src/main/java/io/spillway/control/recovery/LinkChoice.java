package io.spillway.control.recovery;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which of a peer's living tunnels carries its traffic off the cloud (R044, R045, D33). Owned by
 * control.
 *
 * <p>Only the tunnels of the best {@link LinkRank} count: with one active link that is
 * active/passive. Among several of one rank the choice is random per peer, or the one that costs
 * least. It stays as long as its tunnel lives and no other outranks it; one of the same rank never
 * takes over, however good, so that flows do not wander. A relayed tunnel is kept until {@link
 * #forget}.
 */
public final class LinkChoice {
    /** {@code recovery.linkChoice}. */
    public enum Mode {
        RANDOM,
        BEST
    }

    /**
     * A tunnel that lives.
     *
     * @param costNs {@link LinkQuality#costNs}
     */
    public record Candidate(int tunnel, LinkRank rank, long costNs) {}

    /** No tunnel lives. */
    public static final int NONE = -1;

    private final Map<Long, Integer> chosen = new HashMap<>();
    private final Mode mode;
    private final RandomGenerator random;

    public LinkChoice(Mode mode, RandomGenerator random) {
        this.mode = mode;
        this.random = random;
    }

    /** The tunnel for that site now, or {@link #NONE}. */
    public int choose(long siteId, Collection<Candidate> alive) {
        if (alive.isEmpty()) {
            chosen.remove(siteId);
            return NONE;
        }
        LinkRank best = alive.stream().map(Candidate::rank).min(Comparator.naturalOrder()).get();
        int before = chosen(siteId);
        boolean isKept =
                alive.stream()
                        .filter(candidate -> candidate.tunnel() == before)
                        .map(Candidate::rank)
                        .anyMatch(rank -> rank.equals(best) || rank.isRelayed());
        if (isKept) {
            return before;
        }
        int tunnel = pick(alive.stream().filter(it -> it.rank().equals(best)).toList());
        chosen.put(siteId, tunnel);
        return tunnel;
    }

    /** What {@link #choose} last said. */
    public int chosen(long siteId) {
        return chosen.getOrDefault(siteId, NONE);
    }

    /** The next choice for that site is free again: its episode is over. */
    public void forget(long siteId) {
        chosen.remove(siteId);
    }

    private int pick(List<Candidate> equals) {
        List<Candidate> ordered =
                equals.stream()
                        .sorted(
                                Comparator.comparingLong(this::order)
                                        .thenComparingInt(Candidate::tunnel))
                        .toList();
        int index = mode == Mode.BEST ? 0 : random.nextInt(ordered.size());
        return ordered.get(index).tunnel();
    }

    /** By cost only where it counts: a random choice must not depend on measurements. */
    private long order(Candidate candidate) {
        return mode == Mode.BEST ? candidate.costNs() : 0;
    }
}
