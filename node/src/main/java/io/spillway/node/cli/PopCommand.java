package io.spillway.node.cli;

import io.spillway.node.ConfigException;
import io.spillway.node.enrol.EnrollTokenCommand;
import io.spillway.node.pop.PopNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spillway pop}: the daemon of a point of presence, and what its operator does there. */
@Command(
        name = "pop",
        mixinStandardHelpOptions = true,
        description = "Run a point of presence until SIGTERM.",
        subcommands = {EnrollTokenCommand.class, ForgetCommand.class, KeyCommand.class})
final class PopCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "/etc/spillway/pop.yaml",
            description = "configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        return PopNode.run(config);
    }
}
