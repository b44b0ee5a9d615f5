package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.ReadyFlag;
import java.util.List;

/** An agent as a {@link DataPlaneThread} turns it, which calls everything here. */
abstract class LoopAgent {
    static final int COMMANDS_PER_CYCLE_MAX = 64;

    /** Of an agent without a deadline of its own. */
    private static final long SLEEP_MAX_NS = 1_000_000_000L;

    /** A descriptor that the event loop watches, and what it raises. */
    record Door(int fd, ReadyFlag ready) {}

    final AgentParts own;
    final Doors doors;

    LoopAgent(AgentParts own, List<Door> doors) {
        this.own = own;
        this.doors = new Doors(doors);
    }

    /** Of the thread. */
    final String name() {
        return own.name();
    }

    final List<Door> doors() {
        return doors.all();
    }

    /** One duty cycle. Returns what was done; 0 means that sleeping is right. */
    abstract int doWork();

    /**
     * Nothing waits at a door or in a ring: what comes next, an event or the doorbell will tell.
     */
    abstract boolean isDrained();

    /**
     * Whether another thread gave it something that waits: commands, packets. The last look before
     * a sleep that the {@link #doorbell} was told of.
     */
    abstract boolean hasMail();

    /** What other threads ring behind what they give. */
    final Doorbell doorbell() {
        return own.mailbox().doorbell();
    }

    /** When {@link #doWork} has something to do although nothing arrives; agent's nanoseconds. */
    long deadlineNs() {
        return own.clock().nanoTime() + SLEEP_MAX_NS;
    }

    /** How long to rest although packets may come ({@link Moderation}); 0: not at all. */
    abstract long restNs();

    /** The next cycle looks at every door, whether or not an event told of it. */
    final void lookEverywhere() {
        doors.setReady();
    }
}
