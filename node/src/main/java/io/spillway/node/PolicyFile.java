package io.spillway.node;

import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.node.policy.PolicyConfig;
import io.spillway.node.policy.PolicyReader;
import io.spillway.node.policy.PolicySide;
import io.spillway.node.policy.SiteNames;
import io.spillway.node.policy.SitePolicy;
import io.spillway.routing.fib.Prefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code policy.yaml} that was read: what is allowed between the networks of a site, and how the
 * rest leaves it. Immutable.
 */
public final class PolicyFile {
    private static final ConfigSchema SCHEMA = ConfigSchema.load("policy.schema.json");

    private final Path path;
    private final PolicyConfig config;
    private final List<PolicySide> sides;

    private PolicyFile(Path path, PolicyConfig config, List<PolicySide> sides) {
        this.path = path;
        this.config = config;
        this.sides = List.copyOf(sides);
    }

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

    /**
     * @param sides the site's networks, which the policy may name
     * @param sites other sites, which it may name
     * @throws ConfigException naming each rule and field that is wrong
     */
    public static PolicyFile read(Path file, List<PolicySide> sides, SiteNames sites)
            throws ConfigException {
        ConfigTree tree = ConfigTree.parse(file.toString(), ConfigText.readLong(file));
        SCHEMA.fillDefaults(tree);
        SCHEMA.check(tree);
        tree.throwMistakes();
        PolicyConfig config = ConfigMapper.map(tree.root(), PolicyConfig.class);
        SiteNames named = name -> sites.party(name) == null ? null : SiteNames.any(name);
        new PolicyReader(config, sides, named, tree::mistake).read();
        tree.throwMistakes();
        return new PolicyFile(file, config, sides);
    }

    /**
     * Its rules, as other sites are known now.
     *
     * @param sites who takes every name that it was read with
     */
    public SitePolicy rules(SiteNames sites) {
        return new PolicyReader(config, sides, sites, PolicyFile::refuse).read();
    }

    private static void refuse(String key, String problem) {
        throw new IllegalStateException(key + ": " + problem + ", which was read before");
    }

    /** The same, to be put in force. */
    public LanPolicy compile(SiteNames sites, boolean isOpenWithoutCloud) throws ConfigException {
        SitePolicy rules = rules(sites);
        try {
            CompiledPolicy lan = new CompiledPolicy(rules.rules());
            return new LanPolicy(lan, isOpenWithoutCloud, TransportPolicy.of(rules.wanRules()));
        } catch (PolicyTooLargeException e) {
            throw tooLarge(e);
        }
    }

    /** What was compiled of it before, and goes on counting, as other sites are known now. */
    public LanPolicy recompile(LanPolicy before, SiteNames sites) throws ConfigException {
        try {
            return before.with(before.wan().with(rules(sites).wanRules()));
        } catch (PolicyTooLargeException e) {
            throw tooLarge(e);
        }
    }

    private ConfigException tooLarge(PolicyTooLargeException e) {
        return new ConfigException(path.toString(), 1, "too large: " + e.getMessage());
    }
}
