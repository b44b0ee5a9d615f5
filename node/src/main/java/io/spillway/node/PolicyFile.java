package io.spillway.node;

import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.NamedSites;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.node.policy.PolicyConfig;
import io.spillway.node.policy.PolicyReader;
import io.spillway.node.policy.PolicySide;
import io.spillway.node.policy.SitePolicy;
import io.spillway.routing.fib.Prefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Reads a {@code policy.yaml}: what is allowed between the networks of a site. */
public final class PolicyFile {
    private static final ConfigSchema SCHEMA = ConfigSchema.load("policy.schema.json");

    private PolicyFile() {}

    /** The networks of a site as its policy names them, numbered in the order of the file. */
    public static List<PolicySide> sides(SiteConfig config) {
        List<PolicySide> sides = new ArrayList<>();
        for (SiteConfig.LanPort port : config.lan()) {
            for (SiteConfig.Network network : port.networks()) {
                sides.add(
                        new PolicySide(
                                sides.size(),
                                network.name(),
                                network.vlan(),
                                prefixes(port, network)));
            }
        }
        return sides;
    }

    /** What is in the network, or behind a router there. */
    private static List<Prefix> prefixes(SiteConfig.LanPort port, SiteConfig.Network network) {
        List<Prefix> prefixes = new ArrayList<>();
        for (InterfaceAddress gateway : network.gateways()) {
            prefixes.add(gateway.network());
            port.routes().stream()
                    .filter(route -> gateway.network().contains(route.via()))
                    .forEach(route -> prefixes.add(route.prefix()));
        }
        return prefixes;
    }

    /** What was read from that file, to be put in force; the sites are not known by name yet. */
    public static LanPolicy compile(Path file, SitePolicy policy, boolean isOpenWithoutCloud)
            throws ConfigException {
        try {
            boolean isWanFree = policy.wanRules().isEmpty();
            return new LanPolicy(
                    new CompiledPolicy(policy.rules()),
                    isOpenWithoutCloud,
                    isWanFree ? TransportPolicy.EMPTY : new TransportPolicy(policy.wanRules()),
                    NamedSites.NONE);
        } catch (PolicyTooLargeException e) {
            throw new ConfigException(file.toString(), 1, "too large: " + e.getMessage());
        }
    }

    /**
     * @param sides the site's networks, which the policy may name
     * @param isKnownSite whether there is another site of that name, or nobody knows yet
     * @throws ConfigException naming each rule and field that is wrong
     */
    public static SitePolicy read(Path file, List<PolicySide> sides, Predicate<String> isKnownSite)
            throws ConfigException {
        ConfigTree tree = ConfigTree.parse(file.toString(), ConfigText.readLong(file));
        SCHEMA.fillDefaults(tree);
        SCHEMA.check(tree);
        tree.throwMistakes();
        PolicyConfig config = ConfigMapper.map(tree.root(), PolicyConfig.class);
        SitePolicy policy = new PolicyReader(config, sides, isKnownSite, tree::mistake).read();
        tree.throwMistakes();
        return policy;
    }
}
