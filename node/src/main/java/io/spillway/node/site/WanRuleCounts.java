package io.spillway.node.site;

import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.dataplane.forward.TransportRules;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The same as {@link RuleCounts} of the rules for other sites: how many flows each has decided, and
 * how its packets left. One thread at a time.
 */
final class WanRuleCounts {
    /** What counters of a rule say. */
    record Count(long flows, long byFirst, long bySecondary, long refused) {
        static final Count NONE = new Count(0, 0, 0, 0);

        Count plus(Count other) {
            return new Count(
                    flows + other.flows,
                    byFirst + other.byFirst,
                    bySecondary + other.bySecondary,
                    refused + other.refused);
        }
    }

    /** By the rule's name; of flows that none decides, without one. */
    private final Map<String, Count> before = new HashMap<>();

    private TransportPolicy policy = TransportPolicy.EMPTY;

    /**
     * @param rules as {@link #save} wrote them
     */
    void load(JsonNode rules) {
        for (JsonNode rule : rules) {
            JsonNode name = rule.path("wanRule");
            before.put(
                    name.isString() ? name.asString() : null,
                    new Count(
                            rule.path("flows").asLong(0),
                            rule.path("packets").asLong(0),
                            rule.path("packetsBySecondary").asLong(0),
                            rule.path("droppedPackets").asLong(0)));
        }
    }

    /** What was counted under the policy before is kept. */
    void onPolicy(TransportPolicy next) {
        for (int number = 0; number <= policy.rules().size(); number++) {
            before.merge(name(number), counted(number), Count::plus);
        }
        policy = next;
    }

    private String name(int number) {
        return number == 0 ? null : policy.rules().get(number - 1).name();
    }

    private Count counted(int number) {
        TransportRules packets = policy.transports();
        return new Count(
                policy.flows(number),
                packets.byFirst(number),
                packets.bySecondary(number),
                packets.refused(number));
    }

    /**
     * Of a rule of the policy in force.
     *
     * @param number 0: of flows that none decides
     */
    Count total(int number) {
        return counted(number).plus(before.getOrDefault(name(number), Count.NONE));
    }

    /** Of the rules in force. */
    void save(ArrayNode rules) {
        for (int number = 0; number <= policy.rules().size(); number++) {
            Count total = total(number);
            if (!total.equals(Count.NONE)) {
                rules.addObject()
                        .put("wanRule", name(number))
                        .put("flows", total.flows())
                        .put("packets", total.byFirst())
                        .put("packetsBySecondary", total.bySecondary())
                        .put("droppedPackets", total.refused());
            }
        }
    }
}
