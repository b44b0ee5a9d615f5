package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.node.ConfigException;
import io.spillway.node.PolicyFile;
import io.spillway.node.SiteConfig;
import io.spillway.node.policy.PolicySide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The policy between the LAN's networks: read at the start, and again when asked to; one that is
 * wrong leaves the other in force. Any thread; most methods may block.
 */
final class SiteFirewall {
    private static final Logger LOG = LoggerFactory.getLogger(SiteFirewall.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SiteConfig.LanFirewall config;
    private final List<PolicySide> sides;
    private final DataPlaneCommands commands;
    private final RuleCounts counts;
    private volatile LanPolicy policy;

    /**
     * @param config null: there is none, and everything is allowed
     */
    SiteFirewall(
            SiteConfig.LanFirewall config,
            List<PolicySide> sides,
            DataPlaneCommands commands,
            RuleCounts counts) {
        this.config = config;
        this.sides = List.copyOf(sides);
        this.commands = commands;
        this.counts = counts;
    }

    /** Before traffic. */
    synchronized void start() throws ConfigException {
        if (config != null) {
            LanPolicy first = read(config.policy());
            commands.publishPolicy(first); // the mailbox is empty yet
            putInForce(first);
        }
    }

    private void putInForce(LanPolicy next) {
        counts.onPolicy(next);
        policy = next;
    }

    /** Null: none. Any thread. */
    LanPolicy inForce() {
        return policy;
    }

    /** What the rules have counted, to the disk. */
    synchronized void save() {
        if (policy == null) {
            return;
        }
        try {
            counts.save();
        } catch (IOException e) {
            LOG.warn("LAN firewall: counts of rules are not saved: {}", e.getMessage());
        }
    }

    /** Of a file, whether it is to be in force or not. */
    LanPolicy read(Path file) throws ConfigException {
        boolean isOpen = config == null || config.isOpenWithoutCloud();
        return new LanPolicy(PolicyFile.compile(file, sides), isOpen);
    }

    /** The file of the policy in force; null: there is none. */
    Path file() {
        return config == null ? null : config.policy();
    }

    /** Reads the file again. */
    synchronized ObjectNode apply() {
        ObjectNode answer = JSON.createObjectNode();
        if (config == null) {
            return answer.put("error", "no lanFirewall is configured");
        }
        try {
            LanPolicy next = read(config.policy());
            if (!commands.publishPolicy(next)) {
                return answer.put("error", "the data plane is busy, try again");
            }
            putInForce(next);
            LOG.info("LAN firewall: {} in force", config.policy());
        } catch (ConfigException e) {
            LOG.warn(
                    "LAN firewall: refused, the policy from before stays in force: {}",
                    e.getMessage());
            return answer.put(
                    "error", "refused, the policy from before stays in force:\n" + e.getMessage());
        }
        return answer.put("done", true);
    }

    /** Rules in order, and how often each has decided. */
    synchronized ObjectNode answer(JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        if (config == null) {
            return answer.put("error", "no lanFirewall is configured: everything is allowed");
        }
        answer.put("policy", config.policy().toString());
        answer.put("withoutCloud", config.withoutCloud());
        ArrayNode rules = answer.putArray("rules");
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            describe(rules.addObject(), policy.rules().decision(i), i);
        }
        return answer;
    }

    private void describe(ObjectNode node, Decision decision, int number) {
        node.put("networkRule", decision.network() == null ? "-" : decision.network().name());
        node.put("rule", decision.rule() == null ? "-" : decision.rule().name());
        node.put("does", effect(decision));
        RuleCounts.Count count = counts.total(number);
        node.put("flows", count.flows());
        node.put("blockedPackets", count.blockedPackets());
    }

    private static String effect(Decision decision) {
        if (!decision.staysHere()) {
            return "by the PoP";
        }
        return decision.isAllowed() ? "allow" : "block";
    }
}
