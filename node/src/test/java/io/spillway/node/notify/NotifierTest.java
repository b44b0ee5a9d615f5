package io.spillway.node.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.EventType;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.node.NoticesConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class NotifierTest {
    private static final String SECRET = "correct horse battery staple";
    private static final NoticeOrigin BERLIN = new NoticeOrigin("site", "1001", "berlin");
    private static final List<String> USUAL =
            NoticeKind.USUAL.stream().map(NoticeKind::label).toList();

    @TempDir private Path directory;
    private final ExecutorService files = Executors.newSingleThreadExecutor();
    private EventJournal journal;
    private Receiver receiver;

    @BeforeEach
    void open() throws IOException {
        journal = EventJournal.open(new EventJournal.Config(directory, "1001"), 7);
        receiver = Receiver.open(0);
    }

    @AfterEach
    void close() throws IOException {
        receiver.close();
        files.shutdown();
        journal.close();
    }

    @Test
    void shouldTellSignedAsItHappened() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        try (Notifier _ = start(webhook(receiver.url(), secret))) {
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.ACTIVATED);

            Receiver.Post post = receiver.next();

            JsonNode notice = JsonMapper.shared().readTree(post.body());
            assertEquals("1001-7-1", notice.path("id").asString());
            assertEquals("recovery", notice.path("kind").asString());
            assertEquals("ERROR", notice.path("severity").asString());
            assertEquals("berlin: Off-Cloud Recovery Activated", notice.path("summary").asString());
            assertEquals("berlin", notice.path("from").path("name").asString());
            assertEquals("london", notice.path("fields").path("dest_site_name").asString());
            assertEquals(0, notice.path("omitted").asLong(-1));
            WebhookSecret key = WebhookSecret.read(secret);
            assertEquals(key.sign(post.time(), post.body().getBytes()), post.signature());
        }
    }

    @Test
    void shouldTryAgainUntilItIsTaken() throws Exception {
        receiver.answer(RecoveryEvents.ACTIVATED, 503);
        try (Notifier notifier = start(webhook(receiver.url(), null))) {
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.ACTIVATED);

            assertTrue(receiver.next().body().contains(RecoveryEvents.ACTIVATED));
            Receiver.Post second = receiver.next();

            assertTrue(second.body().contains(RecoveryEvents.ACTIVATED));
            assertNull(second.signature());
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.STOPPED);
            assertTrue(receiver.next().body().contains(RecoveryEvents.STOPPED));
            assertEquals("", notifier.senders().getFirst().standing().failure());
        }
    }

    @Test
    void shouldNotInsistOnWhatIsRefusedForGood() throws Exception {
        receiver.answer(RecoveryEvents.ACTIVATED, 422);
        try (Notifier _ = start(webhook(receiver.url(), null))) {
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.ACTIVATED);
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.STOPPED);

            assertTrue(receiver.next().body().contains(RecoveryEvents.ACTIVATED));
            assertTrue(receiver.next().body().contains(RecoveryEvents.STOPPED));
        }
    }

    @Test
    void shouldTellAfterARestartWhatCouldNotBeTold() throws Exception {
        int port = receiver.port();
        NoticesConfig config = webhook(receiver.url(), null);
        receiver.close();
        try (Notifier notifier = start(config)) {
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.ACTIVATED);
            while (notifier.senders().getFirst().standing().failure().isEmpty()) {
                Thread.sleep(5);
            }
        }

        receiver = Receiver.open(port);
        try (Notifier notifier = start(config)) {
            assertTrue(receiver.next().body().contains(RecoveryEvents.ACTIVATED));
            while (notifier.senders().getFirst().standing().sent() == 0) {
                Thread.sleep(5);
            }
        }
        try (Notifier _ = start(config)) {
            append(EventType.OFF_CLOUD_RECOVERY, RecoveryEvents.STOPPED);
            assertTrue(receiver.next().body().contains(RecoveryEvents.STOPPED), "once");
        }
    }

    @Test
    void shouldTellOnlyOfWhatIsAskedFor() throws Exception {
        try (Notifier notifier = start(webhook(receiver.url(), null))) {
            append(EventType.BGP_SESSION, "BGP session up");
            append(EventType.READINESS_STATE, "before recovery");
            notifier.tell(new EventDraft(EventType.DISK_SPACE, "Little room", Map.of()));

            JsonNode notice = JsonMapper.shared().readTree(receiver.next().body());

            assertEquals("Little room", notice.path("message").asString());
            assertEquals("CRITICAL", notice.path("severity").asString());
            assertFalse(receiver.hasMore());
        }
    }

    @Test
    void shouldSayWhetherATestArrived() throws Exception {
        try (Notifier notifier = start(webhook(receiver.url(), null))) {
            assertEquals("", notifier.test().getFirst().failure());
            assertTrue(receiver.next().body().contains("Test notice"));

            receiver.close();

            String failure = notifier.test().getFirst().failure();
            assertTrue(failure.contains("Connection refused"), failure);
        }
    }

    @Test
    void shouldNameWhatIsWrongWithItsFiles() {
        Path none = directory.resolve("none");
        String refusal =
                "notices, noc: " + none + ": expected a file with a secret that can be read";
        IOException e = assertThrows(IOException.class, () -> start(webhook("http://a/", none)));
        assertEquals(refusal, e.getMessage());
        Path trust = directory.resolve("trust");
        var config =
                new NoticesConfig(
                        USUAL,
                        List.of(),
                        List.of(new NoticesConfig.Syslog("siem", "127.0.0.1", 6514, trust)));
        e = assertThrows(IOException.class, () -> start(config));
        assertEquals(
                "notices, siem: " + trust + ": expected a file of certificates that can be read",
                e.getMessage());
    }

    private static NoticesConfig webhook(String url, Path secret) {
        var webhook = new NoticesConfig.Webhook("noc", URI.create(url), secret, null);
        return new NoticesConfig(USUAL, List.of(webhook), List.of());
    }

    private Notifier start(NoticesConfig config) throws IOException {
        var sources = new Notifier.Sources(List.of(journal), files, List::of);
        return Notifier.start(config, BERLIN, sources, SystemEpochClock.INSTANCE);
    }

    private void append(EventType type, String message) throws Exception {
        files.submit(() -> keep(type, message)).get();
    }

    private void keep(EventType type, String message) {
        try {
            journal.append(
                    System.currentTimeMillis(),
                    new EventDraft(type, message, Map.of(EventField.DEST_SITE_NAME, "london")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
