package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.node.ConfigException;
import io.spillway.node.PolicyFile;
import io.spillway.node.SiteConfig;
import io.spillway.node.policy.PolicySide;
import io.spillway.node.policy.SitePolicy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The policy between the LAN's networks and towards other sites: read at the start, and again when
 * asked to; one that is wrong leaves the other in force. Its methods are for any thread that may
 * block, one at a time.
 *
 * <p>A site that nobody knows is a mistake when the policy is put in force by hand. At the start it
 * is none, though it matches nothing: the directory may not be there yet, and a site that has left
 * the account must not keep an appliance from starting.
 */
final class SiteFirewall {
    private static final Logger LOG = LoggerFactory.getLogger(SiteFirewall.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SiteConfig.LanFirewall config;
    private final List<PolicySide> sides;
    private final DataPlaneCommands commands;
    private KnownSites names = KnownSites.NONE;
    private SitePolicy rules;
    private LanPolicy policy;
    private List<String> missing = List.of();

    /**
     * @param config null: there is none, and everything is allowed
     */
    SiteFirewall(
            SiteConfig.LanFirewall config, List<PolicySide> sides, DataPlaneCommands commands) {
        this.config = config;
        this.sides = List.copyOf(sides);
        this.commands = commands;
    }

    /** Before traffic. */
    synchronized void start(KnownSites known) throws ConfigException {
        if (config != null) {
            names = known;
            publish(PolicyFile.read(config.policy(), sides, _ -> true)); // the mailbox is empty yet
        }
    }

    /** The directory has changed. */
    synchronized void onNames(KnownSites known) {
        boolean isSame = known.equals(names);
        names = known;
        if (rules != null && !isSame) {
            put(policy.with(names.numbered(rules.sites())), rules);
        }
    }

    /** Whether the data plane took it. */
    private boolean publish(SitePolicy read) throws ConfigException {
        LanPolicy compiled = PolicyFile.compile(config.policy(), read, config.isOpenWithoutCloud());
        return put(compiled.with(names.numbered(read.sites())), read);
    }

    private boolean put(LanPolicy next, SitePolicy read) {
        if (!commands.publishPolicy(next)) {
            return false;
        }
        policy = next;
        rules = read;
        List<String> before = missing;
        missing = names.isTold() ? names.missing(read.sites()) : List.of();
        if (!missing.isEmpty() && !missing.equals(before)) {
            LOG.warn("WAN rules: there is no site {}", String.join(", ", missing));
        }
        return true;
    }

    /** Reads the file again. */
    synchronized ObjectNode apply() {
        ObjectNode answer = JSON.createObjectNode();
        if (config == null) {
            return answer.put("error", "no lanFirewall is configured");
        }
        try {
            if (!publish(PolicyFile.read(config.policy(), sides, names::mayHave))) {
                return answer.put("error", "the data plane is busy, try again");
            }
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

    /** Rules in order, and what each has decided since the policy was put in force. */
    synchronized ObjectNode answer(JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        if (config == null) {
            return answer.put("error", "no lanFirewall is configured: everything is allowed");
        }
        answer.put("policy", config.policy().toString());
        answer.put("withoutCloud", config.withoutCloud());
        ArrayNode decisions = answer.putArray("rules");
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            describe(decisions.addObject(), policy.rules().decision(i), i);
        }
        if (!policy.wan().rules().isEmpty()) {
            TransportAnswers.describe(answer, policy.wan(), missing);
        }
        return answer;
    }

    private void describe(ObjectNode node, Decision decision, int number) {
        node.put("networkRule", decision.network() == null ? "-" : decision.network().name());
        node.put("rule", decision.rule() == null ? "-" : decision.rule().name());
        node.put("does", effect(decision));
        node.put("flows", policy.flows(number));
        node.put("blockedPackets", policy.blocked(number));
    }

    private static String effect(Decision decision) {
        if (!decision.staysHere()) {
            return "by the PoP";
        }
        return decision.isAllowed() ? "allow" : "block";
    }
}
