package io.spillway.control.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReaderTest {
    private static final String NAME = "noc";

    @TempDir private Path directory;

    @Test
    void shouldBeginWithWhatComesAfterIt() throws IOException {
        try (EventJournal journal = open()) {
            append(journal, "before");
            JournalReader reader = JournalReader.open(journal, NAME);
            assertNull(reader.peek());

            append(journal, "after");

            assertEquals("after", reader.peek().message());
            assertEquals("after", reader.peek().message(), "not done yet");
        }
    }

    @Test
    void shouldGoOnAfterARestart() throws IOException {
        try (EventJournal journal = open()) {
            JournalReader reader = JournalReader.open(journal, NAME);
            append(journal, "one");
            append(journal, "two");
            append(journal, "three");
            reader.peek();
            reader.done();
            reader.peek();
            reader.skip();
        }

        try (EventJournal journal = open()) {
            JournalReader reader = JournalReader.open(journal, NAME);
            assertEquals("two", reader.peek().message(), "skipped, but not done");
            assertEquals(3, journal.pending(9).size(), "the PoP has a place of its own");
        }
    }

    @Test
    void shouldCountWhatWentBeforeItWasRead() throws IOException {
        try (EventJournal journal = open()) {
            JournalReader reader = JournalReader.open(journal, NAME);
            for (int i = 0; i < 100; i++) {
                append(journal, "event " + i);
            }
            int kept = journal.events().size();

            Event first = reader.peek();

            assertEquals("event " + (100 - kept), first.message());
            assertEquals(100 - kept, reader.missedCount());
        }
    }

    private EventJournal open() throws IOException {
        return EventJournal.open(new EventJournal.Config(directory, "1001", 512, 2), 1);
    }

    private static void append(EventJournal journal, String message) throws IOException {
        journal.append(1, new EventDraft(EventType.CONNECTED, message, Map.of()));
    }
}
