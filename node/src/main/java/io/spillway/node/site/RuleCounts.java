package io.spillway.node.site;

import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.node.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How often each rule has decided: under the policy in force, under those before it, and before the
 * last start. A rule is known by its names. Kept in a file; what came after the last {@link #save}
 * is lost with a crash. One thread at a time.
 */
final class RuleCounts {
    private static final String FILE = "firewall-counts";
    private static final Logger LOG = LoggerFactory.getLogger(RuleCounts.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What two counters say. */
    record Count(long flows, long blockedPackets) {
        static final Count NONE = new Count(0, 0);

        Count plus(Count other) {
            return new Count(flows + other.flows, blockedPackets + other.blockedPackets);
        }
    }

    /** Null stands for what no rule matches. */
    private record RuleName(String network, String rule) {
        static RuleName of(Decision decision) {
            return new RuleName(
                    decision.network() == null ? null : decision.network().name(),
                    decision.rule() == null ? null : decision.rule().name());
        }
    }

    private final StateFile file;
    private final Map<RuleName, Count> before = new HashMap<>();
    private final WanRuleCounts wan = new WanRuleCounts();
    private LanPolicy policy;

    private RuleCounts(StateFile file) {
        this.file = file;
    }

    /** A file that nobody can read is said, and counts begin anew. */
    static RuleCounts open(Path directory) throws IOException {
        RuleCounts counts = new RuleCounts(StateFile.in(directory, FILE));
        counts.load();
        return counts;
    }

    private void load() throws IOException {
        byte[] content = file.read();
        if (content == null) {
            return;
        }
        try {
            JsonNode saved = JSON.readTree(content);
            wan.load(saved.path("wanRules"));
            for (JsonNode rule : saved.path("rules")) {
                before.put(
                        new RuleName(text(rule, "networkRule"), text(rule, "rule")),
                        new Count(
                                rule.path("flows").asLong(0),
                                rule.path("blockedPackets").asLong(0)));
            }
        } catch (JacksonException e) {
            LOG.warn("{}: not readable, counts of rules begin anew", file.path());
        }
    }

    private static String text(JsonNode rule, String name) {
        JsonNode value = rule.path(name);
        return value.isString() ? value.asString() : null;
    }

    /** What was counted under the policy before is kept. */
    void onPolicy(LanPolicy next) {
        if (policy != null) {
            for (int i = 0; i < policy.rules().decisionCount(); i++) {
                before.merge(RuleName.of(policy.rules().decision(i)), counted(i), Count::plus);
            }
        }
        policy = next;
        wan.onPolicy(next.wan());
    }

    /** Of the rules for other sites. */
    WanRuleCounts wan() {
        return wan;
    }

    private Count counted(int decision) {
        return new Count(policy.flows(decision), policy.blocked(decision));
    }

    /** Of a decision of the policy in force. */
    Count total(int decision) {
        RuleName name = RuleName.of(policy.rules().decision(decision));
        return counted(decision).plus(before.getOrDefault(name, Count.NONE));
    }

    /** Of the rules in force, so that the file does not grow; blocks. */
    void save() throws IOException {
        ObjectNode content = JSON.createObjectNode();
        ArrayNode rules = content.putArray("rules");
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            Count total = total(i);
            if (!total.equals(Count.NONE)) {
                RuleName name = RuleName.of(policy.rules().decision(i));
                rules.addObject()
                        .put("networkRule", name.network())
                        .put("rule", name.rule())
                        .put("flows", total.flows())
                        .put("blockedPackets", total.blockedPackets());
            }
        }
        wan.save(content.putArray("wanRules"));
        file.write(JSON.writeValueAsBytes(content));
    }
}
