package io.spillway.tap;

/** How the kernel's scheduler prefers one thread to others (setpriority(2)). */
public final class ThreadPriority {
    /** Between -20, most preferred, and 19; only the privileged may go below 0. */
    private static final int NICE_MIN = -20;

    private static final int NICE_MAX = 19;
    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    private ThreadPriority() {}

    /**
     * Sets the calling platform thread's niceness; on Linux it belongs to the thread, not the
     * process.
     *
     * @return false when the kernel refuses it, as it does without CAP_SYS_NICE; all goes on then
     */
    public static boolean nice(int nice) {
        if (nice < NICE_MIN || nice > NICE_MAX) {
            throw new IllegalArgumentException("niceness " + nice);
        }
        return new LinuxCalls().setpriority(PRIO_PROCESS, CALLING_THREAD, nice) == 0;
    }
}
