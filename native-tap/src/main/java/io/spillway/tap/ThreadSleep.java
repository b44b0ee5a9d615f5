package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sleeps of a fraction of a millisecond (nanosleep(2)): one system call, where a parked thread of
 * the Java machine takes two and a lock.
 *
 * <p>Owned by the thread that sleeps.
 */
public final class ThreadSleep {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int TIMESPEC_LENGTH = 16;
    private static final int NANOSECONDS_OFFSET = 8;

    private final LinuxCalls calls = new LinuxCalls();
    private final MemorySegment time = Arena.ofAuto().allocate(TIMESPEC_LENGTH, Long.BYTES);

    /** Returns early on a signal, and late by what the kernel's timer slack and load make of it. */
    public void sleep(long durationNs) {
        Memory.putLong(time.address(), durationNs / NS_PER_S);
        Memory.putLong(time.address() + NANOSECONDS_OFFSET, durationNs % NS_PER_S);
        calls.nanosleep(time.address());
    }
}
