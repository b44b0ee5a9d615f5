package io.spillway.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MicroCommandTest {
    private static final int USAGE = 2;

    private final StringWriter errors = new StringWriter();

    private final PrintStream out = System.out;

    @TempDir private Path directory;

    /** JMH writes to the standard output, and lets one run at a time measure on a machine. */
    @BeforeEach
    void letJmhBe() {
        System.setProperty("jmh.ignoreLock", "true");
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.clearProperty("jmh.ignoreLock");
    }

    @Test
    void shouldRefuseABadRegexInOneLine() {
        assertEquals(USAGE, run("("));
        assertEquals("spillway bench micro: REGEX (: Unclosed group\n", errors.toString());
    }

    @Test
    void shouldRefuseARegexThatMatchesNothingInOneLine() {
        assertEquals(USAGE, run("NoSuchBenchmark"));
        assertEquals(
                "spillway bench micro: REGEX NoSuchBenchmark: no benchmark has such a name\n",
                errors.toString());
    }

    @Test
    void shouldRefuseAReportThatCannotBeWrittenBeforeItMeasures() {
        assertEquals(USAGE, run("--json", directory.resolve("no/report.json").toString()));
        assertTrue(errors.toString().endsWith("report.json: cannot be written\n"));
    }

    @Test
    void shouldMeasureWhatMatchesAndLeaveAReport() throws IOException {
        Path report = directory.resolve("report.json");

        int status =
                run(
                        "--warm-up=0",
                        "--iterations=1",
                        "--millis=10",
                        "--json=" + report,
                        "ReplayWindowBenchmark.replayed");

        assertEquals(0, status, errors.toString());
        String json = Files.readString(report);
        assertTrue(json.contains("ReplayWindowBenchmark.replayed"), json);
        assertTrue(json.contains("gc.alloc.rate.norm"), json);
        assertTrue(json.contains("--sun-misc-unsafe-memory-access=allow"), json);
    }

    private int run(String... arguments) {
        CommandLine command = new CommandLine(new MicroCommand());
        return command.setErr(new PrintWriter(errors, true)).execute(arguments);
    }
}
