package io.spillway.node.lab;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program as a process of its own inside a network namespace; its log is a file. */
public class NamespaceProcess implements AutoCloseable {
    private static final int LAST_WORDS_LINES = 20;
    private static final int TERM_SECONDS = 3;

    /**
     * Ctrl-C and Ctrl-Z in a terminal are for us alone, who then end the process. Not a session of
     * its own: to the kernel's scheduler that would be a group of its own (sched_autogroup),
     * outside which its threads' niceness counts for nothing.
     */
    private static final List<String> TERMINAL_IS_OURS = List.of("env", "--ignore-signal=INT,TSTP");

    private final String name;
    private final List<String> command;
    private final Path log;
    private Process process;

    /**
     * @param name for people
     * @param program with its arguments
     */
    public NamespaceProcess(String name, String namespace, List<String> program, Path log) {
        this.name = name;
        this.command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        this.command.addAll(TERMINAL_IS_OURS);
        this.command.addAll(program);
        this.log = log;
    }

    public final String name() {
        return name;
    }

    public final void start() throws IOException {
        start(List.of());
    }

    /**
     * @param environment NAME=VALUE, besides our own
     */
    final void start(List<String> environment) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(command.indexOf(TERMINAL_IS_OURS.getLast()) + 1, environment);
        process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
    }

    /** Of the program itself: what is before it on the command line becomes it. */
    public final long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when it is gone. */
    public final void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd(Integer.MAX_VALUE);
    }

    /** SIGSTOP. */
    public final void stop() throws IOException {
        Programs.run("kill -STOP " + process.pid());
    }

    /** SIGCONT. */
    public final void resume() throws IOException {
        Programs.run("kill -CONT " + process.pid());
    }

    public final boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The end of what it logged, for people. */
    public final String lastWords() {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            List<String> lines = text.lines().toList();
            int from = Math.max(0, lines.size() - LAST_WORDS_LINES);
            return String.join("\n", lines.subList(from, lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** How many lines with those words it logged. */
    final long countLines(String words) throws IOException {
        String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        return text.lines().filter(line -> line.contains(words)).count();
    }

    /** The last line with those words that it logged; empty if there is none. */
    final String lastLine(String words) throws IOException {
        String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        return text.lines().filter(line -> line.contains(words)).reduce("", (_, line) -> line);
    }

    /** SIGTERM. */
    public final void terminate() {
        if (isAlive()) process.destroy();
    }

    /** SIGTERM, after a while SIGKILL. */
    @Override
    public final void close() {
        if (!isAlive()) return;
        terminate();
        if (!awaitEnd(TERM_SECONDS)) {
            process.destroyForcibly();
        }
    }

    /**
     * @return whether it has ended by then
     */
    final boolean awaitEnd(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
