package io.spillway.control.readiness;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventType;
import java.util.Map;
import java.util.Optional;

/**
 * What readiness is worth keeping, so that "what was ready before the incident" has an answer
 * (R082): each state that stood for ten seconds, and whatever it was just before an episode of
 * recovery began. Owned by control.
 *
 * <p>Flash lasts: at most {@value #SAVED_MAX} changes are kept at once, and on average one in ten
 * minutes, so {@value #PER_DAY_MAX} a day; states between two that are kept are forgotten. States
 * before an episode come once a minute at most, beside that.
 */
public final class ReadinessHistory {
    /** Field of a state: the site's readiness, status first. */
    public static final String SITE = "site";

    public static final String CHANGED = "changed";
    public static final String BEFORE_RECOVERY = "before recovery";
    public static final int SAVED_MAX = 12;
    public static final int PER_DAY_MAX = SAVED_MAX + 24 * 6;
    public static final long SETTLE_NS = 10_000_000_000L;

    private static final long ENTRY_NS = 600_000_000_000L;
    private static final long EPISODE_NS = 60_000_000_000L;

    /**
     * To be appended to the journal of readiness.
     *
     * @param timeMs since when it was so; before an episode: when it was last seen
     */
    public record Entry(long timeMs, EventDraft draft) {}

    private Map<String, String> kept = Map.of();
    private Map<String, String> seen = Map.of();
    private long seenSinceNs;
    private long seenSinceMs;
    private long seenMs;
    private long paidNs;
    private long episodeNs;

    public ReadinessHistory(long nowNs) {
        paidNs = nowNs - SAVED_MAX * ENTRY_NS;
        episodeNs = nowNs - EPISODE_NS;
    }

    /** Takes note of the present state; every few seconds. */
    public Optional<Entry> poll(Map<String, String> state, long timeMs, long nowNs) {
        if (!state.equals(seen)) {
            seen = Map.copyOf(state);
            seenSinceNs = nowNs;
            seenSinceMs = timeMs;
        }
        seenMs = timeMs;
        boolean isNews = !seen.equals(kept) && nowNs - seenSinceNs >= SETTLE_NS;
        if (!isNews || !isAffordable(nowNs)) {
            return Optional.empty();
        }
        kept = seen;
        return Optional.of(entry(CHANGED, seenSinceMs));
    }

    /** The cloud was lost: the state that was noted last is that before. */
    public Optional<Entry> onRecovery(long nowNs) {
        if (seen.isEmpty() || nowNs - episodeNs < EPISODE_NS) {
            return Optional.empty();
        }
        episodeNs = nowNs;
        return Optional.of(entry(BEFORE_RECOVERY, seenMs));
    }

    private Entry entry(String why, long timeMs) {
        return new Entry(timeMs, new EventDraft(EventType.READINESS_STATE, why, seen));
    }

    private boolean isAffordable(long nowNs) {
        long floorNs = nowNs - SAVED_MAX * ENTRY_NS;
        if (paidNs - floorNs < 0) {
            paidNs = floorNs;
        }
        if (nowNs - paidNs < ENTRY_NS) {
            return false;
        }
        paidNs += ENTRY_NS;
        return true;
    }
}
