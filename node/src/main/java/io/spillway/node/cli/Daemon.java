package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The running daemon that a command asks, and how its answer is shown. */
final class Daemon {
    /** Where daemons listen unless their configuration says otherwise; the first that is there. */
    private static final List<Path> SOCKETS =
            List.of(Path.of("/run/spillway/site.sock"), Path.of("/run/spillway/pop.sock"));

    private static final int WATCH_MAX_S = 86_400;

    /** Cursor to the upper left corner, and nothing behind it (ECMA-48). */
    private static final String CLEAR = "\033[H\033[J";

    @Option(names = "--json", description = "Print the daemon's answer as it is.")
    private boolean isJson;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The daemon's command socket (default: site.sock or pop.sock).")
    private Path socket;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            description = "Ask again and again, with so long between, until Ctrl-C.")
    private int watchS;

    /**
     * Asks, and prints the answer; again and again where that is wanted.
     *
     * @param isYes whether the answer is the one hoped for
     * @return the exit status, see {@link ExitStatus}
     */
    int ask(ObjectNode request, Duration patience, Predicate<JsonNode> isYes, CommandLine command)
            throws IOException {
        if (watchS < 0 || watchS > WATCH_MAX_S) {
            throw new CommandLine.ParameterException(
                    command, "--watch: " + watchS + ", expected 1.." + WATCH_MAX_S);
        }
        while (watchS > 0) {
            watch(request, patience, command);
        }
        JsonNode answer = new CommandClient(chosenSocket(), patience).ask(request);
        if (isRefused(answer, command)) {
            return refusal(answer);
        }
        print(answer, command);
        return isYes.test(answer) ? ExitStatus.OK : ExitStatus.NO;
    }

    /** A daemon that is away for a while is waited for. */
    private void watch(ObjectNode request, Duration patience, CommandLine command) {
        try {
            JsonNode answer = new CommandClient(chosenSocket(), patience).ask(request);
            clear(command);
            if (!isRefused(answer, command)) {
                print(answer, command);
            }
        } catch (IOException e) {
            clear(command);
            command.getErr().println("spillway: " + Failure.inWords(e));
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(watchS));
    }

    /** Of a terminal; else an empty line stands between two answers. */
    private void clear(CommandLine command) {
        boolean isTerminal = System.console() != null && System.console().isTerminal();
        command.getOut().print(isJson ? "" : isTerminal ? CLEAR : "\n");
        command.getOut().flush();
    }

    /**
     * Asks for a list that comes in pages, and prints one answer or all of them: an answer names
     * under {@code after} what the next request starts behind, and under {@code more} how many
     * others there are.
     */
    int askPages(ObjectNode request, boolean isAll, CommandLine command) throws IOException {
        CommandClient client = new CommandClient(chosenSocket());
        while (true) {
            JsonNode answer = client.ask(request);
            if (isRefused(answer, command)) {
                return ExitStatus.NO;
            }
            long more = answer.path("more").asLong(0);
            String after = answer.path("after").asString("");
            if (!isJson && answer instanceof ObjectNode page) {
                page.remove(List.of("more", "after"));
            }
            print(answer, command);
            if (after.isEmpty() || !isAll) {
                if (more > 0 && !isJson) {
                    command.getOut().println("... and " + more + " more, --all shows them");
                    command.getOut().flush();
                }
                return ExitStatus.OK;
            }
            request.put("after", after);
        }
    }

    /**
     * As {@link #askPages} for all of them, each to {@code reader}.
     *
     * @throws IOException also with what the daemon says is wrong
     */
    void readPages(ObjectNode request, PageReader reader) throws IOException {
        CommandClient client = new CommandClient(chosenSocket());
        ObjectNode next = request.deepCopy();
        while (true) {
            JsonNode answer = client.ask(next);
            if (answer.has("error")) {
                throw new IOException(answer.path("error").asString());
            }
            reader.read(answer);
            if (!answer.has("after")) {
                return;
            }
            next.set("after", answer.path("after"));
        }
    }

    /** Takes one page. */
    interface PageReader {
        void read(JsonNode page) throws IOException;
    }

    /** Says why, if it is. */
    static boolean isRefused(JsonNode answer, CommandLine command) {
        if (answer.has("error")) {
            command.getErr().println("spillway: " + answer.path("error").asString());
        }
        return answer.has("error");
    }

    /** Exit status behind a refusal. */
    static int refusal(JsonNode answer) {
        return answer.path("isUsage").asBoolean(false) ? ExitStatus.USAGE : ExitStatus.NO;
    }

    /** As text, or as it is. */
    void print(JsonNode answer, CommandLine command) {
        PrintWriter out = command.getOut();
        out.print(isJson ? answer + "\n" : AnswerText.of(answer));
        out.flush();
    }

    Path chosenSocket() {
        return socket != null
                ? socket
                : SOCKETS.stream().filter(Files::exists).findFirst().orElse(SOCKETS.getFirst());
    }
}
