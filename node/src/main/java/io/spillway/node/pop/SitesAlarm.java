package io.spillway.node.pop;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.control.event.SitesHeard;
import io.spillway.node.alarm.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Sites that were attached, here or at another node, and are silent for half a minute; and those
 * that come back from that.
 */
final class SitesAlarm implements Alarm {
    static final Duration INTERVAL = Duration.ofSeconds(5);
    static final long SILENT_NS = 30_000_000_000L;

    private final Supplier<List<Standing>> sites;
    private final Map<Long, Long> silentSinceNs = new HashMap<>();
    private final Set<Long> attachedOnce = new HashSet<>();
    private final Set<Long> told = new HashSet<>();

    /**
     * One site, as it is at the moment.
     *
     * @param heardBy names of attached sites that hear it
     */
    record Standing(long id, String name, boolean isAttached, String heardBy) {}

    /**
     * @param sites all that are known; may block
     */
    SitesAlarm(Supplier<List<Standing>> sites) {
        this.sites = sites;
    }

    /** On the control thread. */
    static List<Standing> standing(PopControl control) {
        Map<Long, List<AttachedSite>> hearers = control.readiness().hearers(control.sites());
        return control.sites().stream().map(site -> standing(site, hearers)).toList();
    }

    private static Standing standing(AttachedSite site, Map<Long, List<AttachedSite>> hearers) {
        String heardBy = PopReadiness.names(hearers.getOrDefault(site.id(), List.of()));
        return new Standing(site.id(), site.name(), site.isAttached(), heardBy);
    }

    @Override
    public List<EventDraft> look(long nowNs) {
        List<EventDraft> drafts = new ArrayList<>();
        for (Standing site : sites.get()) {
            if (site.isAttached()) {
                attachedOnce.add(site.id());
                silentSinceNs.remove(site.id());
                if (told.remove(site.id())) {
                    drafts.add(draft(SitesHeard.BACK, site));
                }
            } else if (isSilentFor(site, nowNs) && told.add(site.id())) {
                drafts.add(draft(SitesHeard.SILENT, site));
            }
        }
        return drafts;
    }

    private boolean isSilentFor(Standing site, long nowNs) {
        long sinceNs = silentSinceNs.computeIfAbsent(site.id(), _ -> nowNs);
        return attachedOnce.contains(site.id()) && nowNs - sinceNs >= SILENT_NS;
    }

    private static EventDraft draft(String message, Standing site) {
        Map<String, String> fields = new TreeMap<>();
        fields.put(EventField.SRC_SITE_ID, Long.toUnsignedString(site.id()));
        fields.put(EventField.SRC_SITE_NAME, site.name());
        if (!site.heardBy().isEmpty()) {
            fields.put(EventField.HEARD_BY, site.heardBy());
        }
        return new EventDraft(EventType.SITE_HEARD, message, fields);
    }
}
