package io.spillway.control.route;

import io.spillway.control.wire.RoutePart;
import java.util.List;
import org.agrona.collections.Long2LongHashMap;

/**
 * What one receiver was told of routes on its channel: which state of each site, and how far what
 * is under way has come. One change is under way at a time, and ends before the next begins. Owned
 * by control.
 */
public final class RouteTeller {
    private final Long2LongHashMap told = new Long2LongHashMap(0); // generations by site ID
    private long siteUnderWay;
    private List<RoutePart> parts = List.of();
    private int next;

    /** The site of which a change has begun and not ended; 0: none has. */
    public long siteUnderWay() {
        return siteUnderWay;
    }

    /** Whether the receiver has the newest state. */
    public boolean hasTold(long siteId, RouteHistory history) {
        return siteUnderWay != siteId && told.get(siteId) == history.generation();
    }

    /**
     * The next part of that site's routes; says where nothing changed just that. Stays the next
     * until {@link #advance}.
     */
    public RoutePart part(long siteId, RouteHistory history) {
        if (siteUnderWay != siteId) {
            siteUnderWay = siteId;
            parts = history.partsFrom(told.get(siteId));
            next = 0;
        }
        return parts.get(next);
    }

    /**
     * The part was sent.
     *
     * @return whether it was the last of its change
     */
    public boolean advance() {
        RoutePart sent = parts.get(next++);
        if (sent.getLast()) {
            told.put(siteUnderWay, sent.getGeneration());
            endChange();
        }
        return sent.getLast();
    }

    private void endChange() {
        siteUnderWay = 0;
        parts = List.of();
    }

    /** The receiver does not have what it was told of that site: it is told the whole next. */
    public void forget(long siteId) {
        told.remove(siteId);
        if (siteUnderWay == siteId) {
            endChange();
        }
    }

    /** Another receiver, or a new channel. */
    public void clear() {
        told.clear();
        endChange();
    }
}
