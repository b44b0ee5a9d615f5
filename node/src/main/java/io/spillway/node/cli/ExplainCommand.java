package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway explain}: what the data plane does with a packet, as far as routes decide. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Show where a packet goes: its route, transport, tunnels and path MTU.",
            "Exit status 1 if it would be dropped."
        })
final class ExplainCommand implements Callable<Integer> {
    @Option(names = "--dst", required = true, paramLabel = "ADDR", description = "Where it goes.")
    private String destination;

    @Option(names = "--src", paramLabel = "ADDR", description = "Where answers to it go.")
    private String source;

    @Option(
            names = "--in",
            paramLabel = "PORT",
            description =
                    "Where it comes in: a LAN network, host, cloud, or another site; at a PoP a"
                            + " site or node. With --src the source guard has its say.")
    private String ingress;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("command", "explain");
        request.put("dst", destination);
        if (source != null) {
            request.put("src", source);
        }
        if (ingress != null) {
            request.put("in", ingress);
        }
        return daemon.ask(
                request, CommandClient.TIMEOUT, answer -> !answer.has("drop"), spec.commandLine());
    }
}
