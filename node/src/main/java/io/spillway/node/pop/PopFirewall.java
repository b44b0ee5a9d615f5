package io.spillway.node.pop;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.DecisionCounts;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.node.ConfigException;
import io.spillway.node.PopConfig;
import io.spillway.node.WanPolicyFile;
import io.spillway.node.metrics.FirewallMetrics;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.policy.RuleSites;
import io.spillway.node.policy.WanRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The policy between sites (R114): read at the start, and again when asked to; one that is wrong
 * leaves the other in force. Rules' hours are looked at once a second, and so is whether a site
 * that a rule names has come.
 *
 * <p>Its methods are for the threads of the command socket and for its own, one at a time.
 */
final class PopFirewall implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PopFirewall.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LOOK_S = 1;

    private final PopConfig.WanFirewall config;
    private final DataPlaneCommands commands;
    private final InstantSource clock;
    private final Supplier<Collection<RuleSites.Known>> directory;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("firewall").daemon().factory());
    private InForce inForce;

    /**
     * A policy at a time.
     *
     * @param missing sites that its rules name and nobody knows yet
     * @param on rules that are in their hours
     */
    private record InForce(
            WanPolicyFile file,
            RuleSites sites,
            Set<String> missing,
            List<WanRule> rules,
            BitSet on,
            WanFirewallPolicy policy) {

        /**
         * @param counts of the same file before; null: it is another one
         */
        static InForce of(WanPolicyFile file, RuleSites sites, DecisionCounts counts, Instant now)
                throws PolicyTooLargeException {
            List<WanRule> rules = file.rules(sites::findOrNobody);
            CompiledPolicy compiled =
                    new CompiledPolicy(
                            WanPolicyFile.network(
                                    rules.stream().map(rule -> rule.at(now)).toList()));
            DecisionCounts own = counts == null ? new DecisionCounts(compiled) : counts;
            return new InForce(
                    file,
                    sites,
                    sites.missing(),
                    rules,
                    on(rules, now),
                    new WanFirewallPolicy(compiled, own));
        }

        static BitSet on(List<WanRule> rules, Instant now) {
            BitSet on = new BitSet();
            for (int i = 0; i < rules.size(); i++) {
                on.set(i, rules.get(i).isOn(now));
            }
            return on;
        }

        /** Whether other rules than these are to be in force. */
        boolean isPast(Instant now) {
            return missing.stream().anyMatch(name -> sites.find(name) != null)
                    || !on(rules, now).equals(on);
        }
    }

    /**
     * @param config null: there is none, and everything is allowed
     * @param directory asked by threads that may wait
     */
    PopFirewall(
            PopConfig.WanFirewall config,
            DataPlaneCommands commands,
            InstantSource clock,
            Supplier<Collection<RuleSites.Known>> directory) {
        this.config = config;
        this.commands = commands;
        this.clock = clock;
        this.directory = directory;
    }

    boolean isOn() {
        return config != null;
    }

    /** The file of the policy; null: there is none. */
    Path file() {
        return config == null ? null : config.policy();
    }

    /**
     * Before traffic. A site that a rule names may be one that comes later: a PoP without memory
     * has to come up, too.
     *
     * @throws IOException naming what is wrong with the policy
     */
    synchronized void start(Collection<RuleSites.Known> known) throws IOException {
        if (config == null) {
            LOG.warn("no wanFirewall is configured: everything is allowed between sites");
            return;
        }
        try {
            RuleSites sites = new RuleSites(known);
            WanPolicyFile file = WanPolicyFile.read(config.policy(), sites::findOrNobody);
            publish(InForce.of(file, sites, null, clock.instant())); // the mailbox is empty yet
        } catch (ConfigException | PolicyTooLargeException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (!inForce.missing().isEmpty()) {
            LOG.warn("WAN firewall: rules name sites that are not known: {}", inForce.missing());
        }
        executor.scheduleWithFixedDelay(this::look, LOOK_S, LOOK_S, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private boolean publish(InForce next) {
        boolean isTaken = commands.publishWanFirewall(next.policy());
        inForce = isTaken ? next : inForce;
        return isTaken;
    }

    /** What a second may have changed. */
    private void look() {
        try {
            follow();
        } catch (RuntimeException | PolicyTooLargeException e) {
            LOG.error("WAN firewall: the rules from before stay in force: {}", e.toString());
        }
    }

    synchronized void follow() throws PolicyTooLargeException {
        if (!inForce.missing().isEmpty()) {
            inForce.sites().learn(directory.get());
        }
        Instant now = clock.instant();
        if (!inForce.isPast(now)) {
            return;
        }
        DecisionCounts counts = inForce.policy().counts();
        if (publish(InForce.of(inForce.file(), inForce.sites(), counts, now))) {
            int count = inForce.on().cardinality();
            LOG.info("WAN firewall: {} of {} rules in force", count, inForce.rules().size());
        }
    }

    /** Reads the file again. */
    synchronized ObjectNode apply() {
        ObjectNode answer = JSON.createObjectNode();
        if (config == null) {
            return answer.put("error", "no wanFirewall is configured");
        }
        try {
            RuleSites sites = new RuleSites(directory.get());
            WanPolicyFile file = WanPolicyFile.read(config.policy(), sites::find);
            if (!publish(InForce.of(file, sites, null, clock.instant()))) {
                return answer.put("error", "the data plane is busy, try again");
            }
            LOG.info("WAN firewall: {} in force", config.policy());
        } catch (ConfigException | PolicyTooLargeException e) {
            LOG.warn(
                    "WAN firewall: refused, the policy from before stays in force: {}",
                    e.getMessage());
            return answer.put(
                    "error", "refused, the policy from before stays in force:\n" + e.getMessage());
        }
        return answer.put("done", true);
    }

    /** Rules in order, and what each has decided since the policy was read. */
    synchronized ObjectNode answer() {
        ObjectNode answer = JSON.createObjectNode();
        if (config == null) {
            return answer.put(
                    "error", "no wanFirewall is configured: everything is allowed between sites");
        }
        answer.put("policy", config.policy().toString());
        ArrayNode missing = answer.putArray("unknownSites");
        inForce.missing().stream().sorted().forEach(missing::add);
        ArrayNode rules = answer.putArray("rules");
        for (int i = 1; i < inForce.policy().rules().decisionCount(); i++) {
            describe(rules.addObject(), i);
        }
        return answer;
    }

    /** What the rules have decided; nothing where there are none. */
    synchronized void addTo(Scrape scrape) {
        if (config == null) {
            return;
        }
        DecisionCounts counts = inForce.policy().counts();
        for (int i = 1; i < inForce.policy().rules().decisionCount(); i++) {
            Decision decision = inForce.policy().rules().decision(i);
            FirewallMetrics.add(scrape, decision, counts.flows(i), counts.blocked(i));
        }
    }

    /** The first decision is the first rule's; behind all of them is what no rule speaks of. */
    private void describe(ObjectNode node, int number) {
        Decision decision = inForce.policy().rules().decision(number);
        node.put("rule", decision.rule() == null ? "-" : decision.rule().name());
        node.put("does", decision.isAllowed() ? "allow" : "block");
        node.put("inForce", decision.rule() == null || inForce.on().get(number - 1));
        node.put("flows", inForce.policy().counts().flows(number));
        node.put("blockedPackets", inForce.policy().counts().blocked(number));
    }
}
