package io.spillway.node.alarm;

import io.spillway.control.event.EventDraft;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at each alarm now and then, on a thread of its own. */
public final class Alarms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final long CLOSE_MS = 1000;

    /** Often enough for what goes wrong slowly. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private final List<Alarm> alarms;
    private final Consumer<EventDraft> listener;
    private final NanoClock clock;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Alarms(
            List<Alarm> alarms, Consumer<EventDraft> listener, NanoClock clock, Duration interval) {
        this.alarms = List.copyOf(alarms);
        this.listener = listener;
        this.clock = clock;
        this.interval = interval;
        thread = Thread.ofVirtual().name("alarms").unstarted(this::run);
    }

    /**
     * @param listener called on the thread of the alarms
     */
    public static Alarms start(
            List<Alarm> alarms, Consumer<EventDraft> listener, NanoClock clock, Duration interval) {
        Alarms started = new Alarms(alarms, listener, clock, interval);
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                alarms.forEach(this::look);
            }
        } catch (InterruptedException e) {
            LOG.debug("alarms: ended");
        }
    }

    /** A fault in one ends no other. */
    private void look(Alarm alarm) {
        try {
            alarm.look(clock.nanoTime()).forEach(listener);
        } catch (RuntimeException e) {
            LOG.error("alarm {}", alarm.getClass().getSimpleName(), e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(Duration.ofMillis(CLOSE_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
