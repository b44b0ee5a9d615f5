package io.spillway.tap;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a system program in the network namespace of the calling thread. Not for agents: it waits.
 */
public final class Programs {
    private static final int TIME_OUT_SECONDS = 10;

    private Programs() {}

    /** Throws like {@link #ask}. */
    public static void run(String... command) throws IOException {
        feed("", command);
    }

    /** Throws like {@link #ask}. */
    static void feed(String input, String... command) throws IOException {
        ask(input, command);
    }

    /**
     * What the program said.
     *
     * @throws IOException with the command line and what the program said, unless it exits with 0
     */
    public static String ask(String input, String... command) throws IOException {
        Process process = start(command);
        try {
            try (OutputStream stream = process.getOutputStream()) {
                stream.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading everything; its exit status tells why.
            }
            if (!process.waitFor(TIME_OUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(line(command) + ": no end within " + TIME_OUT_SECONDS + " s");
            }
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(
                        line(command) + ": exit " + process.exitValue() + ": " + said.strip());
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(line(command) + ": interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(
                    line(command)
                            + ": program "
                            + command[0]
                            + " cannot be started: is it installed?",
                    e);
        }
    }

    private static String line(String... command) {
        return String.join(" ", List.of(command));
    }
}
