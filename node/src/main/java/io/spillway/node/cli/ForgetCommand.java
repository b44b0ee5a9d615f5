package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway pop forget}. */
@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description = {
            "Forget a site that is gone for good: no other site expects it any more.",
            "It must not be attached; one that comes again is known again."
        })
final class ForgetCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SITE", description = "Name or ID.")
    private String site;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request =
                JsonMapper.shared().createObjectNode().put("command", "forget").put("site", site);
        return daemon.ask(request, CommandClient.TIMEOUT, _ -> true, spec.commandLine());
    }
}
