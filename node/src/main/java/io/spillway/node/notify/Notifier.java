package io.spillway.node.notify;

import io.spillway.control.event.Event;
import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.EventType;
import io.spillway.control.event.JournalReader;
import io.spillway.node.NoticesConfig;
import io.spillway.node.channel.ChannelWay;
import io.spillway.node.channel.FailureText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all targets of a daemon. Any thread. */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private static final long NS_PER_MS = 1_000_000;

    private final NoticeOrigin origin;
    private final EpochClock wallClock;
    private final Dialer dialer;
    private final List<NoticeSender> senders = new ArrayList<>();
    private final AtomicLong unkept = new AtomicLong();
    private final long startMs;

    /** How a test went; an empty failure: well. */
    record Trial(String target, String place, String failure, long tookMs) {}

    /** What a notifier tells of, and by which ways. */
    public static final class Sources {
        private final List<EventJournal> journals;
        private final Executor files;
        private final Supplier<List<ChannelWay>> ways;

        /**
         * @param journals whose events are told, followed by nobody else
         * @param files their owner
         * @param ways out of this machine, beside what the kernel's routes say
         */
        public Sources(
                List<EventJournal> journals, Executor files, Supplier<List<ChannelWay>> ways) {
            this.journals = List.copyOf(journals);
            this.files = files;
            this.ways = ways;
        }
    }

    private Notifier(NoticeOrigin origin, Sources sources, EpochClock wallClock) {
        this.origin = origin;
        this.wallClock = wallClock;
        dialer = new Dialer(sources.ways);
        startMs = wallClock.time();
    }

    /**
     * Runs until {@link #close}.
     *
     * @throws IOException naming the key and what is wrong with its file, or with a journal
     */
    public static Notifier start(
            NoticesConfig config, NoticeOrigin origin, Sources sources, EpochClock wallClock)
            throws IOException {
        Notifier notifier = new Notifier(origin, sources, wallClock);
        try {
            notifier.startAll(config, sources);
            return notifier;
        } catch (IOException e) {
            notifier.close();
            throw e;
        }
    }

    private void startAll(NoticesConfig config, Sources sources) throws IOException {
        Set<NoticeKind> told = EnumSet.noneOf(NoticeKind.class);
        config.tell().forEach(label -> told.add(NoticeKind.of(label)));
        for (NoticeTarget target : targets(config)) {
            List<JournalReader> readers = readers(target.name(), sources);
            NoticeInbox inbox = new NoticeInbox(told, readers, sources.files, wallClock);
            senders.add(NoticeSender.start(target, inbox, SystemNanoClock.INSTANCE));
        }
        sources.files.execute(
                () -> sources.journals.forEach(journal -> journal.follow(this::wakeAll)));
    }

    private List<NoticeTarget> targets(NoticesConfig config) throws IOException {
        List<NoticeTarget> targets = new ArrayList<>();
        for (NoticesConfig.Webhook webhook : config.webhooks()) {
            targets.add(
                    named(
                            webhook.name(),
                            () -> new WebhookTarget(webhook, origin, dialer, wallClock)));
        }
        for (NoticesConfig.Syslog server : config.syslog()) {
            targets.add(named(server.name(), () -> new SyslogTarget(server, origin, dialer)));
        }
        return targets;
    }

    /** May find a file missing. */
    private interface Opening {
        NoticeTarget open() throws IOException;
    }

    private static NoticeTarget named(String name, Opening opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new IOException("notices, " + name + ": " + e.getMessage(), e);
        }
    }

    private static List<JournalReader> readers(String name, Sources sources) throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> opened(name, sources), sources.files).join();
        } catch (CompletionException e) {
            throw new IOException("notices, " + name + ": " + e.getCause().getMessage(), e);
        }
    }

    private static List<JournalReader> opened(String name, Sources sources) {
        List<JournalReader> readers = new ArrayList<>();
        try {
            for (EventJournal journal : sources.journals) {
                readers.add(JournalReader.open(journal, name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return readers;
    }

    private void wakeAll() {
        senders.forEach(NoticeSender::wake);
    }

    /** Of something that no journal has: it is lost with this process. */
    public void tell(EventDraft draft) {
        LOG.info("notice: {}", draft.message());
        Event event = event(draft);
        senders.forEach(sender -> sender.tell(event));
    }

    private Event event(EventDraft draft) {
        String from = origin.id().isEmpty() ? origin.name() : origin.id();
        String id = from + "-" + Long.toHexString(startMs) + "-" + unkept.incrementAndGet();
        return new Event(
                id,
                wallClock.time(),
                draft.type().type(),
                draft.type().subType(),
                draft.message(),
                draft.fields());
    }

    NoticeOrigin origin() {
        return origin;
    }

    List<NoticeSender> senders() {
        return List.copyOf(senders);
    }

    /** Tells each target once, beside what waits; blocks for some seconds at most for each. */
    List<Trial> test() {
        Event event = event(new EventDraft(EventType.TEST, "Test notice", Map.of()));
        List<Trial> trials = new ArrayList<>();
        for (NoticeSender sender : senders) {
            trials.add(test(sender.target(), new Notice(event, NoticeKind.DAEMON, 0)));
        }
        return trials;
    }

    private static Trial test(NoticeTarget target, Notice notice) {
        long startNs = System.nanoTime();
        String failure = "";
        try {
            target.send(notice);
        } catch (IOException e) {
            failure = FailureText.of(e);
        }
        long tookMs = (System.nanoTime() - startNs) / NS_PER_MS;
        return new Trial(target.name(), target.place(), failure, tookMs);
    }

    /** What waits is told by the next process, if a journal has it. */
    @Override
    public void close() {
        CloseHelper.closeAll(senders);
        dialer.close();
    }
}
