package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RouteDifference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** That a site's return put other routes in force than were pinned. */
final class RoutesChangedEvent {
    /** Prefixes that are named of each kind; the counts say how many there are. */
    private static final int NAMED_MAX = 20;

    private RoutesChangedEvent() {}

    static EventDraft of(String siteId, String siteName, ThawLog.Thaw thaw) {
        String message =
                "Routes of %s at its return: %d added, %d removed, %d changed"
                        .formatted(siteName, thaw.added(), thaw.removed(), thaw.changed());
        Map<String, String> fields = new HashMap<>();
        fields.put(EventField.DEST_SITE_ID, siteId);
        fields.put(EventField.DEST_SITE_NAME, siteName);
        RouteDifference shown = thaw.shown();
        name(fields, EventField.ROUTES_ADDED, shown.added());
        name(fields, EventField.ROUTES_REMOVED, shown.removed());
        List<Route> changed = shown.changed().stream().map(it -> it.after()).toList();
        name(fields, EventField.ROUTES_CHANGED, changed);
        return new EventDraft(EventType.ROUTES_CHANGED, message, fields);
    }

    private static void name(Map<String, String> fields, String field, List<Route> routes) {
        if (!routes.isEmpty()) {
            fields.put(
                    field,
                    routes.stream()
                            .limit(NAMED_MAX)
                            .map(route -> route.prefix().toString())
                            .collect(Collectors.joining(",")));
        }
    }
}
