package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.Event;
import io.spillway.control.wire.EventMessage;
import io.spillway.control.wire.EventUpload;
import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.node.pop.api.EventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PopEventsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir Path directory;
    private final Deque<Runnable> files = new ArrayDeque<>();
    private final Deque<Runnable> control = new ArrayDeque<>();
    private final Channel channel = new Channel();
    private EventStore store;
    private PopEvents events;

    /** Keeps what a site is sent. */
    private static final class Channel implements SiteConnection {
        private final List<List<String>> acknowledged = new ArrayList<>();

        @Override
        public PeerIdentity peer() {
            return new PeerIdentity("acme", Role.SITE, 1001, "berlin", null);
        }

        @Override
        public boolean send(Frame frame) {
            assertTrue(frame.hasEventAck());
            return acknowledged.add(List.copyOf(frame.getEventAck().getIdsList()));
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void close(String reason) {
            throw new AssertionError("events close no channel");
        }
    }

    @BeforeEach
    void open() throws IOException {
        store = EventStore.open(directory, () -> 1_800_000_000_000L, new Random(7));
        events = new PopEvents(store, files::add, control::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void upload(String... ids) {
        EventUpload.Builder upload = EventUpload.newBuilder();
        for (String id : ids) {
            upload.addEvents(EventMessage.newBuilder().setId(id).setType("Routing"));
        }
        events.take(channel, upload.build(), 0);
    }

    private void run() {
        while (!files.isEmpty() || !control.isEmpty()) {
            (files.isEmpty() ? control : files).remove().run();
        }
    }

    @Test
    void shouldAcknowledgeWhatIsOnDiskAndNothingBefore() {
        upload("a", "b");
        assertEquals(List.of(), channel.acknowledged);

        run();

        assertEquals(List.of(List.of("a", "b")), channel.acknowledged);
        assertEquals(List.of("a", "b"), events.all().stream().map(Event::id).toList());
    }

    @Test
    void shouldLeaveWhatASiteSendsWithoutWaiting() {
        upload("a");
        upload("b");
        assertEquals(1, files.size());

        run();

        assertEquals(List.of(List.of("a")), channel.acknowledged);
        upload("b");
        run();
        assertEquals(List.of(List.of("a"), List.of("b")), channel.acknowledged);
    }

    /** Nothing is acknowledged, so the site's journal still has it when it is asked again. */
    @Test
    void shouldAskAgainForWhatTheDiskRefused() throws IOException {
        Path file = directory.resolve("events.mv");
        store.close();
        byte[] good = Files.readAllBytes(file);
        Files.writeString(file, "no store ".repeat(2_000));
        upload("a");
        run();

        events.poll(SECOND_NS);
        assertEquals(List.of(), channel.acknowledged);
        events.poll(10 * SECOND_NS);
        events.poll(20 * SECOND_NS);
        assertEquals(List.of(List.of()), channel.acknowledged);

        Files.write(file, good);
        upload("a");
        run();
        assertEquals(List.of(List.of(), List.of("a")), channel.acknowledged);
    }

    @Test
    void shouldForgetAChannelThatCloses() {
        upload("a");
        events.onClosed(channel);

        run();
        events.poll(20 * SECOND_NS);

        assertEquals(List.of(), channel.acknowledged);
    }

    @Test
    void shouldAcknowledgeAtOnceWithoutAStore() {
        events = new PopEvents(null, files::add, control::add);

        upload("a");

        assertEquals(List.of(List.of("a")), channel.acknowledged);
        assertTrue(files.isEmpty());
    }
}
