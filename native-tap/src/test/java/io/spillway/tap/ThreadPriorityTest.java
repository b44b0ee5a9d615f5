package io.spillway.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThreadPriorityTest {
    /** Fields of proc_pid_stat(5), counted behind the command's closing parenthesis. */
    private static final int NICE_FIELD = 16;

    private static final int POLICY_FIELD = 38;
    private static final Path OWN_GROUP = Path.of("/proc/self/autogroup");
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

    @Test
    void shouldSetAllThreadsAndThoseThatTheyStart() throws Exception {
        List<String> seen = run(AllThreads.class);

        assertTrue(seen.size() > 1, seen::toString);
        assertEquals(Set.of("6"), Set.copyOf(seen));
    }

    @Test
    void shouldSetTheSessionThatItLeads() throws Exception {
        assumeTrue(Files.exists(OWN_GROUP), "skipped: this kernel does not group by session");

        assertEquals(List.of("nice 3"), run(Session.class, "setsid"));
    }

    @Test
    void shouldLeaveTheSessionOfOthersAlone() throws Exception {
        assumeTrue(Files.exists(OWN_GROUP), "skipped: this kernel does not group by session");
        String before = group();

        assertEquals(List.of(before), run(Session.class));

        assertEquals(before, group());
    }

    /** Prints the niceness of each thread. */
    static final class AllThreads {
        private AllThreads() {}

        public static void main(String[] arguments) throws Exception {
            assertTrue(ThreadPriority.niceAll(6, 500_000));
            Thread.ofPlatform().daemon().start(() -> await(new CountDownLatch(1)));
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : threads.toList()) {
                    System.out.println(field(thread.resolve("stat"), NICE_FIELD));
                }
            }
        }
    }

    /** Prints the niceness of its session. */
    static final class Session {
        private Session() {}

        public static void main(String[] arguments) throws Exception {
            assertTrue(ThreadPriority.niceSession(3));
            System.out.println(group());
        }
    }

    /** What a process of its own prints. */
    private static List<String> run(Class<?> main, String... before) throws Exception {
        List<String> command = new ArrayList<>(List.of(before));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:-UseDynamicNumberOfCompilerThreads"); // none ends while they are listed
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    private static String group() throws IOException {
        return Files.readString(OWN_GROUP).strip().replaceFirst("^\\S+ ", "");
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
            return field(Path.of("/proc/thread-self/stat"), index);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int field(Path file, int index) throws IOException {
        String stat = Files.readString(file);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Integer.parseInt(fields[index]);
    }
}
