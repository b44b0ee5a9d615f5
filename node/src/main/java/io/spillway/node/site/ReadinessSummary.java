package io.spillway.node.site;

import io.spillway.control.readiness.Fault;
import io.spillway.control.readiness.PeerReadiness;
import io.spillway.control.readiness.Readiness;
import io.spillway.control.readiness.ReadinessHistory;
import io.spillway.control.readiness.SiteReadiness;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Readiness in a few short fields, as it is kept: no times in it, so equal states are equal. */
final class ReadinessSummary {
    static final String ALT_WAN = "alt wan";
    static final String CONNECTED = "connected";
    static final String MISSING = "missing";
    static final String LINK_PREFIX = "link ";

    private static final int LENGTH_MAX = 8192;

    private ReadinessSummary() {}

    static Map<String, String> of(SiteReadiness readiness, SiteSetup setup) {
        Map<String, String> fields = new TreeMap<>();
        fields.put(ReadinessHistory.SITE, withReason(readiness.site()));
        if (readiness.altWan() != null) {
            fields.put(ALT_WAN, withReason(readiness.altWan()));
        }
        readiness
                .links()
                .forEach(
                        (link, it) ->
                                fields.put(LINK_PREFIX + setup.linkName(link), withReason(it)));
        put(
                fields,
                CONNECTED,
                readiness.peers().stream()
                        .filter(PeerReadiness::isConnected)
                        .map(PeerReadiness::name)
                        .collect(Collectors.joining(", ")));
        put(
                fields,
                MISSING,
                readiness.peers().stream()
                        .filter(peer -> peer.isExpected() && !peer.isConnected())
                        .map(peer -> peer.name() + " " + describe(peer.faults().getFirst(), setup))
                        .collect(Collectors.joining(", ")));
        return fields;
    }

    /** "MTU_BLACKHOLE REMOTE wan1". */
    static String describe(Fault fault, SiteSetup setup) {
        String words = fault.code() + " " + fault.side();
        return fault.tunnel() == null
                ? words
                : words + " " + setup.linkName(fault.tunnel().localLink());
    }

    private static String withReason(Readiness readiness) {
        boolean isIncomplete = readiness.isMeasured() && readiness.reason() != null;
        return isIncomplete ? readiness + " " + readiness.reason() : readiness.toString();
    }

    private static void put(Map<String, String> fields, String name, String list) {
        if (!list.isEmpty()) {
            boolean fits = list.length() <= LENGTH_MAX;
            fields.put(name, fits ? list : list.substring(0, list.lastIndexOf(',', LENGTH_MAX)));
        }
    }
}
