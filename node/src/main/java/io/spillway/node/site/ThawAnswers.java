package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RouteDifference;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway routes --diff} is told. On control's thread. */
final class ThawAnswers {
    /** Prefixes that are looked at for what a thaw would do now. */
    private static final int PREFIXES_MAX = 1_000;

    private final SiteControl control;

    ThawAnswers(SiteControl control) {
        this.control = control;
    }

    ObjectNode answer() {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        List<ThawLog.Thaw> last = control.recovery().thaws().last();
        if (!last.isEmpty()) {
            ArrayNode sites = answer.putArray("lastThaw");
            last.forEach(thaw -> describe(sites.addObject(), thaw));
            ArrayNode changes = answer.putArray("lastThawChanges");
            last.forEach(thaw -> describe(changes, thaw.shown()));
        }
        int waiting = control.rib().waitingCount();
        answer.put("waiting", waiting);
        if (waiting > 0) {
            RouteDifference now = control.rib().previewThaw(PREFIXES_MAX);
            describe(answer.putArray("thawNow"), now);
            answer.put("waitingNotShown", Math.max(0, waiting - PREFIXES_MAX));
        }
        return answer;
    }

    private void describe(ObjectNode node, ThawLog.Thaw thaw) {
        node.put("time", Instant.ofEpochMilli(thaw.timeMs()).toString());
        node.put("site", siteName(thaw.siteId()));
        node.put("added", thaw.added());
        node.put("removed", thaw.removed());
        node.put("changed", thaw.changed());
        int shown = thaw.shown().added().size() + thaw.shown().removed().size();
        shown += thaw.shown().changed().size();
        node.put("shown", shown);
    }

    private void describe(ArrayNode rows, RouteDifference difference) {
        difference.added().forEach(route -> describe(rows, "added", null, route));
        difference.removed().forEach(route -> describe(rows, "removed", route, null));
        difference.changed().forEach(it -> describe(rows, "changed", it.before(), it.after()));
    }

    private void describe(ArrayNode rows, String change, Route before, Route after) {
        rows.addObject()
                .put("change", change)
                .put("prefix", (before == null ? after : before).prefix().toString())
                .put("before", before == null ? "" : way(before))
                .put("after", after == null ? "" : way(after));
    }

    private String way(Route route) {
        if (!route.source().isLocal()) {
            return "site " + siteName(route.siteId());
        }
        String kind = route.nextHop() == null ? "NONE" : route.nextHop().kind().name();
        return route.source() + " " + kind;
    }

    private String siteName(long siteId) {
        Peer peer = control.directory().peer(siteId);
        String id = Long.toUnsignedString(siteId);
        return peer == null ? id : id + " (" + peer.site().name() + ")";
    }
}
