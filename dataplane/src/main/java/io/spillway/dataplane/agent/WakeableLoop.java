package io.spillway.dataplane.agent;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;

/**
 * An event loop in which no wake-up is lost. Netty's own is, behind epoll, when it comes before the
 * wait has begun: Netty counts on a task that then stands in its queue.
 *
 * <p>Owned by one thread; {@link #wake} by any.
 */
final class WakeableLoop extends ManualIoEventLoop {
    private volatile boolean isWoken;

    WakeableLoop(Thread owner, IoHandlerFactory factory) {
        super(owner, factory);
    }

    /** The next wait ends, or the one that goes on. */
    void wake() {
        isWoken = true;
        wakeup();
    }

    /**
     * Owner only, before it looks a last time at what others give it: earlier calls do not count.
     */
    void forgetWakes() {
        isWoken = false;
    }

    /** Asked once more when a wake-up is heard already. */
    @Override
    protected boolean canBlock() {
        return !isWoken;
    }
}
