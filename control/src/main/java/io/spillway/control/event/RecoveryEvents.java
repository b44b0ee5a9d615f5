package io.spillway.control.event;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * When the <i>Activated</i> and <i>Stopped</i> of one transport off the cloud are told (R090-R092,
 * D34). Owned by control.
 *
 * <p><b>Activated</b>: the first WAN packet was sent on that transport, by the data plane's own
 * count. Not when the cloud is lost, not when tunnels are ready: with no traffic there is no event.
 *
 * <p><b>Stopped</b>: a PoP tunnel of this site lives, no peer that a tunnel of the transport
 * reaches goes by it any more, and nothing was sent on one for a second.
 *
 * <p>Between the two is one episode, whatever happens in it, also a restart: the journal's last
 * event tells whether one is open. R090 speaks of what is sent, not of whose cloud is lost: so a
 * connected site that answers a peer which left the cloud has an episode of its own.
 */
public final class RecoveryEvents {
    public static final String ACTIVATED = "Off-Cloud Recovery Activated";
    public static final String STOPPED = "Off-Cloud Recovery Stopped";
    public static final String ALT_WAN_ACTIVATED = "Recovery via Alt. WAN Activated";
    public static final String ALT_WAN_STOPPED = "Recovery via Alt. WAN Stopped";
    public static final long QUIET_NS = 1_000_000_000L;

    /** Whose events. */
    public enum Kind {
        OFF_CLOUD(EventType.OFF_CLOUD_RECOVERY, ACTIVATED, STOPPED),
        ALT_WAN(EventType.RECOVERY_VIA_ALT_WAN, ALT_WAN_ACTIVATED, ALT_WAN_STOPPED);

        private final EventType type;
        private final String activated;
        private final String stopped;

        Kind(EventType type, String activated, String stopped) {
            this.type = type;
            this.activated = activated;
            this.stopped = stopped;
        }

        /** Of which the newest event in the journal tells whether an episode is open. */
        public EventType type() {
            return type;
        }
    }

    /**
     * WAN packets of hosts, no probes, that one tunnel of the transport sent since it was opened.
     *
     * @param tunnel its index, which no other has
     */
    public record Sent(
            int tunnel,
            long siteId,
            String siteName,
            int linkIndex,
            String linkName,
            long packetCount) {}

    private final Kind kind;
    private final String siteIdText;
    private final String siteName;
    private final Map<Integer, Long> counted = new HashMap<>();
    private final Map<Long, String> sites = new TreeMap<>(Long::compareUnsigned);
    private final Map<Integer, String> links = new TreeMap<>();
    private boolean isActive;
    private long lastSentNs;

    /** {@code last}: the journal's newest of {@link Kind#type}, or null. */
    public RecoveryEvents(Kind kind, long siteId, String siteName, Event last, long nowNs) {
        this.kind = kind;
        siteIdText = Long.toUnsignedString(siteId);
        this.siteName = siteName;
        isActive = last != null && last.message().equals(kind.activated);
        lastSentNs = nowNs;
    }

    /** An episode is open. */
    public boolean isActive() {
        return isActive;
    }

    /**
     * Looks at the counters; at least once a second, and right after a return or loss.
     *
     * @param isCloudAlive this site's state is CLOUD
     * @param isInUse a peer whose transport this is has a living tunnel of it
     * @return the event to append to the journal with the present time
     */
    public Optional<EventDraft> poll(
            Collection<Sent> counters, boolean isCloudAlive, boolean isInUse, long nowNs) {
        if (count(counters)) {
            lastSentNs = nowNs;
            if (!isActive) {
                isActive = true;
                return Optional.of(draft(kind.activated));
            }
        }
        boolean isQuiet = nowNs - lastSentNs >= QUIET_NS;
        if (isActive && isCloudAlive && !isInUse && isQuiet) {
            isActive = false;
            EventDraft stopped = draft(kind.stopped);
            sites.clear();
            links.clear();
            return Optional.of(stopped);
        }
        return Optional.empty();
    }

    private boolean count(Collection<Sent> counters) {
        boolean anySent = false;
        counted.keySet().retainAll(counters.stream().map(Sent::tunnel).collect(Collectors.toSet()));
        for (Sent sent : counters) {
            Long before = counted.put(sent.tunnel(), sent.packetCount());
            if (sent.packetCount() > (before == null ? 0 : before)) {
                sites.put(sent.siteId(), sent.siteName());
                links.put(sent.linkIndex(), sent.linkName());
                anySent = true;
            }
        }
        return anySent;
    }

    private EventDraft draft(String message) {
        Map<String, String> fields = new TreeMap<>();
        fields.put(EventField.SRC_SITE_ID, siteIdText);
        fields.put(EventField.SRC_SITE_NAME, siteName);
        fields.put(EventField.TUNNEL_PROTOCOL, "DTLS");
        EventLists.put(fields, EventField.DEST_SITE_ID, EventLists.ofIds(sites.keySet()));
        EventLists.put(fields, EventField.DEST_SITE_NAME, EventLists.ofNames(sites.values()));
        EventLists.put(fields, EventField.SOCKET_INTERFACE, EventLists.ofNames(links.values()));
        EventLists.put(
                fields, EventField.SOCKET_INTERFACE_ID, EventLists.ofNumbers(links.keySet()));
        return new EventDraft(kind.type, message, fields);
    }
}
