package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.SitesHeard;
import java.util.List;
import org.junit.jupiter.api.Test;

class SitesAlarmTest {
    private List<SitesAlarm.Standing> sites = List.of();
    private final SitesAlarm alarm = new SitesAlarm(() -> sites);

    @Test
    void shouldTellOfASiteThatFallsSilentAndComesBack() {
        sites = List.of(berlin(true, ""), new SitesAlarm.Standing(7, "never", false, ""));
        assertEquals(List.of(), alarm.look(0));
        sites = List.of(berlin(false, "london"), new SitesAlarm.Standing(7, "never", false, ""));
        assertEquals(List.of(), alarm.look(1));
        assertEquals(List.of(), alarm.look(SitesAlarm.SILENT_NS));

        EventDraft silent = alarm.look(1 + SitesAlarm.SILENT_NS).getFirst();

        assertEquals(SitesHeard.SILENT, silent.message());
        assertEquals("berlin", silent.fields().get(EventField.SRC_SITE_NAME));
        assertEquals("london", silent.fields().get(EventField.HEARD_BY));
        assertEquals(List.of(), alarm.look(2 + SitesAlarm.SILENT_NS), "told");
        sites = List.of(berlin(true, ""));
        assertEquals(SitesHeard.BACK, alarm.look(3 + SitesAlarm.SILENT_NS).getFirst().message());
        assertEquals(List.of(), alarm.look(4 + SitesAlarm.SILENT_NS));
    }

    @Test
    void shouldNotTellOfAShortSilence() {
        sites = List.of(berlin(true, ""));
        alarm.look(0);
        sites = List.of(berlin(false, ""));
        alarm.look(1);
        sites = List.of(berlin(true, ""));
        assertEquals(List.of(), alarm.look(SitesAlarm.SILENT_NS));
        sites = List.of(berlin(false, ""));
        assertEquals(List.of(), alarm.look(SitesAlarm.SILENT_NS + 1));
    }

    private static SitesAlarm.Standing berlin(boolean isAttached, String heardBy) {
        return new SitesAlarm.Standing(1001, "berlin", isAttached, heardBy);
    }
}
