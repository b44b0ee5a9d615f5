package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    @Option(names = "--json", description = "Print the daemon's answer as it is.")
    private boolean isJson;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The daemon's command socket (default: site.sock or pop.sock).")
    private Path socket;

    /**
     * Asks, and prints the answer.
     *
     * @param isYes whether the answer is the one hoped for
     * @return the exit status, see {@link ExitStatus}
     */
    int ask(ObjectNode request, Duration patience, Predicate<JsonNode> isYes, CommandLine command)
            throws IOException {
        JsonNode answer = new CommandClient(chosenSocket(), patience).ask(request);
        if (answer.has("error")) {
            command.getErr().println("spillway: " + answer.path("error").asString());
            return ExitStatus.NO;
        }
        PrintWriter out = command.getOut();
        out.print(isJson ? answer + "\n" : AnswerText.of(answer));
        out.flush();
        return isYes.test(answer) ? ExitStatus.OK : ExitStatus.NO;
    }

    private Path chosenSocket() {
        return socket != null
                ? socket
                : SOCKETS.stream().filter(Files::exists).findFirst().orElse(SOCKETS.getFirst());
    }
}
