package io.spillway.node.cli;

import io.spillway.node.ConfigException;
import io.spillway.node.FirewallRules;
import io.spillway.node.SiteConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway firewall-rules}: what to ask of whoever runs the firewall before a site. */
@Command(
        name = "firewall-rules",
        mixinStandardHelpOptions = true,
        description = "Print what the firewall before a site must let pass.")
final class FirewallRulesCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "/etc/spillway/site.yaml",
            description = "configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--nft", description = "As a table for nftables instead of words.")
    private boolean isNft;

    @Override
    public Integer call() throws ConfigException {
        FirewallRules rules = FirewallRules.of(SiteConfig.read(config));
        PrintWriter out = spec.commandLine().getOut();
        out.print(isNft ? rules.nft() : rules.text());
        out.flush();
        return ExitStatus.OK;
    }
}
