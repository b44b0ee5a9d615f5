package io.spillway.node.setup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What somebody types, a line each; used by one thread, which may stop waiting for it. */
final class Answers {
    private static final String YES = "yes";
    private static final String NO = "no";

    /** No line has it. */
    private static final String END = "\n";

    private static final long LOOK_MS = 100;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** What is asked for as long as nothing was typed. */
    interface Condition {
        boolean holds() throws IOException;
    }

    private Answers() {}

    static Answers of(InputStream typed) {
        Answers answers = new Answers();
        Thread.ofPlatform().name("answers").daemon().start(() -> answers.read(typed));
        return answers;
    }

    private void read(InputStream typed) {
        var reader = new BufferedReader(new InputStreamReader(typed, StandardCharsets.UTF_8));
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line.strip());
            }
        } catch (IOException e) {
            // as if it had ended
        }
        lines.add(END);
    }

    /** Whether the next line says so. */
    boolean isYes() throws IOException {
        while (true) {
            String line = next();
            if (line != null) {
                return line.equals(YES);
            }
        }
    }

    /** False when a line says no, or it no longer holds; an end is no answer. */
    boolean isYesWhile(Condition condition) throws IOException {
        while (condition.holds()) {
            String line = next();
            if (YES.equals(line) || NO.equals(line)) {
                return line.equals(YES);
            }
        }
        return false;
    }

    /** Null: none yet. */
    private String next() throws IOException {
        try {
            return lines.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        }
    }
}
