package io.spillway.control.recovery;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which of a peer's living tunnels carries recovery traffic (R044, R045, D33). Owned by control.
 *
 * <p>Only tunnels over the most preferred local links that have one count: with one active link
 * that is active/passive. Among several active links the choice is random per peer. It stays until
 * its tunnel dies, also when a better one appears, so that flows do not wander.
 */
public final class LinkChoice {
    /**
     * A tunnel that lives.
     *
     * @param localPrecedence of the link here: 1 active, 2 passive, 3 last resort
     * @param remotePrecedence of the link there
     */
    public record Candidate(int tunnel, int localPrecedence, int remotePrecedence) {}

    /** No tunnel lives. */
    public static final int NONE = -1;

    private static final Comparator<Candidate> PREFERENCE =
            Comparator.comparingInt(Candidate::localPrecedence)
                    .thenComparingInt(Candidate::remotePrecedence);

    private final Map<Long, Integer> chosen = new HashMap<>();
    private final RandomGenerator random;

    public LinkChoice(RandomGenerator random) {
        this.random = random;
    }

    /** The tunnel for that site now, or {@link #NONE}. */
    public int choose(long siteId, Collection<Candidate> alive) {
        int before = chosen(siteId);
        if (alive.stream().anyMatch(candidate -> candidate.tunnel() == before)) {
            return before;
        }
        if (alive.isEmpty()) {
            chosen.remove(siteId);
            return NONE;
        }
        int tunnel = pick(alive);
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

    private int pick(Collection<Candidate> alive) {
        Candidate best = alive.stream().min(PREFERENCE).orElseThrow();
        List<Candidate> equals =
                alive.stream()
                        .filter(candidate -> PREFERENCE.compare(candidate, best) == 0)
                        .sorted(Comparator.comparingInt(Candidate::tunnel))
                        .toList();
        return equals.get(random.nextInt(equals.size())).tunnel();
    }
}
