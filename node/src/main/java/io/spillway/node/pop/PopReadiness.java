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
import java.util.stream.Stream;
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
     * @param others all other sites, of which those attached say whom they hear
     */
    void describe(ObjectNode node, AttachedSite site, List<AttachedSite> others) {
        ReadinessReport report = report(site);
        if (report != null) {
            node.put("readiness", text(report.getSite()));
            node.put("reported", Instant.ofEpochMilli(report.getTimeMs()).toString());
        }
        if (!site.isAttached()) {
            List<String> via = hearers(site, others).map(AttachedSite::name).toList();
            node.put("recoveringVia", String.join(", ", via));
        }
    }

    /** What the site said last; null: nothing yet. */
    ReadinessReport report(AttachedSite site) {
        return reports.get(site.id());
    }

    /** Those of the others that are attached and hear it. */
    Stream<AttachedSite> hearers(AttachedSite site, List<AttachedSite> others) {
        return others.stream().filter(other -> other.isAttached() && hears(other.id(), site.id()));
    }

    /** The same of all at once, by ID; who is heard by nobody is not in it. */
    Map<Long, List<AttachedSite>> hearers(Collection<AttachedSite> all) {
        Map<Long, List<AttachedSite>> hearers = new HashMap<>();
        for (AttachedSite site : all) {
            HeardPeers heard = site.isAttached() ? hearing.get(site.id()) : null;
            if (heard != null) {
                for (long other : heard.getSiteIdsList()) {
                    hearers.computeIfAbsent(other, _ -> new ArrayList<>()).add(site);
                }
            }
        }
        return hearers;
    }

    private boolean hears(long siteId, long other) {
        HeardPeers heard = hearing.get(siteId);
        return heard != null && heard.getSiteIdsList().contains(other);
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
