package io.spillway.node.pop;

import io.spillway.control.route.RouteTeller;
import java.util.BitSet;

/**
 * What one site has yet to be told, by the dense index of the site that it is about. Only what is
 * so, never what it says: what changes twice before it is told is told once. Owned by control.
 */
final class Outbox {
    final BitSet presences = new BitSet();
    final BitSet entries = new BitSet();
    final BitSet routes = new BitSet();

    /** What was told of routes on this channel. */
    final RouteTeller told = new RouteTeller();

    /** The whole directory is due, {@link #entries} or not. */
    boolean isWhole;

    /** The number of the request that the end of the state answers; 0: none is due. */
    long endRequest;

    /** Before then no further part of the directory goes out. */
    long directoryNs;

    Outbox(long nowNs) {
        directoryNs = nowNs;
    }

    boolean isDirectoryDue() {
        return isWhole || !entries.isEmpty();
    }

    boolean isEmpty() {
        return presences.isEmpty() && routes.isEmpty() && !isDirectoryDue() && endRequest == 0;
    }

    /** Nobody is to be told of it. */
    void forget(AttachedSite gone) {
        presences.clear(gone.index());
        entries.clear(gone.index());
        routes.clear(gone.index());
        told.forget(gone.id());
    }

    void clear() {
        presences.clear();
        entries.clear();
        routes.clear();
        isWhole = false;
        endRequest = 0;
    }
}
