package io.spillway.node.notify;

import io.spillway.control.event.Event;
import io.spillway.control.event.JournalReader;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one target is still to be told: events of journals, which are there again after a restart,
 * and such as no journal has. Owned by the target's sender, but for {@link #offer}.
 */
final class NoticeInbox {
    static final long AGE_MAX_MS = 24 * 3_600_000L;
    static final int UNKEPT_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(NoticeInbox.class);

    private final Set<NoticeKind> told;
    private final List<JournalReader> journals;
    private final Executor files;
    private final EpochClock wallClock;
    private final Queue<Event> unkept = new ArrayBlockingQueue<>(UNKEPT_MAX);

    /** Whose event {@link #peek} gave; null: it is {@link #unkept}. */
    private JournalReader from;

    /** One event of a journal. */
    private record Found(JournalReader reader, Event event) {}

    /**
     * @param files the journals' owner
     */
    NoticeInbox(
            Set<NoticeKind> told,
            List<JournalReader> journals,
            Executor files,
            EpochClock wallClock) {
        this.told = Set.copyOf(told);
        this.journals = List.copyOf(journals);
        this.files = files;
        this.wallClock = wallClock;
    }

    /** An event that no journal has; false when too many wait. Any thread. */
    boolean offer(Event event) {
        return !isWanted(event) || unkept.offer(event);
    }

    /** The oldest that is to be told; null: none is. */
    Event peek() {
        Found kept = journals.isEmpty() ? null : onFiles(this::oldest);
        from = kept == null ? null : kept.reader();
        return kept == null ? unkept.peek() : kept.event();
    }

    /** What {@link #peek} gave needs to be told no more. */
    void done() {
        JournalReader reader = from;
        if (reader == null) {
            unkept.remove();
        } else {
            onFiles(() -> markDone(reader));
        }
    }

    private <T> T onFiles(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, files).join();
    }

    private Found oldest() {
        return journals.stream()
                .map(this::oldestOf)
                .filter(Objects::nonNull)
                .min(Comparator.comparingLong(found -> found.event().timeMs()))
                .orElse(null);
    }

    private Found oldestOf(JournalReader reader) {
        Event event = reader.peek();
        while (event != null && !isWanted(event)) {
            reader.skip();
            event = reader.peek();
        }
        return event == null ? null : new Found(reader, event);
    }

    private boolean isWanted(Event event) {
        NoticeKind kind = NoticeKind.of(event);
        return kind != null
                && told.contains(kind)
                && Notice.isNews(event)
                && wallClock.time() - event.timeMs() <= AGE_MAX_MS;
    }

    private static Void markDone(JournalReader reader) {
        try {
            reader.done();
        } catch (IOException e) {
            LOG.warn("notices: {}: after a restart they are told again", e.getMessage());
        }
        return null;
    }
}
