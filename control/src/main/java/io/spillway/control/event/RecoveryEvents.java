package io.spillway.control.event;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When <i>Off-Cloud Recovery Activated</i> and <i>Stopped</i> are told (R090-R092, D34). Owned by
 * control.
 *
 * <p><b>Activated</b>: the first WAN packet was sent on the recovery transport, by the data plane's
 * own count. Not when the cloud is lost, not when tunnels are ready: with no traffic there is no
 * event.
 *
 * <p><b>Stopped</b>: a PoP tunnel of this site lives, no peer that a recovery tunnel reaches goes
 * by it any more, and nothing was sent on one for a second.
 *
 * <p>Between the two is one episode, whatever happens in it, also a restart: the journal's last
 * event tells whether one is open. R090 speaks of what is sent, not of whose cloud is lost: so a
 * connected site that answers a peer which left the cloud has an episode of its own.
 */
public final class RecoveryEvents {
    public static final String ACTIVATED = "Off-Cloud Recovery Activated";
    public static final String STOPPED = "Off-Cloud Recovery Stopped";
    public static final long QUIET_NS = 1_000_000_000L;

    /** WAN packets of hosts, no probes, sent to a peer over a link on RECOVERY, since the start. */
    public record Sent(
            long siteId, String siteName, int linkIndex, String linkName, long packetCount) {}

    private record Path(long siteId, int linkIndex) {}

    private final String siteIdText;
    private final String siteName;
    private final Map<Path, Long> counted = new HashMap<>();
    private final Map<Long, String> sites = new TreeMap<>(Long::compareUnsigned);
    private final Map<Integer, String> links = new TreeMap<>();
    private boolean isActive;
    private long lastSentNs;

    /** {@code last}: the journal's newest {@link EventType#OFF_CLOUD_RECOVERY}, or null. */
    public RecoveryEvents(long siteId, String siteName, Event last, long nowNs) {
        siteIdText = Long.toUnsignedString(siteId);
        this.siteName = siteName;
        isActive = last != null && last.message().equals(ACTIVATED);
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
     * @param isRecoveryInUse a peer whose transport is RECOVERY has a living tunnel
     * @return the event to append to the journal with the present time
     */
    public Optional<EventDraft> poll(
            Collection<Sent> counters, boolean isCloudAlive, boolean isRecoveryInUse, long nowNs) {
        if (count(counters)) {
            lastSentNs = nowNs;
            if (!isActive) {
                isActive = true;
                return Optional.of(draft(ACTIVATED));
            }
        }
        boolean isQuiet = nowNs - lastSentNs >= QUIET_NS;
        if (isActive && isCloudAlive && !isRecoveryInUse && isQuiet) {
            isActive = false;
            EventDraft stopped = draft(STOPPED);
            sites.clear();
            links.clear();
            return Optional.of(stopped);
        }
        return Optional.empty();
    }

    private boolean count(Collection<Sent> counters) {
        boolean anySent = false;
        for (Sent sent : counters) {
            Path path = new Path(sent.siteId(), sent.linkIndex());
            long before = counted.getOrDefault(path, 0L);
            counted.put(path, sent.packetCount());
            // A smaller count is a new tunnel's.
            if (sent.packetCount() != before && sent.packetCount() > 0) {
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
        return new EventDraft(EventType.OFF_CLOUD_RECOVERY, message, fields);
    }
}
