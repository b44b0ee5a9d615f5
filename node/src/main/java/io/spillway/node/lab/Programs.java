package io.spillway.node.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the system's own tools (ip, nft, sysctl, kill) to their end. */
public final class Programs {
    private Programs() {}

    /** Runs a command line of words without quoting. */
    public static String run(String commandLine) throws IOException {
        return run(List.of(commandLine.split(" +")));
    }

    /**
     * Runs a program and waits for it.
     *
     * @return what it wrote, standard error included
     * @throws IOException if it is missing or ends with another status than 0; says what it wrote
     */
    public static String run(List<String> command) throws IOException {
        Outcome outcome = outcome(command);
        if (outcome.status() != 0) {
            String text = String.join(" ", command);
            throw new IOException(
                    text + ": status " + outcome.status() + ": " + outcome.output().strip());
        }
        return outcome.output();
    }

    /** Runs a program whose failure is an answer, not an error. */
    public static Outcome outcome(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            return new Outcome(process.waitFor(), new String(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        }
    }

    /** Exit status and everything a program wrote. */
    public record Outcome(int status, String output) {}
}
