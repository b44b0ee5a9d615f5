package io.spillway.control.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InternetEventsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InternetEvents.Egress WAN =
            new InternetEvents.Egress(1, "lte", "198.51.100.2");

    private final InternetEvents events = new InternetEvents(1001, "berlin", null, 0);

    @Test
    void shouldTellActivatedAtTheFirstPacketAndStoppedAfterTheLast() {
        assertEquals(Optional.empty(), events.poll(0, false, WAN, 1), "direct, no traffic");

        EventDraft activated = events.poll(1, false, WAN, 2).orElseThrow();

        assertEquals("Internet Recovery Activated", activated.message());
        Map<String, String> fields = activated.fields();
        assertEquals("1001", fields.get(EventField.SRC_SITE_ID));
        assertEquals("lte", fields.get(EventField.SOCKET_INTERFACE));
        assertEquals("1", fields.get(EventField.SOCKET_INTERFACE_ID));
        assertEquals("198.51.100.2", fields.get(EventField.PUBLIC_IP));
        assertEquals(Optional.empty(), events.poll(2, false, WAN, 3), "once per episode");
        assertEquals(Optional.empty(), events.poll(2, false, WAN, 3 + SECOND), "not back");
        assertEquals(Optional.empty(), events.poll(3, true, WAN, 4 + SECOND), "not quiet");
        assertTrue(events.isActive());

        EventDraft stopped = events.poll(3, true, WAN, 4 + 2 * SECOND).orElseThrow();
        assertEquals("Internet Recovery Stopped", stopped.message());
        assertFalse(events.isActive());
    }

    @Test
    void shouldEndAfterARestartWhatBeganBefore() {
        EventDraft draft = events.poll(1, false, null, 0).orElseThrow();
        InternetEvents after =
                new InternetEvents(1001, "berlin", Event.of("1", 1, draft), 5 * SECOND);

        assertTrue(after.isActive());
        EventDraft stopped = after.poll(0, true, null, 6 * SECOND).orElseThrow();

        assertEquals(InternetEvents.STOPPED, stopped.message());
        assertFalse(stopped.fields().containsKey(EventField.SOCKET_INTERFACE));
    }
}
