package io.spillway.node.notify;

import io.spillway.control.event.Event;
import io.spillway.node.channel.Backoff;
import io.spillway.node.channel.FailureText;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one target what it is to be told, one notice after the other, again and again until it has
 * it. On a thread of its own: a target that hangs keeps nobody else waiting.
 */
final class NoticeSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeSender.class);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofMinutes(1);
    private static final long CLOSE_MS = 1000;

    /**
     * How it goes.
     *
     * @param failure of the last attempt; empty: it was none
     */
    record Standing(long sent, long omitted, long refused, String failure) {}

    private final NoticeTarget target;
    private final NoticeInbox inbox;
    private final NanoClock clock;
    private final NoticeLimit limit;
    private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MAX, new SplittableRandom());
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private Event tried; // counted by the limit
    private long omittedSince;
    private volatile Standing standing = new Standing(0, 0, 0, "");
    private volatile boolean isClosed;

    private NoticeSender(NoticeTarget target, NoticeInbox inbox, NanoClock clock) {
        this.target = target;
        this.inbox = inbox;
        this.clock = clock;
        limit = new NoticeLimit(clock.nanoTime());
        thread = Thread.ofVirtual().name("notify-" + target.name()).unstarted(this::run);
    }

    static NoticeSender start(NoticeTarget target, NoticeInbox inbox, NanoClock clock) {
        NoticeSender sender = new NoticeSender(target, inbox, clock);
        sender.thread.start();
        return sender;
    }

    NoticeTarget target() {
        return target;
    }

    /** Any thread. */
    Standing standing() {
        return standing;
    }

    /** An event that no journal has. Any thread. */
    void tell(Event event) {
        if (!inbox.offer(event)) {
            LOG.warn("notices to {}: too many wait, lost: {}", target.name(), event.message());
        }
        wake();
    }

    /** There may be something to tell. Any thread. */
    void wake() {
        news.release();
    }

    private void run() {
        try {
            while (!isClosed) {
                Event event = inbox.peek();
                if (event == null) {
                    news.acquire();
                    news.drainPermits();
                } else {
                    handle(event);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("notices to {}: ended", target.name());
        }
    }

    private void handle(Event event) throws InterruptedException {
        if (event != tried && !limit.take(clock.nanoTime())) {
            omittedSince++;
            standing = omitted(standing);
            inbox.done();
            return;
        }
        tried = event;
        try {
            target.send(new Notice(event, NoticeKind.of(event), omittedSince));
            onSent();
        } catch (NoticeRefusedException e) {
            LOG.warn("notice {} to {}: {}", event.id(), target.name(), e.getMessage());
            standing = refused(standing, e.getMessage());
            inbox.done();
        } catch (IOException e) {
            onFailed(FailureText.of(e));
        }
    }

    private void onSent() {
        if (!standing.failure().isEmpty()) {
            LOG.info("notices to {}: arrive again", target.name());
        }
        omittedSince = 0;
        backoff.reset();
        inbox.done();
        standing = new Standing(standing.sent() + 1, standing.omitted(), standing.refused(), "");
    }

    /** The same failure again and again is one line. */
    private void onFailed(String failure) throws InterruptedException {
        if (!failure.equals(standing.failure())) {
            LOG.warn("notices to {} at {}: {}", target.name(), target.place(), failure);
        }
        standing = failed(standing, failure);
        TimeUnit.MILLISECONDS.sleep(backoff.nextMs());
    }

    private static Standing omitted(Standing was) {
        return new Standing(was.sent(), was.omitted() + 1, was.refused(), was.failure());
    }

    private static Standing refused(Standing was, String why) {
        return new Standing(was.sent(), was.omitted(), was.refused() + 1, why);
    }

    private static Standing failed(Standing was, String why) {
        return new Standing(was.sent(), was.omitted(), was.refused(), why);
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofMillis(CLOSE_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
