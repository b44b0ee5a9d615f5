package io.spillway.control.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.TunnelEvents.Path;
import io.spillway.control.event.TunnelEvents.Status;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelEventsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Path LONDON = new Path(1002, 0);
    private static final Path MADRID = new Path(1003, 0);
    private final TunnelEvents events = new TunnelEvents(1001, "berlin", 0);
    private final Map<Path, Status> present = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final List<TunnelEvents.Told> all = new ArrayList<>();
    private long nowNs;

    @TempDir java.nio.file.Path directory;

    @Test
    void shouldTellOfAllThatCameUpTogetherOnce() {
        set(LONDON, "london", true);
        set(MADRID, "madrid", true);

        run(29);
        assertEquals(List.of(), told);
        run(60);

        assertEquals(List.of("30 " + TunnelEvents.CONNECTED + " london,madrid wan1"), told);
        Map<String, String> fields = all.getFirst().draft().fields();
        assertEquals("1002,1003", fields.get(EventField.DEST_SITE_ID));
        assertEquals("1001", fields.get(EventField.SRC_SITE_ID));
        assertEquals("0", fields.get(EventField.SOCKET_INTERFACE_ID));
        assertEquals(30 * SECOND, all.getFirst().ageNs());
    }

    @Test
    void shouldTellOfOneThatStaysDownWithTheReason() {
        set(LONDON, "london", true);
        run(60);
        told.clear();
        present.put(LONDON, new Status("london", "wan1", false, "KEEPALIVE_LOST", "Check NAT."));

        run(149);
        assertEquals(List.of(), told);
        run(2);

        assertEquals(List.of("210 " + TunnelEvents.DISCONNECTED + " london wan1"), told);
        Map<String, String> fields = all.getLast().draft().fields();
        assertEquals("KEEPALIVE_LOST", fields.get(EventField.FAILURE_REASON));
        assertEquals(150 * SECOND, all.getLast().ageNs());
    }

    @Test
    void shouldSayNothingOfOneThatIsBackSoon() {
        set(LONDON, "london", true);
        run(60);
        told.clear();

        set(LONDON, "london", false);
        run(100);
        set(LONDON, "london", true);
        run(200);

        assertEquals(List.of(), told);
    }

    @Test
    void shouldTellThatASiteThatIsNoLongerPlannedIsDisconnected() {
        set(LONDON, "london", true);
        run(60);
        told.clear();

        present.clear();
        run(200);

        assertEquals(List.of("210 " + TunnelEvents.DISCONNECTED + " london wan1"), told);
    }

    @Test
    void shouldBoundTheEventsAndBytesOfADayHoweverTunnelsFlap() throws Exception {
        var config = new EventJournal.Config(directory, "1");
        try (EventJournal journal = EventJournal.open(config, 1)) {
            for (int i = 0; i < 24 * 20; i++) {
                set(LONDON, "london", i % 2 == 0);
                set(MADRID, "madrid", i % 2 == 1);
                run(180);
            }
            for (TunnelEvents.Told each : all) {
                journal.append(1, each.draft());
            }
        }

        assertTrue(all.size() <= TunnelEvents.PER_DAY_MAX + 1, () -> all.size() + " events");
        long bytes = 0;
        try (var files = Files.list(directory)) {
            for (java.nio.file.Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        assertTrue(bytes < 128 * 1024, "bytes a day: " + bytes);
    }

    private void set(Path path, String name, boolean isUp) {
        present.put(path, new Status(name, "wan1", isUp, "", ""));
    }

    private void run(int seconds) {
        for (int i = 0; i < seconds; i++) {
            for (TunnelEvents.Told each : events.poll(present, nowNs)) {
                all.add(each);
                Map<String, String> fields = each.draft().fields();
                told.add(
                        nowNs / SECOND
                                + " "
                                + each.draft().message()
                                + " "
                                + fields.get(EventField.DEST_SITE_NAME)
                                + " "
                                + fields.get(EventField.SOCKET_INTERFACE));
            }
            nowNs += SECOND;
        }
    }
}
