package io.spillway.tap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** How the kernel's scheduler prefers one thread to others. */
public final class ThreadPriority {
    /** Between -20, most preferred, and 19; only the privileged may go below 0. */
    private static final int NICE_MIN = -20;

    private static final int NICE_MAX = 19;
    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    // struct sched_attr (linux/sched/types.h)
    private static final int SCHED_ATTR_LENGTH = 48;
    private static final int POLICY_OFFSET = 4;
    private static final int FLAGS_OFFSET = 8;
    private static final int NICE_OFFSET = 16;
    private static final int PRIORITY_OFFSET = 20;
    private static final int RUNTIME_OFFSET = 24;

    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    private static final int FIFO_PRIORITY_MIN = 1;

    /** What the thread starts is scheduled as usual. */
    private static final long SCHED_FLAG_RESET_ON_FORK = 0x01;

    /** An operator's choice of another policy stays. */
    private static final long SCHED_FLAG_KEEP_POLICY = 0x08;

    private static final Path OWN_PROCESS = Path.of("/proc/self");
    private static final Path OWN_THREADS = OWN_PROCESS.resolve("task");
    private static final Path OWN_GROUP = OWN_PROCESS.resolve("autogroup");

    // Fields of proc_pid_stat(5), counted behind the command's closing parenthesis
    private static final int SESSION_FIELD = 3;
    private static final int POLICY_FIELD = 38;

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
     * {@link #nice(int, long)} for every thread that this process has; those that they start later
     * inherit it.
     *
     * @return false when the kernel refuses it for one of them, or does not show our threads
     */
    public static boolean niceAll(int nice, long sliceNs) {
        check(nice);
        return forEach(thread -> true, thread -> nice(number(thread), nice, sliceNs));
    }

    /**
     * Prefers what this session runs to what others do (sched_autogroup, sched(7)): where the
     * kernel groups threads by session, a thread's niceness counts only within its own. A process
     * that does not lead its session leaves it alone, since others are in it.
     *
     * @return false when the kernel refuses it
     */
    public static boolean niceSession(int nice) {
        check(nice);
        if (!leadsSession() || !Files.exists(OWN_GROUP)) {
            return true;
        }
        try {
            Files.writeString(OWN_GROUP, Integer.toString(nice));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean leadsSession() {
        String[] fields = stat(OWN_PROCESS);
        return fields.length > SESSION_FIELD
                && Long.parseLong(fields[SESSION_FIELD]) == ProcessHandle.current().pid();
    }

    /**
     * {@link #nice(int)} for the threads of this process with that name, as ps shows it.
     *
     * @return false when the kernel refuses it for one of them, or does not show our threads
     */
    public static boolean nice(String threadName, int nice) {
        check(nice);
        return forEach(isNamed(threadName), thread -> nice(number(thread), nice));
    }

    /**
     * Lets the threads of this process with that name run as soon as they can, before everything
     * whose policy is the usual one, and for as long as they want. One for which an operator has
     * chosen another policy keeps it.
     *
     * @return false when the kernel refuses it for one of them, as it does without CAP_SYS_NICE, or
     *     does not show our threads
     */
    public static boolean realTime(String threadName) {
        return forEach(
                isNamed(threadName), thread -> policyOf(thread) != SCHED_OTHER || realTime(thread));
    }

    private static boolean realTime(Path thread) {
        try (Arena arena = Arena.ofConfined()) {
            long attributes = attributes(arena, SCHED_FLAG_RESET_ON_FORK);
            Memory.putInt(attributes + POLICY_OFFSET, SCHED_FIFO);
            Memory.putInt(attributes + PRIORITY_OFFSET, FIFO_PRIORITY_MIN);
            return new LinuxCalls().schedSetattr(number(thread), attributes) == 0;
        }
    }

    private static Predicate<Path> isNamed(String threadName) {
        return thread -> nameOf(thread).equals(threadName);
    }

    private static boolean forEach(Predicate<Path> isMeant, Predicate<Path> change) {
        boolean isDone = true;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(OWN_THREADS)) {
            for (Path thread : threads) {
                if (isMeant.test(thread)) {
                    isDone &= change.test(thread) || Files.notExists(thread); // it has ended
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
        return nice(CALLING_THREAD, nice, sliceNs);
    }

    private static boolean nice(int thread, int nice, long sliceNs) {
        try (Arena arena = Arena.ofConfined()) {
            long attributes = attributes(arena, SCHED_FLAG_KEEP_POLICY);
            Memory.putInt(attributes + NICE_OFFSET, nice);
            Memory.putLong(attributes + RUNTIME_OFFSET, sliceNs);
            return new LinuxCalls().schedSetattr(thread, attributes) == 0 || nice(thread, nice);
        }
    }

    /** Address of an empty struct sched_attr. */
    private static long attributes(Arena arena, long flags) {
        long address = arena.allocate(SCHED_ATTR_LENGTH, Long.BYTES).address();
        Memory.putInt(address, SCHED_ATTR_LENGTH);
        Memory.putLong(address + FLAGS_OFFSET, flags);
        return address;
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

    private static int number(Path thread) {
        return Integer.parseInt(thread.getFileName().toString());
    }

    /** The usual one for a thread that has just ended. */
    private static int policyOf(Path thread) {
        String[] fields = stat(thread);
        return fields.length <= POLICY_FIELD ? SCHED_OTHER : Integer.parseInt(fields[POLICY_FIELD]);
    }

    private static String[] stat(Path task) {
        String stat = read(task.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    }

    private static String nameOf(Path thread) {
        return read(thread.resolve("comm")).strip();
    }

    /** Empty for a thread that has just ended. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
