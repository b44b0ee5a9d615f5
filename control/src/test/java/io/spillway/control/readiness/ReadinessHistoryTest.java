package io.spillway.control.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessHistoryTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, String> READY = Map.of("site", "READY 2/2");
    private static final Map<String, String> PARTIAL = Map.of("site", "PARTIAL 1/2 SAME_NAT");
    private final ReadinessHistory history = new ReadinessHistory(0);
    private final List<ReadinessHistory.Entry> kept = new ArrayList<>();
    private long nowNs;

    @TempDir Path directory;

    @Test
    void shouldKeepAStateThatStandsWithTheTimeSinceWhenItWasSo() {
        run(READY, 30);
        run(PARTIAL, 30);

        assertEquals(List.of(0L, 30_000L), kept.stream().map(it -> it.timeMs()).toList());
        assertEquals(PARTIAL, kept.getLast().draft().fields());
    }

    @Test
    void shouldKeepWhatWasBeforeRecoveryThoughItHadNotSettled() {
        run(READY, 30);
        run(PARTIAL, 3);

        ReadinessHistory.Entry before = history.onRecovery(nowNs).orElseThrow();

        assertEquals(PARTIAL, before.draft().fields());
        assertEquals(ReadinessHistory.BEFORE_RECOVERY, before.draft().message());
        assertEquals(32_000, before.timeMs());
        assertTrue(history.onRecovery(nowNs + SECOND).isEmpty(), "once a minute");
    }

    @Test
    void shouldBoundWhatADayWritesHoweverItFlaps() throws Exception {
        var config = new EventJournal.Config(directory, "1", 128 * 1024, 4);
        try (EventJournal journal = EventJournal.open(config, 1)) {
            for (int i = 0; i < 24 * 60 * 2; i++) {
                run(i % 2 == 0 ? READY : PARTIAL, 30);
            }
            for (ReadinessHistory.Entry entry : kept) {
                journal.append(1 + entry.timeMs(), entry.draft());
            }
        }

        assertTrue(kept.size() <= ReadinessHistory.PER_DAY_MAX + 1, () -> kept.size() + " kept");
        long bytes = 0;
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        assertTrue(bytes < 64 * 1024, "bytes a day: " + bytes);
    }

    private void run(Map<String, String> state, int seconds) {
        for (int i = 0; i < seconds; i++) {
            history.poll(state, nowNs / 1_000_000, nowNs).ifPresent(kept::add);
            nowNs += SECOND;
        }
    }
}
