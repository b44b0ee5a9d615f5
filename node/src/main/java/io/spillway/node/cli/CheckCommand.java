package io.spillway.node.cli;

import static java.util.stream.Collectors.joining;

import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PolicyReview;
import io.spillway.node.ConfigException;
import io.spillway.node.ConfigFile;
import io.spillway.node.PolicyFile;
import io.spillway.node.PopConfig;
import io.spillway.node.SiteConfig;
import io.spillway.node.policy.SitePolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
        Record config = ConfigFile.readAny(file);
        PrintWriter out = spec.commandLine().getOut();
        out.println(file + ": " + summary(config));
        if (config instanceof SiteConfig site && site.lanFirewall() != null) {
            checkPolicy(site, out);
        }
        return ExitStatus.OK;
    }

    /** What decides nothing is no mistake, but rarely meant. */
    private static void checkPolicy(SiteConfig site, PrintWriter out) throws ConfigException {
        Path policy = site.lanFirewall().policy();
        SitePolicy read = PolicyFile.read(policy, PolicyFile.sides(site), _ -> true);
        List<NetworkRule> rules = read.rules();
        int wanRules = read.wanRules().size();
        out.println(policy + ": good: network rules " + rules.size() + ", WAN rules " + wanRules);
        for (PolicyReview.Finding finding : PolicyReview.of(rules)) {
            out.println(policy + ": " + describe(finding));
        }
    }

    private static String describe(PolicyReview.Finding finding) {
        String rule = name(new Decision(finding.network(), finding.rule()));
        String above = finding.by().stream().map(CheckCommand::name).collect(joining(", "));
        return switch (finding.kind()) {
            case EMPTY -> rule + " decides nothing: no packet is as it asks";
            case REDUNDANT -> rule + " decides nothing: the same is said above, by " + above;
            case SHADOWED -> rule + " decides nothing: rules above take all of it: " + above;
        };
    }

    private static String name(Decision decision) {
        String network = decision.network().name();
        return decision.rule() == null ? network : network + "/" + decision.rule().name();
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
