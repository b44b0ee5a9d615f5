package io.spillway.dataplane.agent;

import io.spillway.dataplane.forward.SessionTable;

/**
 * The mode, and how many threads ports and WAN side have. Immutable.
 *
 * @param portThreads each with a queue of every LAN port's device: a power of two up to {@value
 *     #THREADS_MAX}, or 0 for none, so that the lan agent turns the devices; 0 in SHARED
 * @param wanThreads a power of two in 1..{@value #THREADS_MAX}; 1 in SHARED
 */
public record Threading(ThreadingMode mode, int portThreads, int wanThreads) {
    public static final int THREADS_MAX = 16;

    /** One thread for everything. */
    public static final Threading SHARED = new Threading(ThreadingMode.SHARED, 0, 1);

    public Threading {
        boolean isPossible =
                mode == ThreadingMode.SHARED
                        ? portThreads == 0 && wanThreads == 1
                        : (portThreads == 0 || isPossible(portThreads)) && isPossible(wanThreads);
        if (!isPossible) {
            throw new IllegalArgumentException(
                    portThreads + " port threads and " + wanThreads + " WAN threads in " + mode);
        }
    }

    private static boolean isPossible(int threads) {
        return threads >= 1 && threads <= THREADS_MAX && Integer.bitCount(threads) == 1;
    }

    /** The lan agent turns the ports. */
    public static Threading dedicated(int wanThreads) {
        return dedicated(0, wanThreads);
    }

    public static Threading dedicated(int portThreads, int wanThreads) {
        return new Threading(ThreadingMode.DEDICATED, portThreads, wanThreads);
    }

    /** How many queues a LAN port's device must have. */
    public int portQueues() {
        return Math.max(1, portThreads);
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
        if (mode == ThreadingMode.SHARED) {
            return mode.label();
        }
        String ports = portThreads == 0 ? "" : portThreads + " port, ";
        return mode.label() + " (" + ports + "lan, " + wanThreads + " wan)";
    }
}
