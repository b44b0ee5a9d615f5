package io.spillway.node.policy;

import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.TransportRule;
import java.util.List;

/**
 * The rules of one site. Immutable.
 *
 * @param rules between its networks
 * @param wanRules for what goes from them to other sites
 */
public record SitePolicy(List<NetworkRule> rules, List<TransportRule> wanRules) {
    public SitePolicy {
        rules = List.copyOf(rules);
        wanRules = List.copyOf(wanRules);
    }
}
