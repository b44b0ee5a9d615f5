package io.spillway.node.site;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.node.ConfigException;
import io.spillway.node.PolicyFile;
import io.spillway.node.SiteConfig;
import io.spillway.node.metrics.FirewallMetrics;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.policy.PolicySide;
import io.spillway.node.policy.RuleSites;
import io.spillway.node.policy.SiteNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The policy between the LAN's networks and towards other sites: read at the start, and again when
 * asked to; one that is wrong leaves the other in force. Any thread; most methods may block.
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
    private final RuleCounts counts;
    private volatile KnownSites known = KnownSites.NONE;
    private volatile LanPolicy policy;
    private PolicyFile source; // of the policy
    private RuleSites named; // by it
    private Set<String> missing = Set.of(); // among them

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
    synchronized void start(KnownSites told) throws ConfigException {
        known = told;
        if (config != null) {
            RuleSites sites = new RuleSites(told.sites());
            publish(read(sites::findOrNobody), sites); // the mailbox is empty yet
        }
    }

    private PolicyFile read(SiteNames sites) throws ConfigException {
        return PolicyFile.read(config.policy(), sides, sites);
    }

    /** Whether the data plane took it. */
    private boolean publish(PolicyFile file, RuleSites sites) throws ConfigException {
        LanPolicy next = file.compile(sites::findOrNobody, config.isOpenWithoutCloud());
        if (!commands.publishPolicy(next)) {
            return false;
        }
        counts.onPolicy(next);
        policy = next;
        source = file;
        named = sites;
        missing = sites.missing();
        warnOfMissing();
        return true;
    }

    private void warnOfMissing() {
        if (known.isTold() && !missing.isEmpty()) {
            LOG.warn("LAN firewall: rules name sites that are not known: {}", missing);
        }
    }

    /** The directory has changed: a site that a rule names may have come. */
    synchronized void onSites(KnownSites told) {
        boolean isFirst = !known.isTold();
        known = told;
        if (missing.isEmpty()) {
            return;
        }
        named.learn(told.sites());
        boolean hasCome = missing.stream().anyMatch(name -> named.find(name) != null);
        if (hasCome) {
            followSites();
        }
        if (isFirst) {
            warnOfMissing();
        }
    }

    private void followSites() {
        try {
            LanPolicy next = source.recompile(policy, named::findOrNobody);
            if (commands.publishPolicy(next)) {
                policy = next;
                missing = named.missing();
            }
        } catch (ConfigException e) {
            LOG.error("LAN firewall: the rules from before stay in force: {}", e.getMessage());
        }
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

    /** Of a file that is tried only. */
    LanPolicy read(Path file) throws ConfigException {
        boolean isOpen = config == null || config.isOpenWithoutCloud();
        RuleSites sites = new RuleSites(known.sites());
        return PolicyFile.read(file, sides, allowed(sites)).compile(sites::findOrNobody, isOpen);
    }

    /** The sites that a policy may name which somebody puts in force, or tries. */
    private SiteNames allowed(RuleSites sites) {
        return known.isTold() ? sites::find : sites::findOrNobody;
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
            RuleSites sites = new RuleSites(known.sites());
            if (!publish(read(allowed(sites)), sites)) {
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
        if (!policy.wan().rules().isEmpty()) {
            TransportAnswers.describe(answer, policy.wan(), counts.wan(), missing);
        }
        return answer;
    }

    /** What the rules have decided; nothing where there are none. */
    synchronized void addTo(Scrape scrape) {
        if (config == null) {
            return;
        }
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            RuleCounts.Count count = counts.total(i);
            FirewallMetrics.add(
                    scrape, policy.rules().decision(i), count.flows(), count.blockedPackets());
        }
        TransportMetrics.add(scrape, policy.wan());
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
