package io.spillway.routing.rib;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibWriter;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.NextHopSet;
import io.spillway.routing.fib.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongToIntFunction;

/**
 * Keeps a {@link Fib} in step with the routes in use of a {@link Rib}: only what changed since the
 * last time is changed there. Owned by control.
 *
 * <p><b>Much at once.</b> A call makes {@value #CHANGES_MAX} changes at most, so that whoever calls
 * has time for other things; until all are made the data plane keeps the table from before, whole.
 * Where sites have other indexes all is done in one call, since the old table would lead astray.
 *
 * <p><b>Full.</b> Where the tables have no room for another route it is left out, until others have
 * gone; what is in them may still change and go, for which {@value #SPARE_SHARE}th of them is kept.
 * When that is used up, or so much lies in pieces left over that it is worth it, the tables are
 * made anew, in the order local, BGP, sites.
 */
public final class RouteInstaller {
    /** New routes leave this part of the tables to changes. */
    private static final int SPARE_SHARE = 16;

    /** Worth making them anew: as much of the tables in pieces, besides what a new one has. */
    private static final int WORTH_SHARE = 8;

    /** About 100 ms of work. */
    private static final int CHANGES_MAX = 50_000;

    private final Rib rib;
    private final RouteChanges changes;
    private final int changesMax;
    private final int tableLength;
    private final Map<Long, Integer> indexes = new HashMap<>();
    private final Set<Prefix> leftOut = new HashSet<>();
    private FibWriter writer;
    private Fib last = Fib.EMPTY;
    private long piecesOfNew;

    public RouteInstaller(Rib rib) {
        this(rib, FibWriter.LENGTH_DEFAULT, CHANGES_MAX);
    }

    /**
     * @param tableLength of the lookup tables, in bytes
     * @param changesMax in one call
     */
    RouteInstaller(Rib rib, int tableLength, int changesMax) {
        this.rib = rib;
        this.tableLength = tableLength;
        this.changesMax = changesMax;
        writer = new FibWriter(tableLength);
        changes = rib.newChanges();
    }

    /**
     * All routes in use, for the data plane, which {@link Fib#adopt}s it; or what the last call
     * gave, when it {@link #isBehind}.
     *
     * @param siteIndexOf the dense index of a site ID; negative = there is no way to that site, and
     *     its routes become UNREACHABLE rather than leave by a shorter prefix
     */
    public Fib install(long generation, LongToIntFunction siteIndexOf) {
        int left = noteIndexes(siteIndexOf) ? Integer.MAX_VALUE : changesMax;
        while (!changes.isEmpty() && left-- > 0) {
            if (writer.untouchedLength() < FibWriter.CHANGE_LENGTH_MAX) {
                makeAnew();
            } else {
                changes.drain(this::update, 1);
            }
        }
        if (isBehind()) {
            return last;
        }
        if (!leftOut.isEmpty() && pieces() - piecesOfNew >= tableLength / WORTH_SHARE) {
            makeAnew();
        }
        last = writer.publish(generation);
        return last;
    }

    /** Whether any site has another index than before, or is gone: its may be another's now. */
    private boolean noteIndexes(LongToIntFunction siteIndexOf) {
        boolean isAnyMoved = false;
        for (long siteId : rib.siteIds()) {
            int index = siteIndexOf.applyAsInt(siteId);
            Integer before = indexes.put(siteId, index);
            if (before != null && before != index) {
                rib.prefixesInForce(siteId).forEach(prefix -> rib.tell(changes, prefix));
                isAnyMoved = true;
            }
        }
        return indexes.keySet().retainAll(rib.siteIds()) || isAnyMoved;
    }

    /** Changes are left for the next call. */
    public boolean isBehind() {
        return !changes.isEmpty();
    }

    private void update(Prefix prefix, Route route) {
        leftOut.remove(prefix);
        if (route == null) {
            writer.remove(prefix);
        } else if (hasRoom() || writer.contains(prefix)) {
            writer.put(prefix, nextHops(route));
        } else {
            leftOut.add(prefix);
        }
    }

    private boolean hasRoom() {
        int spareLength = Math.max(tableLength / SPARE_SHARE, 2 * FibWriter.CHANGE_LENGTH_MAX);
        return writer.untouchedLength() >= spareLength;
    }

    /** Bytes that other tables with the same routes would not need. */
    private long pieces() {
        return writer.touchedLength() - writer.liveLength();
    }

    private void makeAnew() {
        writer = new FibWriter(tableLength);
        leftOut.clear();
        changes.clear();
        rib.tellAll(changes);
        changes.drain(this::update, Integer.MAX_VALUE);
        piecesOfNew = pieces();
    }

    /** Routes in use that the tables have no room for. */
    public int leftOutCount() {
        return leftOut.size();
    }

    private NextHopSet nextHops(Route route) {
        return switch (route.source()) {
            case CONNECTED, STATIC, POP -> NextHopSet.of(route.nextHop());
            case BGP -> rib.nextHops(route.prefix());
            case CLOUD -> NextHopSet.of(toSite(indexes.getOrDefault(route.siteId(), -1)));
        };
    }

    private static NextHop toSite(int index) {
        return index < 0 ? NextHop.UNREACHABLE : NextHop.site(index);
    }

    /** Memory of the tables in bytes, as {@link FibWriter#usedLength}. */
    public long usedLength() {
        return writer.usedLength();
    }
}
