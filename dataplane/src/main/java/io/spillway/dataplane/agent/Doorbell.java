package io.spillway.dataplane.agent;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wakes an agent's thread, but only from a sleep that it announced.
 *
 * <p>The sleeper announces before it looks a last time at what others give it; who gives rings
 * after giving. A full fence stands between each one's store and load, so one of them sees the
 * other, and no gift is slept over.
 */
final class Doorbell {
    private final AtomicBoolean isAsleep = new AtomicBoolean();
    private volatile Runnable wakeUp = () -> {};

    /** What ends the sleep. Before the thread starts. */
    void onRing(Runnable action) {
        wakeUp = action;
    }

    /** Sleeper only: from now on a ring is heard. */
    void announceSleep() {
        isAsleep.set(true);
    }

    /** Sleeper only. */
    void awake() {
        isAsleep.set(false);
    }

    /** Any thread, behind its gift; of several only the first ends the sleep. */
    void ring() {
        VarHandle.fullFence();
        if (isAsleep.get() && isAsleep.compareAndSet(true, false)) {
            wakeUp.run();
        }
    }
}
