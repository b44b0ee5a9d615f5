package io.spillway.dataplane.agent;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wakes a sleeping thread, but only from a sleep that it announced.
 *
 * <p>The sleeper announces before it looks a last time at what others give it; who gives rings
 * after giving. A full fence stands between each one's store and load, so one of them sees the
 * other, and no gift is slept over.
 */
public final class Doorbell {
    private final AtomicBoolean isAsleep = new AtomicBoolean();
    private volatile Runnable wakeUp = () -> {};

    /** What ends the sleep. Before the thread starts. */
    public void onRing(Runnable action) {
        wakeUp = action;
    }

    /** Sleeper only: from now on a ring is heard. */
    public void announceSleep() {
        isAsleep.set(true);
    }

    /** Sleeper only. */
    public void awake() {
        isAsleep.set(false);
    }

    /** Any thread, behind its gift; of several only the first ends the sleep. */
    public void ring() {
        VarHandle.fullFence();
        if (isAsleep.get() && isAsleep.compareAndSet(true, false)) {
            wakeUp.run();
        }
    }
}
