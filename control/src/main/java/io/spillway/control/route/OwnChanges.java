package io.spillway.control.route;

import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;

/**
 * Which of our own prefixes have come or gone since others may have pinned them. What is pinned is
 * what a PoP told of us last, which may be older than what we told it: what has changed in the last
 * {@value #AGE_S} s before the freeze, or in twice as many, counts too; and of prefixes that came
 * and went again, what they are now. What the others know already is told again, which changes
 * nothing there. Owned by control.
 *
 * <p>At most as many are remembered as a site may have.
 */
public final class OwnChanges {
    private static final long AGE_S = 10;
    private static final long AGE_NS = AGE_S * 1_000_000_000L;

    private PrefixSet now;
    private PrefixSet changed = PrefixSet.EMPTY;
    private PrefixSet changedLately = PrefixSet.EMPTY; // takes its place when it is old
    private long nextNs;

    public OwnChanges(PrefixSet prefixes, long nowNs) {
        now = prefixes;
        nextNs = nowNs;
    }

    /** These are our prefixes now. */
    public void update(PrefixSet prefixes) {
        PrefixSet gone = now.without(prefixes);
        PrefixSet come = prefixes.without(now);
        changed = with(changed, gone, come);
        changedLately = with(changedLately, gone, come);
        now = prefixes;
    }

    private static PrefixSet with(PrefixSet set, PrefixSet gone, PrefixSet come) {
        PrefixSet more = set.with(PrefixSet.EMPTY, gone).with(PrefixSet.EMPTY, come);
        return more.first(Rib.LIMIT_DEFAULT);
    }

    /** Called at least once a second while nobody's routes are frozen. */
    public void onThawed(long nowNs) {
        if (nowNs - nextNs >= 0) {
            changed = changedLately;
            changedLately = PrefixSet.EMPTY;
            nextNs = nowNs + AGE_NS;
        }
    }

    public PrefixSet withdrawn() {
        return changed.without(now);
    }

    public PrefixSet announced() {
        return changed.without(withdrawn());
    }
}
