package io.spillway.node.cli;

import static java.util.stream.Collectors.joining;

import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PolicyReview;
import io.spillway.dataplane.firewall.RuleReview;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.node.ConfigException;
import io.spillway.node.ConfigFile;
import io.spillway.node.PolicyFile;
import io.spillway.node.PopConfig;
import io.spillway.node.SiteConfig;
import io.spillway.node.WanPolicyFile;
import io.spillway.node.policy.SiteNames;
import io.spillway.node.policy.SitePolicy;
import io.spillway.node.policy.WanRule;
import io.spillway.node.pop.PopMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
    public Integer call() throws ConfigException, IOException {
        Record config = ConfigFile.readAny(file);
        PrintWriter out = spec.commandLine().getOut();
        out.println(file + ": " + summary(config));
        if (config instanceof SiteConfig site && site.lanFirewall() != null) {
            checkPolicy(site, out);
        }
        if (config instanceof PopConfig pop && pop.wanFirewall() != null) {
            checkPolicy(pop, out);
        }
        return ExitStatus.OK;
    }

    /** What decides nothing is no mistake, but rarely meant. */
    private static void checkPolicy(SiteConfig site, PrintWriter out) throws ConfigException {
        Path policy = site.lanFirewall().policy();
        PolicyFile read = PolicyFile.read(policy, PolicyFile.sides(site), SiteNames::any);
        SitePolicy rules = read.rules(SiteNames::any);
        out.println(
                policy
                        + ": good: network rules "
                        + rules.rules().size()
                        + ", WAN rules "
                        + rules.wanRules().size());
        review(policy, rules.rules(), out);
        PolicyReview.ofWan(rules.wanRules())
                .forEach(
                        finding ->
                                out.println(
                                        policy
                                                + ": WAN rule "
                                                + describe(finding, TransportRule::name)));
    }

    /** Of rules with hours nobody says that they decide nothing, or leave others nothing. */
    private static void checkPolicy(PopConfig pop, PrintWriter out)
            throws ConfigException, IOException {
        Path policy = pop.wanFirewall().policy();
        SiteNames known = PopMemory.siteNames(pop.state());
        SiteNames sites = known == null ? SiteNames::any : known;
        List<WanRule> rules = WanPolicyFile.read(policy, sites).rules(sites);
        out.println(policy + ": good: rules " + rules.size());
        if (known == null) {
            out.println(policy + ": names of sites are not checked: none in " + pop.state());
        }
        List<FirewallRule> always =
                rules.stream().filter(rule -> rule.during() == null).map(WanRule::rule).toList();
        review(policy, WanPolicyFile.network(always), out);
    }

    private static void review(Path policy, List<NetworkRule> rules, PrintWriter out) {
        PolicyReview.of(rules)
                .forEach(
                        finding ->
                                out.println(policy + ": " + describe(finding, CheckCommand::name)));
    }

    private static <T> String describe(RuleReview.Finding<T> finding, Function<T, String> name) {
        String rule = name.apply(finding.rule());
        String above =
                finding.takers().stream()
                        .map(taker -> describe(taker, name))
                        .collect(joining(", "));
        return switch (finding.kind()) {
            case EMPTY -> rule + " decides nothing: no packet is as it asks";
            case REDUNDANT -> rule + " decides nothing: the same is said above, by " + above;
            case SHADOWED -> rule + " decides nothing: rules above take all of it: " + above;
        };
    }

    private static <T> String describe(RuleReview.Taker<T> taker, Function<T, String> name) {
        return name.apply(taker.rule()) + " (such as " + taker.packet().words() + ")";
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
