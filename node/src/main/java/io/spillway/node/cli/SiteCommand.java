package io.spillway.node.cli;

import io.spillway.node.ConfigException;
import io.spillway.node.SiteConfig;
import io.spillway.node.enrol.JoinCommand;
import io.spillway.node.site.Appliance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spillway site}: the appliance's daemon; {@code spillway site join} makes its identity. */
@Command(
        name = "site",
        mixinStandardHelpOptions = true,
        description = "Run a site's appliance until SIGTERM.",
        subcommands = {JoinCommand.class})
final class SiteCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "/etc/spillway/site.yaml",
            description = "configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        return Appliance.run(SiteConfig.read(config));
    }
}
