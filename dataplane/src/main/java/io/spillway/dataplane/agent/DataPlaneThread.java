package io.spillway.dataplane.agent;

import io.netty.channel.ManualIoEventLoop;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.tap.ThreadPriority;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * The data-plane thread: work while there is some, then sleep in the event loop until a descriptor
 * is ready, a command comes, or the agent's next deadline.
 *
 * <p>Wake-up: the sleeper raises {@code isAsleep} before it looks at the mailbox a last time, the
 * offering thread looks at it after the offer, so one of them sees the other.
 */
public final class DataPlaneThread implements AutoCloseable {
    private static final long SLEEP_MAX_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLEEP_MIN_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /**
     * Before the compiler, the collector and other programs: on a busy box a PROBE that waits for
     * the processor looks to the peer like a dead PoP.
     */
    private static final int NICENESS = -15;

    private static final long JOIN_MAX_MS = 5_000;

    private final DataPlane dataPlane;
    private final DataPlaneAgent agent;
    private final NanoClock clock;
    private final EventLoopKind kind;
    private final Thread thread = new Thread(this::run, "data-plane");
    private final ManualIoEventLoop loop;
    private volatile boolean isAsleep;
    private volatile boolean isRunning = true;
    private volatile Throwable failure;

    /**
     * @param onFailure told when the agent died of a programmer's error
     */
    public DataPlaneThread(
            DataPlane dataPlane, EventLoopKind kind, NanoClock clock, Runnable onFailure) {
        this.dataPlane = dataPlane;
        this.kind = kind;
        this.clock = clock;
        agent = dataPlane.agent();
        loop = kind.newLoop(thread);
        agent.commands().onOffer(this::wakeUp);
        thread.setUncaughtExceptionHandler(
                (dead, error) -> {
                    failure = error;
                    onFailure.run();
                });
    }

    public void start() {
        thread.start();
    }

    public Thread thread() {
        return thread;
    }

    /** What killed the agent, or null. */
    public Throwable failure() {
        return failure;
    }

    /** Ends the agent and waits for it. */
    @Override
    public void close() {
        isRunning = false;
        loop.wakeup();
        try {
            thread.join(Duration.ofMillis(JOIN_MAX_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ThreadPriority.nice(NICENESS);
        for (LanPort port : dataPlane.ports()) {
            kind.register(loop, port.device().fd(), port.ready());
        }
        for (WanLink link : dataPlane.links()) {
            kind.register(loop, link.device().fd(), link.ready());
        }
        while (isRunning) {
            if (agent.doWork() > 0) {
                loop.runNow();
                continue;
            }
            long restNs = agent.takeRestNs();
            if (restNs > 0) {
                LockSupport.parkNanos(restNs);
                loop.runNow();
            } else {
                sleep();
            }
        }
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }

    private void sleep() {
        isAsleep = true;
        if (agent.commands().isEmpty()) {
            long leftNs = agent.deadlineNs() - clock.nanoTime();
            loop.run(Math.clamp(leftNs, SLEEP_MIN_NS, SLEEP_MAX_NS));
        }
        isAsleep = false;
    }

    private void wakeUp() {
        if (isAsleep) {
            loop.wakeup();
        }
    }
}
