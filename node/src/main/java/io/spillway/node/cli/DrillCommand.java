package io.spillway.node.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway drill}: proves every expected tunnel now; nothing of the hosts' is moved. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = {
            "Prove the tunnels to all other sites now, with full-size echoes beside the traffic.",
            "Exit status 1 if any site that counts is not reached."
        })
final class DrillCommand implements Callable<Integer> {
    /** Of a site with some thousands of tunnels, whose echoes are paced. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Option(names = "--peer", paramLabel = "SITE", description = "Only that site, name or ID.")
    private String peer;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("command", "drill");
        if (peer != null) {
            request.put("peer", peer);
        }
        return daemon.ask(
                request,
                PATIENCE,
                answer -> answer.path("verdict").asString("").equals("PASSED"),
                spec.commandLine());
    }
}
