package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadPriorityTest {
    /** Fields of proc_pid_stat(5), counted behind the command's closing parenthesis. */
    private static final int NICE_FIELD = 16;

    private static final int POLICY_FIELD = 38;
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;

    @Test
    void shouldSetTheCallingThreadAlone() throws Exception {
        int before = nice();
        int[] inside = new int[1];

        Thread thread =
                new Thread(
                        () -> {
                            assertTrue(ThreadPriority.nice(5));
                            inside[0] = nice();
                        });
        thread.start();
        thread.join();

        assertEquals(5, inside[0]);
        assertEquals(before, nice());
    }

    @Test
    void shouldSetThreadsByName() throws Exception {
        int seen =
                seenBy(
                        "to-be-nice",
                        NICE_FIELD,
                        () -> assertTrue(ThreadPriority.nice("to-be-nice", 7)));

        assertEquals(7, seen);
    }

    @Test
    void shouldRunThreadsByNameBeforeAllOthers() throws Exception {
        boolean[] isDone = new boolean[2];

        int policy =
                seenBy(
                        "to-be-fast",
                        POLICY_FIELD,
                        () -> {
                            isDone[0] = ThreadPriority.realTime("to-be-fast");
                            isDone[1] = ThreadPriority.realTime("to-be-fast");
                        });

        assertEquals(isDone[0] ? SCHED_FIFO : SCHED_OTHER, policy, "an unprivileged one stays");
        assertEquals(isDone[0], isDone[1]);
    }

    /** A field of the thread with that name, after {@code change} from outside. */
    private static int seenBy(String name, int field, Runnable change) throws Exception {
        int[] inside = new int[1];
        var named = new CountDownLatch(1);
        var changed = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .name(name)
                        .start(
                                () -> {
                                    named.countDown();
                                    await(changed);
                                    inside[0] = field(field);
                                });
        await(named);
        change.run();
        changed.countDown();
        thread.join();
        return inside[0];
    }

    @Test
    void shouldSetNicenessAndSlice() throws Exception {
        int[] inside = new int[1];
        Thread thread =
                new Thread(
                        () -> {
                            assertTrue(ThreadPriority.nice(4, 200_000));
                            inside[0] = nice();
                        });
        thread.start();
        thread.join();

        assertEquals(4, inside[0]);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldRefuseWhatNoKernelKnows() {
        assertThrows(IllegalArgumentException.class, () -> ThreadPriority.nice(20));
        assertThrows(IllegalArgumentException.class, () -> ThreadPriority.nice(-21));
    }

    private static int nice() {
        return field(NICE_FIELD);
    }

    private static int field(int index) {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Integer.parseInt(fields[index]);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
