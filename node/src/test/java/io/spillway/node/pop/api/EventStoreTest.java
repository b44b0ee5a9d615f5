package io.spillway.node.pop.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.EventMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
    private static final int EVENTS_MAX = 50;

    @TempDir Path directory;
    private final Random random = new Random(7);
    private long wallMs = 1_800_000_000_000L;
    private EventStore store;

    @BeforeEach
    void open() throws IOException {
        store = EventStore.open(directory, () -> wallMs, random, EVENTS_MAX);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static EventMessage event(int number) {
        return EventMessage.newBuilder()
                .setId("j-" + number)
                .setTimeMs(1_700_000_000_000L + number)
                .setType("Connectivity")
                .setSubType("Connected")
                .setMessage("event " + number)
                .putFields("src_site_id", "1")
                .build();
    }

    private static List<EventMessage> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(EventStoreTest::event).toList();
    }

    private List<String> messages() {
        return store.after(0, _ -> true, Integer.MAX_VALUE).events().stream()
                .map(kept -> kept.siteId() + " " + kept.event().message())
                .toList();
    }

    @Test
    void shouldKeepEachOnceWithItsTimeOverARestart() throws IOException {
        store.append(1, events(0, 2));
        store.append(1, events(1, 3)); // the acknowledgement was lost
        long id = store.id();
        store.close();

        open();
        store.append(1, events(0, 4));

        assertEquals(List.of("1 event 0", "1 event 1", "1 event 2", "1 event 3"), messages());
        EventStore.Page page = store.after(0, _ -> true, 1);
        assertEquals(1_700_000_000_000L, page.events().getFirst().event().timeMs());
        assertEquals(id, store.id());
    }

    @Test
    void shouldLetASiteSpeakForItselfOnly() throws IOException {
        store.append(1, events(0, 1));
        store.append(2, events(0, 1));

        assertEquals(List.of("1 event 0", "2 event 0"), messages());
    }

    /** Whatever the pages, every event comes once and in order. */
    @Test
    void shouldPageByMarkerWithoutLossAndRepetition() throws IOException {
        for (int i = 0; i < 40; i += 7) {
            store.append(1, events(i, Math.min(40, i + 7)));
        }
        for (int size = 1; size < 9; size++) {
            List<Long> read = new ArrayList<>();
            EventStore.Page page = store.after(0, kept -> kept.number() % 2 == 0, size);
            while (!page.events().isEmpty()) {
                page.events().forEach(kept -> read.add(kept.number()));
                page = store.after(page.last(), kept -> kept.number() % 2 == 0, size);
            }
            List<Long> expected = IntStream.rangeClosed(1, 20).mapToObj(i -> 2L * i).toList();
            assertEquals(expected, read, "pages of " + size);
        }
    }

    @Test
    void shouldForgetWhatIsOldOrTooMuchAndNumberOn() throws IOException {
        store.append(1, events(0, 10));
        wallMs += EventStore.KEPT.toMillis() + 1;
        store.append(1, events(10, 12));
        assertEquals(List.of("1 event 10", "1 event 11"), messages());

        store.append(1, events(12, 12 + EVENTS_MAX));
        assertEquals(EVENTS_MAX, messages().size());
        wallMs += EventStore.KEPT.toMillis() + 1;
        store.append(1, List.of());
        assertEquals(List.of(), messages());
        long last = store.after(0, _ -> true, 1).last();
        store.close();

        open();
        store.append(1, events(90, 91));
        assertEquals(1, store.after(last, _ -> true, 10).events().size());
    }

    @Test
    void shouldOpenAgainAfterAnErrorOfTheDisk() throws IOException {
        store.append(1, events(0, 1));
        store.close(); // as the store does itself when it cannot write

        store.append(1, events(0, 2));

        assertEquals(List.of("1 event 0", "1 event 1"), messages());
    }

    @Test
    void shouldNameAFileThatIsNoStoreOrIsInUse() throws IOException {
        Path file = directory.resolve(EventStore.NAME);
        assertEquals(
                PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
        IOException used = assertThrows(IOException.class, this::open);
        assertTrue(used.getMessage().startsWith(file.toString()), used.getMessage());

        Path other = directory.resolve("other");
        Files.createDirectories(other);
        Files.writeString(other.resolve(EventStore.NAME), "no store at all ".repeat(1000));
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> EventStore.open(other, () -> wallMs, random, EVENTS_MAX));
        assertTrue(
                refused.getMessage().startsWith(other.resolve(EventStore.NAME).toString()),
                refused.getMessage());
    }

    @Test
    void shouldTakeNothingButMarkersForMarkers() {
        EventMarker marker = new EventMarker(-1, Long.MAX_VALUE);
        assertEquals(marker, EventMarker.parse(marker.text()));
        long seed = random.nextLong();
        Random bytes = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] ascii = new byte[bytes.nextInt(40)];
            bytes.nextBytes(ascii);
            String text = new String(ascii, StandardCharsets.ISO_8859_1);
            try {
                EventMarker.parse(text);
            } catch (ApiException expected) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
        assertThrows(ApiException.class, () -> EventMarker.parse(marker.text() + "A"));
    }
}
