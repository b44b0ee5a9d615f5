package io.spillway.node.site;

import io.spillway.control.readiness.Cause;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was said of ways to peers by others than the tunnels that are to be built there: a box that
 * filters, or our own refusal of who called from there. It explains, it decides nothing: anyone can
 * forge an ICMP error. Owned by control.
 */
final class PathNotes {
    private static final int COUNT_MAX = 256;
    private static final long VALID_NS = 60_000_000_000L;

    private record Way(int link, InetSocketAddress remote) {}

    private record Note(Cause cause, long notedNs) {}

    private final Map<Way, Note> notes =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Way, Note> eldest) {
                    return size() > COUNT_MAX;
                }
            };

    void add(int link, InetSocketAddress remote, Cause cause, long nowNs) {
        Way way = new Way(link, remote);
        notes.remove(way);
        notes.put(way, new Note(cause, nowNs));
    }

    /** A tunnel was opened there: what was said is past. */
    void forget(int link, InetSocketAddress remote) {
        notes.remove(new Way(link, remote));
    }

    /** Null: nothing was said lately. */
    Cause about(int link, InetSocketAddress remote, long nowNs) {
        Note note = remote == null ? null : notes.get(new Way(link, remote));
        return note == null || nowNs - note.notedNs() > VALID_NS ? null : note.cause();
    }
}
