package io.spillway.node;

import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.dataplane.agent.Doorbell;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The control thread: news from the data plane, mail from other threads, then the clock. What it
 * turns is a {@link Logic}, which alone decides and never blocks.
 */
public final class ControlAgent implements Agent, Executor {
    /** What a site or a PoP does with time and news. Called on the control thread only. */
    public interface Logic {
        /** News from the data plane go here. */
        ControlEvents.Handler dataPlaneHandler();

        /** After news and mail, and when {@link #deadlineNs} has come. */
        void onTick(long nowNs);

        /** When {@link #onTick} next has something to do although nothing is heard. */
        long deadlineNs();

        /** The daemon ends in order: a last word to the peers. */
        void onStop();
    }

    private static final int EVENTS_PER_CYCLE_MAX = 256;
    private static final int MAIL_PER_CYCLE_MAX = 256;
    private static final int MAIL_CHUNK = 256;
    private static final long QUERY_MAX_MS = 3_000;

    private static final long STOP_MAX_MS = 500;

    /** For the data plane to seal and send them. */
    private static final long LAST_WORDS_MS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(ControlAgent.class);

    /** News that come within this time of the last turn are taken together. */
    private static final long TURN_MIN_NS = 4_000_000L;

    private final ControlEvents events;
    private final NanoClock clock;
    private final MpscUnboundedArrayQueue<Runnable> mail =
            new MpscUnboundedArrayQueue<>(MAIL_CHUNK);
    private final Doorbell doorbell = new Doorbell();
    private volatile Thread thread;
    private Logic logic;
    private long turnedNs;
    private long deadlineNs;

    public ControlAgent(ControlEvents events, NanoClock clock) {
        this.events = events;
        this.clock = clock;
        turnedNs = clock.nanoTime();
        deadlineNs = turnedNs;
        doorbell.onRing(() -> LockSupport.unpark(thread));
        events.onNews(doorbell::ring);
    }

    /** Before the thread starts. */
    public void turn(Logic turned) {
        logic = turned;
    }

    /** Any thread; runs on the control thread, in order. */
    @Override
    public void execute(Runnable task) {
        mail.offer(task);
        doorbell.ring();
    }

    /**
     * What the control thread answers, while the asking thread waits; not for that thread itself.
     *
     * @throws CompletionException when the answer fails, or does not come
     */
    public <T> T ask(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, this)
                .orTimeout(QUERY_MAX_MS, TimeUnit.MILLISECONDS)
                .join();
    }

    /** Command-socket handlers that answer on the control thread, while the asking thread waits. */
    public Map<String, Function<JsonNode, JsonNode>> onControlThread(
            Map<String, Function<JsonNode, JsonNode>> handlers) {
        return handlers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> asking(e.getValue())));
    }

    @Override
    public void onStart() {
        thread = Thread.currentThread();
    }

    @Override
    public int doWork() {
        int work = events.drain(logic.dataPlaneHandler(), EVENTS_PER_CYCLE_MAX);
        work += mail.drain(Runnable::run, MAIL_PER_CYCLE_MAX);
        long nowNs = clock.nanoTime();
        if (work > 0 || nowNs - deadlineNs >= 0) {
            logic.onTick(nowNs);
            turnedNs = nowNs;
            long dueNs = logic.deadlineNs();
            deadlineNs = dueNs - nowNs < TURN_MIN_NS ? nowNs + TURN_MIN_NS : dueNs;
        }
        return work;
    }

    /** How the thread waits for news, mail and deadlines. */
    public IdleStrategy idleStrategy() {
        return new Sleep();
    }

    /** Any thread; waits until the last words are on their way, a moment at most. */
    public void stop() {
        try {
            CompletableFuture.runAsync(logic::onStop, this).get(STOP_MAX_MS, TimeUnit.MILLISECONDS);
            Thread.sleep(LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("control: no last words: {}", e.toString());
        }
    }

    @Override
    public String roleName() {
        return "control";
    }

    /**
     * A sleep that ends with urgent news, mail or the deadline; what ends it soon after the last
     * turn waits a moment, so that many small news do not turn everything for each of them.
     */
    private final class Sleep implements IdleStrategy {
        @Override
        public void idle(int workCount) {
            if (workCount == 0) {
                idle();
            }
        }

        @Override
        public void idle() {
            doorbell.announceSleep();
            long leftNs = deadlineNs - clock.nanoTime();
            if (leftNs > 0 && mail.isEmpty() && !events.isUrgent()) {
                LockSupport.parkNanos(leftNs);
            }
            doorbell.awake();
            restUntil(turnedNs + TURN_MIN_NS);
        }

        private void restUntil(long endNs) {
            long leftNs = endNs - clock.nanoTime();
            while (leftNs > 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(leftNs);
                leftNs = endNs - clock.nanoTime();
            }
        }

        @Override
        public void reset() {}
    }

    private Function<JsonNode, JsonNode> asking(Function<JsonNode, JsonNode> handler) {
        return request -> ask(() -> handler.apply(request));
    }
}
