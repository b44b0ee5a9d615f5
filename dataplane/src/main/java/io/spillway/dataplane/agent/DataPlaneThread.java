package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.tap.AlarmTimer;
import io.spillway.tap.LinuxException;
import io.spillway.tap.ThreadPriority;
import io.spillway.tap.ThreadSleep;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * The thread of one agent: work while there is some, then sleep in the event loop until a
 * descriptor is ready, another thread gives something, or the agent's next deadline. In a stream of
 * small packets it does not wait for each of them, but looks at every door after a short rest
 * ({@link Moderation}); where packets follow each other closely it looks again for a moment before
 * it sleeps ({@link Spin}).
 */
final class DataPlaneThread {
    private static final long SLEEP_MAX_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLEEP_MIN_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /** Netty's word for a wait without an end. */
    private static final long UNTIL_WOKEN = 0;

    /**
     * Before the compiler, the collector and other programs: on a busy box a PROBE that waits for
     * the processor looks to the peer like a dead PoP.
     */
    private static final int NICENESS = -15;

    /** Short, so that it need not wait for the end of another's. */
    private static final long SLICE_NS = 200_000;

    /** Who stops this thread for a collection must not be stopped meanwhile. */
    private static final String STOPPING_THREAD = "VM Thread";

    private static final long JOIN_MAX_MS = 5_000;

    private final LoopAgent agent;
    private final NanoClock clock;
    private final EventLoopKind kind;
    private final Thread thread;
    private final WakeableLoop loop;
    private final AlarmTimer alarm;
    private final ReadyFlag hasRung = new ReadyFlag();
    private final ThreadSleep rest = new ThreadSleep();
    private final Spin spin;
    private long alarmNs;
    private volatile boolean isRunning = true;
    private volatile Throwable failure;

    /**
     * @param spinNs how long to look for packets at most before it sleeps; 0 for never
     * @param onFailure told when the agent died of a programmer's error
     */
    DataPlaneThread(
            LoopAgent agent, EventLoopKind kind, long spinNs, NanoClock clock, Runnable onFailure)
            throws LinuxException {
        this.agent = agent;
        this.kind = kind;
        this.clock = clock;
        spin = new Spin(spinNs);
        thread = new Thread(this::run, agent.name());
        alarm = AlarmTimer.open();
        loop = kind.newLoop(thread);
        agent.doorbell().onRing(loop::wake);
        thread.setUncaughtExceptionHandler(
                (dead, error) -> {
                    failure = error;
                    onFailure.run();
                });
    }

    void start() {
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    /** What killed the agent, or null. */
    Throwable failure() {
        return failure;
    }

    /** Asks the agent to end. */
    void stop() {
        isRunning = false;
        loop.wake();
    }

    /** Waits until it has. */
    void join() {
        try {
            thread.join(Duration.ofMillis(JOIN_MAX_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ThreadPriority.nice(NICENESS, SLICE_NS);
        if (!ThreadPriority.realTime(STOPPING_THREAD)) {
            ThreadPriority.nice(STOPPING_THREAD, NICENESS);
        }
        for (LoopAgent.Door door : agent.doors()) {
            kind.register(loop, door.fd(), door.ready());
        }
        kind.register(loop, alarm.fd(), hasRung);
        while (isRunning) {
            if (agent.doWork() > 0 && !agent.isDrained()) {
                loop.runNow();
                continue;
            }
            long restNs = agent.restNs();
            if (restNs > 0) {
                rest.sleep(restNs);
                agent.lookEverywhere();
            } else {
                idle();
            }
        }
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
        alarm.close();
    }

    private void idle() {
        long startNs = clock.nanoTime();
        if (!spin.isWorthwhile() || !spinUntil(startNs + spin.lengthNs())) {
            sleep();
        }
        spin.note(clock.nanoTime() - startNs);
    }

    /** Lets others run between the looks. False when nothing came. */
    private boolean spinUntil(long endNs) {
        while (clock.nanoTime() - endNs < 0) {
            if (loop.runNow() > 0 || agent.hasMail()) {
                return true;
            }
            Thread.yield();
        }
        return false;
    }

    /** Announced before the last look, so that what is given after it ends the sleep. */
    private void sleep() {
        loop.forgetWakes();
        agent.doorbell().announceSleep();
        if (agent.hasMail() || !isRunning) {
            loop.runNow();
        } else {
            setAlarm(agent.deadlineNs());
            loop.run(UNTIL_WOKEN);
        }
        agent.doorbell().awake();
    }

    /** Most sleeps end long before: an alarm that rings early enough stays as it is. */
    private void setAlarm(long deadlineNs) {
        if (!hasRung.isReady() && alarmNs - deadlineNs <= 0) {
            return;
        }
        hasRung.clear();
        long nowNs = clock.nanoTime();
        long delayNs = Math.clamp(deadlineNs - nowNs, SLEEP_MIN_NS, SLEEP_MAX_NS);
        alarmNs = nowNs + delayNs;
        alarm.arm(delayNs);
    }
}
