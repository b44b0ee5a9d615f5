package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway bgp}: the neighbours, or one of them in full. */
@Command(
        name = "bgp",
        mixinStandardHelpOptions = true,
        description = "Show the BGP neighbours of a site: sessions, routes, counters.")
final class BgpCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NEIGHBOUR",
            arity = "0..1",
            description = "Its name or address: show this one in full.")
    private String neighbour;

    @Option(names = "--reset", description = "End the neighbour's session and begin it anew.")
    private boolean isReset;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("command", "bgp");
        if (neighbour != null) {
            request.put("neighbour", neighbour);
        }
        if (isReset) {
            request.put("reset", true);
        }
        return daemon.ask(request, CommandClient.TIMEOUT, _ -> true, spec.commandLine());
    }
}
