package io.spillway.control.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * When <i>Off-Cloud Transport Connect</i> and <i>Disconnect</i> are told (D35): of each other site
 * and each WAN link of ours, whether any tunnel lives between them. Owned by control.
 *
 * <p>Hysteresis as of the incumbent's connectivity events (A09): up for 30 s, or down for 150 s,
 * before it is told. What becomes due together is one event, which names all. At most {@value
 * #SAVED_MAX} events come at once, and on average one in ten minutes; what would be more waits, and
 * what has turned back meanwhile is never told. So a day has {@value #PER_DAY_MAX} at most.
 */
public final class TunnelEvents {
    public static final String CONNECTED = "Off-Cloud Transport Connect";
    public static final String DISCONNECTED = "Off-Cloud Transport Disconnect";
    public static final long UP_NS = 30_000_000_000L;
    public static final long DOWN_NS = 150_000_000_000L;
    public static final int SAVED_MAX = 20;
    public static final int PER_DAY_MAX = SAVED_MAX + 24 * 6;

    private static final long EVENT_NS = 600_000_000_000L;

    /** A link of ours to a site. */
    public record Path(long siteId, int linkIndex) {}

    /**
     * What there is of it now.
     *
     * @param reason a reason code by name why it is down; empty: it is up, or none is known
     */
    public record Status(
            String siteName, String linkName, boolean isUp, String reason, String remedy) {}

    /**
     * An event of some time ago.
     *
     * @param ageNs since the first of what it tells
     */
    public record Told(EventDraft draft, long ageNs) {}

    private static final class Watched {
        private Status status;
        private boolean isToldUp;
        private long sinceNs;

        private boolean isDue(long nowNs) {
            long settledNs = status.isUp() ? UP_NS : DOWN_NS;
            return status.isUp() != isToldUp && nowNs - sinceNs >= settledNs;
        }
    }

    private final String siteIdText;
    private final String siteName;
    private final Map<Path, Watched> watched = new HashMap<>();
    private long paidNs;

    public TunnelEvents(long siteId, String siteName, long nowNs) {
        siteIdText = Long.toUnsignedString(siteId);
        this.siteName = siteName;
        paidNs = nowNs - SAVED_MAX * EVENT_NS;
    }

    /**
     * Looks at all tunnels; about once a second.
     *
     * @param present every path that a tunnel is planned for or exists on; others are down
     * @return events to append to the journal, with the time at which they became true
     */
    public List<Told> poll(Map<Path, Status> present, long nowNs) {
        present.forEach((path, status) -> note(path, status, nowNs));
        Set<Path> gone = new HashSet<>(watched.keySet());
        gone.removeAll(present.keySet());
        gone.forEach(path -> leave(path, nowNs));
        List<Told> told = new ArrayList<>();
        tell(true, told, nowNs);
        tell(false, told, nowNs);
        return told;
    }

    private void note(Path path, Status status, long nowNs) {
        Watched each = watched.computeIfAbsent(path, _ -> new Watched());
        if (each.status == null || each.status.isUp() != status.isUp()) {
            each.sinceNs = nowNs;
        }
        each.status = status;
    }

    private void leave(Path path, long nowNs) {
        Watched each = watched.get(path);
        if (!each.isToldUp) {
            watched.remove(path);
        } else if (each.status.isUp()) {
            note(path, down(each.status), nowNs);
        }
    }

    private static Status down(Status status) {
        return new Status(status.siteName(), status.linkName(), false, "", "");
    }

    private void tell(boolean isUp, List<Told> told, long nowNs) {
        Map<Path, Watched> due = new HashMap<>();
        watched.forEach(
                (path, each) -> {
                    if (each.status.isUp() == isUp && each.isDue(nowNs)) {
                        due.put(path, each);
                    }
                });
        if (due.isEmpty() || !isAffordable(nowNs)) {
            return;
        }
        long ageNs = due.values().stream().mapToLong(it -> nowNs - it.sinceNs).max().orElse(0);
        told.add(new Told(draft(isUp, due), ageNs));
        due.values().forEach(each -> each.isToldUp = isUp);
    }

    private boolean isAffordable(long nowNs) {
        long floorNs = nowNs - SAVED_MAX * EVENT_NS;
        if (paidNs - floorNs < 0) {
            paidNs = floorNs;
        }
        if (nowNs - paidNs < EVENT_NS) {
            return false;
        }
        paidNs += EVENT_NS;
        return true;
    }

    private EventDraft draft(boolean isUp, Map<Path, Watched> due) {
        Map<String, String> fields = new TreeMap<>();
        fields.put(EventField.SRC_SITE_ID, siteIdText);
        fields.put(EventField.SRC_SITE_NAME, siteName);
        fields.put(EventField.TUNNEL_PROTOCOL, "DTLS");
        Set<Long> sites = new TreeSet<>(Long::compareUnsigned);
        Set<Integer> links = new TreeSet<>();
        due.keySet().forEach(path -> sites.add(path.siteId()));
        due.keySet().forEach(path -> links.add(path.linkIndex()));
        Collection<Status> all = due.values().stream().map(it -> it.status).toList();
        EventLists.put(fields, EventField.DEST_SITE_ID, EventLists.ofIds(sites));
        EventLists.put(fields, EventField.DEST_SITE_NAME, names(all, Status::siteName));
        EventLists.put(fields, EventField.SOCKET_INTERFACE, names(all, Status::linkName));
        EventLists.put(fields, EventField.SOCKET_INTERFACE_ID, EventLists.ofNumbers(links));
        EventLists.put(fields, EventField.FAILURE_REASON, names(all, Status::reason));
        EventLists.put(fields, EventField.RECOMMENDED_ACTIONS, names(all, Status::remedy));
        EventType type =
                isUp
                        ? EventType.OFF_CLOUD_TRANSPORT_CONNECT
                        : EventType.OFF_CLOUD_TRANSPORT_DISCONNECT;
        return new EventDraft(type, isUp ? CONNECTED : DISCONNECTED, fields);
    }

    private static String names(Collection<Status> all, Function<Status, String> name) {
        return EventLists.ofNames(all.stream().map(name).filter(it -> !it.isEmpty()).toList());
    }
}
