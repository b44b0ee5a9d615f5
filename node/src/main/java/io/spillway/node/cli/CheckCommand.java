package io.spillway.node.cli;

import io.spillway.node.ConfigException;
import io.spillway.node.ConfigFile;
import io.spillway.node.PopConfig;
import io.spillway.node.SiteConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway check FILE}: reads a configuration file as the daemon would, changes nothing. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Check a site's or a PoP's configuration file.")
final class CheckCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "site.yaml or pop.yaml")
    private Path file;

    @Override
    public Integer call() throws ConfigException {
        spec.commandLine().getOut().println(file + ": " + summary(ConfigFile.readAny(file)));
        return ExitStatus.OK;
    }

    private static String summary(Record config) {
        return switch (config) {
            case SiteConfig site ->
                    "good: site "
                            + Long.toUnsignedString(site.site().id())
                            + " ("
                            + site.site().name()
                            + "), WAN links "
                            + site.links().size()
                            + ", LAN ports "
                            + site.lan().size()
                            + ", PoPs "
                            + site.pops().size();
            case PopConfig pop -> "good: PoP " + pop.pop().name();
            default -> throw new IllegalStateException(config.toString());
        };
    }
}
