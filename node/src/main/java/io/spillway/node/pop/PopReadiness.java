package io.spillway.node.pop;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.HeardPeers;
import io.spillway.control.wire.ReadinessEntry;
import io.spillway.control.wire.ReadinessReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * What sites last said of their readiness and of whom they hear, so that a site that left the PoP
 * is shown as recovering, not as gone (R099). Owned by control.
 */
final class PopReadiness {
    private static final String KIND_PREFIX = "READINESS_";

    private final Map<Long, ReadinessReport> reports = new HashMap<>();
    private final Map<Long, HeardPeers> hearing = new HashMap<>();

    /** Other frames are no news here. */
    void onFrame(long siteId, Frame frame) {
        switch (frame.getBodyCase()) {
            case READINESS_REPORT -> reports.put(siteId, frame.getReadinessReport());
            case HEARD_PEERS -> hearing.put(siteId, frame.getHeardPeers());
            default -> {}
        }
    }

    void forget(long siteId) {
        reports.remove(siteId);
        hearing.remove(siteId);
    }

    /**
     * Adds to what {@code status} says of a site.
     *
     * @param hearers of all sites
     */
    void describe(ObjectNode node, AttachedSite site, Map<Long, List<AttachedSite>> hearers) {
        ReadinessReport report = report(site);
        if (report != null) {
            node.put("readiness", text(report.getSite()));
            node.put("reported", Instant.ofEpochMilli(report.getTimeMs()).toString());
        }
        if (!site.isAttached()) {
            node.put("recoveringVia", names(hearers.getOrDefault(site.id(), List.of())));
        }
    }

    /** What the site said last; null: nothing yet. */
    ReadinessReport report(AttachedSite site) {
        return reports.get(site.id());
    }

    /**
     * Of each site that is not attached, by its ID, those that are and hear it. Who is heard by
     * nobody is not in it.
     */
    Map<Long, List<AttachedSite>> hearers(Collection<AttachedSite> all) {
        Map<Long, List<AttachedSite>> hearers = new HashMap<>();
        Set<Long> absent =
                all.stream()
                        .filter(site -> !site.isAttached())
                        .map(AttachedSite::id)
                        .collect(Collectors.toSet());
        for (AttachedSite site : all) {
            HeardPeers heard = hearing.get(site.id());
            if (absent.isEmpty() || heard == null || !site.isAttached()) {
                continue;
            }
            heard.getSiteIdsList().stream()
                    .filter(absent::contains)
                    .forEach(
                            other ->
                                    hearers.computeIfAbsent(other, _ -> new ArrayList<>())
                                            .add(site));
        }
        return hearers;
    }

    /** With commas between them. */
    static String names(List<AttachedSite> sites) {
        return sites.stream().map(AttachedSite::name).collect(Collectors.joining(", "));
    }

    /** "PARTIAL 1/2 MTU_BLACKHOLE". */
    private static String text(ReadinessEntry entry) {
        String kind = entry.getKind().name().substring(KIND_PREFIX.length());
        String counts =
                entry.getExpected() == 0
                        ? ""
                        : " " + entry.getConnected() + "/" + entry.getExpected();
        String reason = entry.getReason().isEmpty() ? "" : " " + entry.getReason();
        return kind + counts + reason;
    }
}
