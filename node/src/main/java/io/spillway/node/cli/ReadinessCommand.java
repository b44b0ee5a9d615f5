package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway readiness}: of now or of before, of a site or one of its WAN links. */
@Command(
        name = "readiness",
        mixinStandardHelpOptions = true,
        description = "Show whether recovery would work, per site and link, and what is missing.")
final class ReadinessCommand implements Callable<Integer> {
    /** One of them at most. */
    private static final class Which {
        @Option(
                names = "--interface",
                paramLabel = "LINK",
                description = "Only what one WAN link reaches.")
        private String link;

        @Option(names = "--history", description = "What is kept of before, oldest first.")
        private boolean isHistory;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                description = "What was so at that time, such as 2026-11-27T09:30:00Z.")
        private String at;
    }

    @ArgGroup private Which which = new Which();
    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode();
        boolean isPast = which.isHistory || which.at != null;
        request.put("command", isPast ? "readiness-past" : "readiness");
        if (which.at != null) {
            request.put("at", which.at);
        }
        if (which.link != null) {
            request.put("interface", which.link);
        }
        return daemon.ask(request, CommandClient.TIMEOUT, _ -> true, spec.commandLine());
    }
}
