package io.spillway.dataplane.agent;

import io.spillway.dataplane.forward.SessionTable;

/**
 * The mode, and how many threads the WAN side has. Immutable.
 *
 * @param wanThreads a power of two in 1..{@value #WAN_THREADS_MAX}; 1 in SHARED
 */
public record Threading(ThreadingMode mode, int wanThreads) {
    public static final int WAN_THREADS_MAX = 16;

    /** One thread for everything. */
    public static final Threading SHARED = new Threading(ThreadingMode.SHARED, 1);

    public Threading {
        boolean isPossible =
                mode == ThreadingMode.SHARED
                        ? wanThreads == 1
                        : wanThreads >= 1
                                && wanThreads <= WAN_THREADS_MAX
                                && Integer.bitCount(wanThreads) == 1;
        if (!isPossible) {
            throw new IllegalArgumentException("WAN threads: " + wanThreads + " in " + mode);
        }
    }

    public static Threading dedicated(int wanThreads) {
        return new Threading(ThreadingMode.DEDICATED, wanThreads);
    }

    /** The WAN thread that records with this connection ID of ours are led to. */
    public int wanThreadOf(int connectionId) {
        return connectionId & wanThreads - 1;
    }

    /** How many low bits of a connection ID name the thread; part of the {@link SessionTable}'s. */
    public int threadBits() {
        return Integer.numberOfTrailingZeros(wanThreads);
    }

    /** For people: the mode and its threads. */
    public String describe() {
        return mode == ThreadingMode.SHARED
                ? mode.label()
                : mode.label() + " (lan, " + wanThreads + " wan)";
    }
}
