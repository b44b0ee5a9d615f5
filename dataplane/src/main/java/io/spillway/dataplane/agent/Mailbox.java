package io.spillway.dataplane.agent;

import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;

/** Commands for one agent. Any thread offers, the agent drains. */
final class Mailbox {
    private static final int CAPACITY = 4096;

    private final MpscArrayQueue<Runnable> commands = new MpscArrayQueue<>(CAPACITY);
    private final AtomicLong refused = new AtomicLong();
    private final Doorbell doorbell = new Doorbell();

    /** False, and counted, when it is full. */
    boolean offer(Runnable command) {
        if (!commands.offer(command)) {
            refused.incrementAndGet();
            return false;
        }
        doorbell.ring();
        return true;
    }

    /** Agent only. Runs at most {@code max}. */
    int drain(int max) {
        int drained = 0;
        while (drained < max) {
            Runnable command = commands.poll();
            if (command == null) {
                break;
            }
            command.run();
            drained++;
        }
        return drained;
    }

    boolean isEmpty() {
        return commands.isEmpty();
    }

    /** Of the agent's thread. */
    Doorbell doorbell() {
        return doorbell;
    }

    /** Commands that found it full. */
    long refused() {
        return refused.get();
    }
}
