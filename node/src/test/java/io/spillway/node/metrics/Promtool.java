package io.spillway.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Prometheus's own checker, where it is installed; {@link Figures} checks by itself. */
public final class Promtool {
    private static final String NAME = "promtool";

    private Promtool() {}

    /** Of what is told to who does not ask for OpenMetrics, which the checker does not read. */
    public static void check(Scrape scrape, Path directory) {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, NAME)));
        if (isThere) {
            check(Figures.write(Exposition.TEXT, scrape), directory.resolve(NAME));
        }
    }

    private static void check(String text, Path said) {
        try {
            Process process =
                    new ProcessBuilder(NAME, "check", "metrics")
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            process.outputWriter().append(text).close();
            int status = process.waitFor();
            assertEquals("", Files.readString(said));
            assertEquals(0, status);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
