package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lab itself, started by the launcher, with the real daemons: it must notice what it is there
 * to notice, and leave nothing behind whatever way it ends.
 */
@Tag("alone")
final class LabSystemTest {
    private static final String VARIABLE = "SPILLWAY_LAB_TEST";
    private static final String RECOVERED = "every site went to recovery";
    private static final int INTERRUPTED = 130;
    private static final int KILLED = 128 + 9;

    /** Launcher (by now unshare), lab, PoP and three sites. */
    private static final int PROCESSES = 6;

    private static final long START_MS = 60_000;
    private static final long END_MS = 10_000;
    private static final long RUN_SECONDS = 180;

    @TempDir Path directory;
    private final String mark =
            VARIABLE + "=" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    private final Set<String> before = traces();
    private Process lab;

    @AfterEach
    void shouldLeaveNothingBehind() throws Exception {
        lab.destroyForcibly().waitFor();
        awaitThat("processes of the lab ended", END_MS, () -> marked().isEmpty());
        Set<String> left = traces();
        left.removeAll(before);
        assertEquals(Set.of(), left);
    }

    @Test
    void shouldFailWithoutRecovery() throws Exception {
        Set<String> failed = failedChecks("--no-recovery");

        assertTrue(failed.containsAll(Set.of("outage", RECOVERED)), failed::toString);
    }

    @Test
    void shouldFailWithoutFreeze() throws Exception {
        Set<String> failed = failedChecks("--no-freeze");

        assertTrue(failed.contains("outage"), failed::toString);
        assertFalse(failed.contains(RECOVERED), failed::toString);
    }

    @Test
    void shouldFailWhenThePopWasNotCut() throws Exception {
        Set<String> failed = failedChecks("--no-cut");

        assertTrue(failed.contains("the PoP was really cut"), failed::toString);
        assertFalse(failed.contains("outage"), failed::toString);
    }

    @Test
    void shouldEndWithItsLauncherAtOnce() throws Exception {
        startAndAwaitNodes();

        lab.destroyForcibly();

        assertEquals(KILLED, lab.waitFor());
    }

    @Test
    void shouldEndOnCtrlC() throws Exception {
        startAndAwaitNodes();

        // A terminal sends it to the whole foreground group.
        Programs.run("kill -INT -- -" + lab.pid());

        assertTrue(lab.waitFor(END_MS, TimeUnit.MILLISECONDS), this::output);
        assertEquals(INTERRUPTED, lab.exitValue(), this::output);
        assertFalse(output().contains("Exception"), this::output);
    }

    /** Names of the checks that failed in a run of one cut, which must end with status 1. */
    private Set<String> failedChecks(String option) throws Exception {
        Path json = directory.resolve("lab.json");
        start("--cuts", "1", "--ways", "drop", "--short", option, "--json", json.toString());
        assertTrue(lab.waitFor(RUN_SECONDS, TimeUnit.SECONDS), this::output);
        requireNamespaces();
        assertEquals(1, lab.exitValue(), this::output);
        JsonNode report = new JsonMapper().readTree(json.toFile());
        assertEquals("fail", report.path("verdict").asString(), this::output);
        Set<String> failed = new TreeSet<>();
        for (JsonNode check : report.path("checks")) {
            if (!check.path("passed").asBoolean(true)) failed.add(check.path("name").asString());
        }
        return failed;
    }

    private void start(String... arguments) throws IOException {
        String home = System.getProperty("spillway.home");
        // Leads a group of its own, and hears Ctrl-C even if this build was told not to.
        List<String> command =
                new ArrayList<>(List.of("setsid", "env", "--default-signal=INT", mark));
        command.add("SPILLWAY_CLASS_PATH=" + System.getProperty("java.class.path"));
        command.addAll(List.of(home + "/spillway", "lab"));
        command.addAll(List.of(arguments));
        lab =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(directory.resolve("output").toFile())
                        .start();
    }

    private void startAndAwaitNodes() throws Exception {
        start("--cuts", "1");
        awaitThat("all nodes run", START_MS, () -> marked().size() >= PROCESSES || !lab.isAlive());
        requireNamespaces();
        assertTrue(lab.isAlive(), this::output);
    }

    /** Status 2 is the launcher's: this machine does not let us. */
    private void requireNamespaces() {
        boolean isRefused = !lab.isAlive() && lab.exitValue() == 2;
        if (isRefused && "true".equals(System.getenv("CI"))) fail(output());
        Assumptions.assumeFalse(isRefused, () -> "skipped: " + output());
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void awaitThat(String what, long timeoutMs, BooleanSupplier holds) throws Exception {
        long startNs = System.nanoTime();
        while (!holds.getAsBoolean()) {
            long ms = (System.nanoTime() - startNs) / 1_000_000;
            if (ms > timeoutMs) fail("not in " + ms + " ms: " + what + "\n" + output());
            Thread.sleep(100);
        }
    }

    /** Processes that have the mark of this test in their environment. */
    private List<Path> marked() {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(this::isMarked)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isMarked(Path process) {
        try {
            byte[] bytes = Files.readAllBytes(process.resolve("environ"));
            return ("\0" + new String(bytes, StandardCharsets.UTF_8)).contains("\0" + mark + "\0");
        } catch (IOException e) {
            return false; // gone meanwhile, or another user's
        }
    }

    /** What a lab could leave outside its namespaces, were there none. */
    private static Set<String> traces() {
        Set<String> traces = new TreeSet<>();
        List<String> namespaces =
                new ArrayList<>(
                        LabSite.first(LabSite.COUNT_MIN).stream().map(LabSite::name).toList());
        namespaces.addAll(List.of(LabSite.INTERNET_NAMESPACE, LabSite.POP_NAMESPACE));
        namespaces.forEach(name -> addIfThere("/run/netns/" + name, traces));
        addIfThere("/run/spillway-lab", traces);
        addIfThere("/sys/class/net/" + LabNetwork.POP_INTERNET_DEVICE, traces);
        addIfThere("/sys/class/net/" + LabNetwork.LAN_BRIDGE, traces);
        try {
            Files.readAllLines(Path.of("/proc/mounts")).stream()
                    .filter(line -> line.startsWith("spillway"))
                    .forEach(traces::add);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return traces;
    }

    private static void addIfThere(String path, Set<String> traces) {
        if (Files.exists(Path.of(path))) traces.add(path);
    }
}
