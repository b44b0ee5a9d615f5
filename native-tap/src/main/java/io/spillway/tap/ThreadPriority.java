package io.spillway.tap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the kernel's scheduler prefers one thread to others. */
public final class ThreadPriority {
    /** Between -20, most preferred, and 19; only the privileged may go below 0. */
    private static final int NICE_MIN = -20;

    private static final int NICE_MAX = 19;
    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    // struct sched_attr (linux/sched/types.h)
    private static final int SCHED_ATTR_LENGTH = 48;
    private static final int FLAGS_OFFSET = 8;
    private static final int NICE_OFFSET = 16;
    private static final int RUNTIME_OFFSET = 24;

    /** An operator's choice of another policy stays. */
    private static final long SCHED_FLAG_KEEP_POLICY = 0x08;

    private static final Path OWN_THREADS = Path.of("/proc/self/task");

    private ThreadPriority() {}

    /**
     * Sets the calling platform thread's niceness; on Linux it belongs to the thread, not the
     * process.
     *
     * @return false when the kernel refuses it, as it does without CAP_SYS_NICE; all goes on then
     */
    public static boolean nice(int nice) {
        return nice(CALLING_THREAD, nice);
    }

    /**
     * The same for the threads of this process with that name, as ps shows it.
     *
     * @return false when the kernel refuses it for one of them, or does not show our threads
     */
    public static boolean nice(String threadName, int nice) {
        boolean isDone = true;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(OWN_THREADS)) {
            for (Path thread : threads) {
                if (nameOf(thread).equals(threadName)) {
                    isDone &= nice(Integer.parseInt(thread.getFileName().toString()), nice);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
        return isDone;
    }

    /**
     * Sets niceness, and how long the calling thread may run before others have their turn: one
     * with a short slice that wakes up interrupts one with a long slice. Kernels before 6.12 take
     * the niceness only.
     *
     * @param sliceNs the kernel keeps it within 0.1 to 100 ms
     * @return false when the kernel refuses it, as it does without CAP_SYS_NICE; all goes on then
     */
    public static boolean nice(int nice, long sliceNs) {
        check(nice);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SCHED_ATTR_LENGTH, Long.BYTES);
            Memory.putInt(attributes.address(), SCHED_ATTR_LENGTH);
            Memory.putLong(attributes.address() + FLAGS_OFFSET, SCHED_FLAG_KEEP_POLICY);
            Memory.putInt(attributes.address() + NICE_OFFSET, nice);
            Memory.putLong(attributes.address() + RUNTIME_OFFSET, sliceNs);
            return new LinuxCalls().schedSetattr(CALLING_THREAD, attributes.address()) == 0
                    || nice(nice);
        }
    }

    private static boolean nice(int thread, int nice) {
        check(nice);
        return new LinuxCalls().setpriority(PRIO_PROCESS, thread, nice) == 0;
    }

    private static void check(int nice) {
        if (nice < NICE_MIN || nice > NICE_MAX) {
            throw new IllegalArgumentException("niceness " + nice);
        }
    }

    /** Empty for a thread that has just ended. */
    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
