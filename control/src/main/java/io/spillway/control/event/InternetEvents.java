package io.spillway.control.event;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When Internet Recovery is told of, by the rules that hold for the recovery of traffic between
 * sites ({@link RecoveryEvents}). Owned by control.
 *
 * <p><b>Activated</b>: the first packet to the Internet left by a link of our own. <b>Stopped</b>:
 * such traffic goes by the PoP again, and nothing left directly for a second. Between the two is
 * one episode, also over a restart, whose newest event in the journal tells whether one is open.
 */
public final class InternetEvents {
    public static final String ACTIVATED = "Internet Recovery Activated";
    public static final String STOPPED = "Internet Recovery Stopped";

    /**
     * The link by which packets leave, or left last.
     *
     * @param publicIp its address as the Internet sees it; empty: not known
     */
    public record Egress(int linkIndex, String linkName, String publicIp) {}

    private final String siteIdText;
    private final String siteName;
    private boolean isActive;
    private long counted;
    private long lastSentNs;

    /** {@code last}: the journal's newest of {@link EventType#INTERNET_RECOVERY}, or null. */
    public InternetEvents(long siteId, String siteName, Event last, long nowNs) {
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
     * Looks at the counter; several times a second.
     *
     * @param packetCount that left directly since the start
     * @param isByCloud such traffic goes by the PoP
     * @param egress null: not known
     * @return the event to append to the journal with the present time
     */
    public Optional<EventDraft> poll(
            long packetCount, boolean isByCloud, Egress egress, long nowNs) {
        if (packetCount > counted) {
            counted = packetCount;
            lastSentNs = nowNs;
            if (!isActive) {
                isActive = true;
                return Optional.of(draft(ACTIVATED, egress));
            }
        }
        boolean isQuiet = nowNs - lastSentNs >= RecoveryEvents.QUIET_NS;
        if (isActive && isByCloud && isQuiet) {
            isActive = false;
            return Optional.of(draft(STOPPED, egress));
        }
        return Optional.empty();
    }

    private EventDraft draft(String message, Egress egress) {
        Map<String, String> fields = new TreeMap<>();
        fields.put(EventField.SRC_SITE_ID, siteIdText);
        fields.put(EventField.SRC_SITE_NAME, siteName);
        if (egress != null) {
            fields.put(EventField.SOCKET_INTERFACE, egress.linkName());
            fields.put(EventField.SOCKET_INTERFACE_ID, Integer.toString(egress.linkIndex()));
            EventLists.put(fields, EventField.PUBLIC_IP, egress.publicIp());
        }
        return new EventDraft(EventType.INTERNET_RECOVERY, message, fields);
    }
}
