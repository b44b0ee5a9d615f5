package io.spillway.control.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventJournalTest {
    @TempDir private Path directory;

    @Test
    void shouldKeepEventsAndTheirIdsOverARestart() throws IOException {
        List<Event> appended = new ArrayList<>();
        try (EventJournal journal = open(1)) {
            for (int i = 0; i < 10; i++) {
                appended.add(journal.append(1_000 + i, draft("event " + i)));
            }
        }

        try (EventJournal journal = open(2)) {
            assertEquals(appended, journal.events());
            assertEquals("event 9", journal.last(EventType.CONNECTED).message());
            assertNull(journal.last(EventType.OFF_CLOUD_RECOVERY));
            Event next = journal.append(2_000, draft("next"));
            assertEquals("1001-1-11", next.id(), "the journal keeps its name and counts on");
        }
    }

    @Test
    void shouldUploadEachEventOnce() throws IOException {
        try (EventJournal journal = open(1)) {
            for (int i = 0; i < 5; i++) {
                journal.append(1, draft("e" + i));
            }
            List<Event> first = journal.pending(3);
            assertEquals(3, first.size());
            assertEquals(first, journal.pending(3), "not acknowledged: pending");
            journal.onAcknowledged(ids(first));
            assertEquals(2, journal.pending(9).size());
            journal.onAcknowledged(Set.of("unknown", journal.pending(9).get(1).id()));
            assertEquals(2, journal.pending(9).size(), "only an unbroken run counts");
        }

        try (EventJournal journal = open(1)) {
            assertEquals(List.of("e3", "e4"), messages(journal.pending(9)));
            journal.onAcknowledged(ids(journal.pending(9)));
            assertEquals(List.of(), journal.pending(9));
            assertEquals(5, journal.events().size(), "kept to be shown");
        }
    }

    @Test
    void shouldSendAgainRatherThanNeverWhenTheMarkerIsDamaged() throws IOException {
        try (EventJournal journal = open(1)) {
            journal.append(1, draft("e"));
            journal.onAcknowledged(ids(journal.pending(9)));
        }
        Files.write(directory.resolve("uploaded"), new byte[7]);

        try (EventJournal journal = open(1)) {
            assertEquals(1, journal.pending(9).size());
        }
    }

    @Test
    void shouldStayWithinItsBoundAndDropTheOldest() throws IOException {
        EventJournal.Config config = new EventJournal.Config(directory, "1001", 2_000, 3);
        Set<String> ids = new HashSet<>();
        try (EventJournal journal = EventJournal.open(config, 1)) {
            for (int i = 0; i < 500; i++) {
                assertTrue(ids.add(journal.append(1, draft("e" + i)).id()));
            }
            assertEquals(500, journal.events().size() + journal.lostCount());
            assertEquals("e499", journal.events().getLast().message());
        }

        long length = 0;
        for (Path file : Files.list(directory).toList()) {
            length += Files.size(file);
        }
        assertTrue(length <= 3 * 2_000, length + " bytes");
        try (EventJournal journal = EventJournal.open(config, 2)) {
            assertEquals("e499", journal.events().getLast().message());
            assertTrue(ids.add(journal.append(1, draft("after")).id()));
        }
    }

    @Test
    void shouldLoseAtMostTheEntryThatWasBeingWritten() throws IOException {
        List<Long> ends = new ArrayList<>();
        Path file;
        try (EventJournal journal = open(1)) {
            file = Files.list(directory).toList().getFirst();
            ends.add(Files.size(file));
            for (int i = 0; i < 5; i++) {
                journal.append(1, draft("e" + i));
                ends.add(Files.size(file));
            }
        }
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int cut = length;
            int expected = Math.max(0, (int) ends.stream().filter(end -> end <= cut).count() - 1);
            assertEntriesThenAppend(expected, "cut at " + length);
        }
    }

    @Test
    void shouldCutTheTailAtAnyDamagedByte() throws IOException {
        Path file;
        long before;
        try (EventJournal journal = open(1)) {
            file = Files.list(directory).toList().getFirst();
            journal.append(1, draft("e0"));
            before = Files.size(file);
            journal.append(1, draft("e1"));
        }
        byte[] whole = Files.readAllBytes(file);

        for (int at = (int) before; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertEntriesThenAppend(1, "damaged at " + at);
        }
    }

    @Test
    void shouldSayWhichDirectoryCannotBeUsed() throws IOException {
        Path file = Files.write(directory.resolve("a-file"), new byte[1]);
        EventJournal.Config config = new EventJournal.Config(file, "1001");

        IOException e = assertThrows(IOException.class, () -> EventJournal.open(config, 1));

        assertTrue(e.getMessage().startsWith("event journal " + file + ": "), e.getMessage());
    }

    @Test
    void shouldRefuseAnEventThatNoPopWouldTake() throws IOException {
        try (EventJournal journal = open(1)) {
            EventDraft draft = draft("two\nlines");
            assertThrows(IllegalArgumentException.class, () -> journal.append(1, draft));
            assertEquals(List.of(), journal.events());
        }
    }

    private void assertEntriesThenAppend(int expected, String when) throws IOException {
        try (EventJournal journal = open(1)) {
            assertEquals(expected, journal.events().size(), when);
            journal.append(1, draft("after"));
        }
        try (EventJournal journal = open(1)) {
            assertEquals(expected + 1, journal.events().size(), when);
            assertEquals("after", journal.events().getLast().message(), when);
        }
        for (Path left : Files.list(directory).toList()) {
            if (!left.getFileName().toString().endsWith("01.log")) {
                Files.delete(left);
            }
        }
    }

    private EventJournal open(long journalId) throws IOException {
        return EventJournal.open(new EventJournal.Config(directory, "1001"), journalId);
    }

    private static EventDraft draft(String message) {
        return new EventDraft(EventType.CONNECTED, message, Map.of(EventField.POP_NAME, "p"));
    }

    private static List<String> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }

    private static List<String> messages(List<Event> events) {
        return events.stream().map(Event::message).toList();
    }
}
