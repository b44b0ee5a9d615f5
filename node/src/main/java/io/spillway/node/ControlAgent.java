package io.spillway.node;

import io.spillway.dataplane.agent.ControlEvents;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MpscUnboundedArrayQueue;
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

        /** At least every 10 ms. */
        void onTick(long nowNs);
    }

    private static final int EVENTS_PER_CYCLE_MAX = 256;
    private static final int MAIL_PER_CYCLE_MAX = 256;
    private static final int MAIL_CHUNK = 256;
    private static final long QUERY_MAX_MS = 3_000;

    /** The timer grain that DESIGN §5 asks for is 10 ms. */
    private static final long TICK_NS = 5_000_000L;

    private final ControlEvents events;
    private final NanoClock clock;
    private final MpscUnboundedArrayQueue<Runnable> mail =
            new MpscUnboundedArrayQueue<>(MAIL_CHUNK);
    private Logic logic;
    private long tickNs;

    public ControlAgent(ControlEvents events, NanoClock clock) {
        this.events = events;
        this.clock = clock;
        tickNs = clock.nanoTime();
    }

    /** Before the thread starts. */
    public void turn(Logic turned) {
        logic = turned;
    }

    /** Any thread; runs on the control thread, in order. */
    @Override
    public void execute(Runnable task) {
        mail.offer(task);
    }

    /** Command-socket handlers that answer on the control thread, while the asking thread waits. */
    public Map<String, Function<JsonNode, JsonNode>> onControlThread(
            Map<String, Function<JsonNode, JsonNode>> handlers) {
        return handlers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> asking(e.getValue())));
    }

    @Override
    public int doWork() {
        int work = events.drain(logic.dataPlaneHandler(), EVENTS_PER_CYCLE_MAX);
        work += mail.drain(Runnable::run, MAIL_PER_CYCLE_MAX);
        long nowNs = clock.nanoTime();
        if (work > 0 || nowNs - tickNs >= 0) {
            tickNs = nowNs + TICK_NS;
            logic.onTick(nowNs);
        }
        return work;
    }

    @Override
    public String roleName() {
        return "control";
    }

    private Function<JsonNode, JsonNode> asking(Function<JsonNode, JsonNode> handler) {
        return request ->
                CompletableFuture.supplyAsync(() -> handler.apply(request), this)
                        .orTimeout(QUERY_MAX_MS, TimeUnit.MILLISECONDS)
                        .join();
    }
}
