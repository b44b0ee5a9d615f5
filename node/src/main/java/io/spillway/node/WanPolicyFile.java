package io.spillway.node;

import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.node.policy.SiteNames;
import io.spillway.node.policy.WanPolicyConfig;
import io.spillway.node.policy.WanPolicyReader;
import io.spillway.node.policy.WanRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A {@code wan-policy.yaml} that was read: what may go from site to site by a PoP. Immutable. */
public final class WanPolicyFile {
    private static final ConfigSchema SCHEMA = ConfigSchema.load("wan-policy.schema.json");

    /** What such rules ask elsewhere, and nobody here knows (R114). */
    private static final Set<String> NOT_SUPPORTED =
            Set.of(
                    "user",
                    "users",
                    "userGroup",
                    "userGroups",
                    "identity",
                    "application",
                    "applications",
                    "app",
                    "apps",
                    "category",
                    "categories",
                    "device",
                    "devices",
                    "devicePosture",
                    "risk");

    private final WanPolicyConfig config;

    private WanPolicyFile(WanPolicyConfig config) {
        this.config = config;
    }

    /**
     * @param sites that the policy may name
     * @throws ConfigException naming each rule and field that is wrong
     */
    public static WanPolicyFile read(Path file, SiteNames sites) throws ConfigException {
        ConfigTree tree = ConfigTree.parse(file.toString(), ConfigText.readLong(file));
        refuseConditions(tree);
        SCHEMA.fillDefaults(tree);
        SCHEMA.check(tree);
        tree.throwMistakes();
        WanPolicyConfig config = ConfigMapper.map(tree.root(), WanPolicyConfig.class);
        new WanPolicyReader(config, sites, tree::mistake).read();
        tree.throwMistakes();
        return new WanPolicyFile(config);
    }

    private static void refuseConditions(ConfigTree tree) {
        JsonNode rules = tree.root().path("policy").path("rules");
        for (int i = 0; i < rules.size(); i++) {
            for (String key : rules.path(i).propertyNames()) {
                if (NOT_SUPPORTED.contains(key)) {
                    tree.mistake(
                            "policy.rules[" + i + "]." + key,
                            "not supported: rules between sites ask for addresses, sites,"
                                    + " services and hours only");
                }
            }
        }
    }

    /**
     * Its rules, as these sites are known now.
     *
     * @param sites who takes every name that it was read with
     */
    public List<WanRule> rules(SiteNames sites) {
        return new WanPolicyReader(config, sites, WanPolicyFile::refuse).read();
    }

    private static void refuse(String key, String problem) {
        throw new IllegalStateException(key + ": " + problem + ", which was read before");
    }

    /** As rules of two levels, of which there is but one here. */
    public static List<NetworkRule> network(List<FirewallRule> rules) {
        return List.of(
                new NetworkRule("wanFirewall", RuleScope.ANY, NetworkRule.Transport.LAN, rules));
    }
}
