package io.spillway.node.notify;

import io.spillway.control.event.Event;
import io.spillway.control.event.EventField;
import io.spillway.control.event.InternetEvents;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.event.SitesHeard;
import io.spillway.control.readiness.Readiness;
import io.spillway.control.readiness.ReadinessHistory;
import java.time.Instant;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event as people are told of it. Immutable.
 *
 * @param omitted events since the last notice that were too many to be told
 */
record Notice(Event event, NoticeKind kind, long omitted) {
    private static final Set<String> ENDS =
            Set.of(
                    RecoveryEvents.STOPPED,
                    RecoveryEvents.ALT_WAN_STOPPED,
                    InternetEvents.STOPPED,
                    SitesHeard.BACK);

    /** Whether it is news: what readiness was before an incident is kept, but not told. */
    static boolean isNews(Event event) {
        return !event.message().equals(ReadinessHistory.BEFORE_RECOVERY);
    }

    /** One line. */
    String summary() {
        return switch (kind) {
            case READINESS -> "Recovery readiness " + readiness();
            case SITE -> event.message() + ": " + event.fields().get(EventField.SRC_SITE_NAME);
            default -> event.message();
        };
    }

    private String readiness() {
        return event.fields().getOrDefault(ReadinessHistory.SITE, "unknown");
    }

    NoticeSeverity severity() {
        return switch (kind) {
            case RECOVERY, INTERNET, SITE ->
                    ENDS.contains(event.message()) ? NoticeSeverity.NOTICE : NoticeSeverity.ERROR;
            case READINESS -> ofReadiness();
            case CERTIFICATE, DROPS -> NoticeSeverity.WARNING;
            case DISK -> NoticeSeverity.CRITICAL;
            case DAEMON -> NoticeSeverity.NOTICE;
            case CLOUD, TUNNELS, ROUTING, FIREWALL -> NoticeSeverity.INFORMATIONAL;
        };
    }

    private NoticeSeverity ofReadiness() {
        String readiness = readiness();
        if (readiness.startsWith(Readiness.Status.NOT_READY.name())) {
            return NoticeSeverity.ERROR;
        }
        boolean isPartial = readiness.startsWith(Readiness.Status.PARTIAL.name());
        return isPartial ? NoticeSeverity.WARNING : NoticeSeverity.NOTICE;
    }

    /** As webhooks get it. */
    ObjectNode json(NoticeOrigin origin) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("id", event.id())
                .put("time", Instant.ofEpochMilli(event.timeMs()).toString())
                .put("epochMs", event.timeMs())
                .put("kind", kind.label())
                .put("severity", severity().name())
                .put("summary", origin.name() + ": " + summary())
                .put("type", event.type())
                .put("subType", event.subType())
                .put("message", event.message());
        node.putObject("from")
                .put("role", origin.role())
                .put("id", origin.id())
                .put("name", origin.name());
        ObjectNode fields = node.putObject("fields");
        event.fields().forEach(fields::put);
        return node.put("omitted", omitted);
    }
}
