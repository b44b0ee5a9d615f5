package io.spillway.node.lab;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * {@code spillway site} or {@code spillway pop} as a process of its own inside its namespace; its
 * log is a file.
 */
final class NodeProcess implements AutoCloseable {
    private static final String MAIN_CLASS = "io.spillway.node.cli.SpillwayCommand";
    private static final String SHARED_CLASSES = "-XX:SharedArchiveFile=";
    private static final List<String> HEAP_FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms64m",
                    "-Xmx256m",
                    "-Xshare:auto",
                    "-Xlog:cds=off",
                    "-Xlog:aot=off",
                    // Nothing outside the lab's own /run.
                    "-XX:-UsePerfData",
                    "-Djava.io.tmpdir=/run");
    private static final int LAST_WORDS_LINES = 20;
    private static final int TERM_SECONDS = 3;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final CommandClient client;
    private Process process;

    /**
     * @param role the command to run: {@code site} or {@code pop}
     * @param socket its command socket, as its configuration says
     */
    NodeProcess(String name, String namespace, String role, Path config, Path socket, Path log) {
        this.name = name;
        this.command = command(namespace, role, config);
        this.log = log;
        this.client = new CommandClient(socket);
    }

    private static List<String> command(String namespace, String role, Path config) {
        // A session of its own: Ctrl-C in a terminal is for the lab alone, which then ends its
        // nodes.
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "setsid"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The launcher's flags, so the nodes run as the lab itself does.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith(SHARED_CLASSES))
                .forEach(command::add);
        command.addAll(HEAP_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
        command.addAll(List.of(role, "--config", config.toString()));
        return command;
    }

    String name() {
        return name;
    }

    void start() throws IOException {
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
    }

    /** SIGKILL; returns when it is gone. */
    void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd(Integer.MAX_VALUE);
    }

    /** SIGSTOP. */
    void stop() throws IOException {
        Programs.run("kill -STOP " + process.pid());
    }

    /** SIGCONT. */
    void resume() throws IOException {
        Programs.run("kill -CONT " + process.pid());
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** One question to its command socket. */
    JsonNode ask(String question) throws IOException {
        return client.ask(question);
    }

    /** The end of what it logged, for people. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            int from = Math.max(0, lines.size() - LAST_WORDS_LINES);
            return String.join("\n", lines.subList(from, lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** SIGTERM. */
    void terminate() {
        if (isAlive()) process.destroy();
    }

    /** SIGTERM, after a while SIGKILL. */
    @Override
    public void close() {
        if (!isAlive()) return;
        terminate();
        if (!awaitEnd(TERM_SECONDS)) {
            process.destroyForcibly();
        }
    }

    private boolean awaitEnd(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
