package io.spillway.node.site;

import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.forward.WanTransport;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How the rules for what goes to other sites are shown, and what each has decided. */
final class TransportAnswers {
    private TransportAnswers() {}

    /**
     * @param missing sites that a rule names and nobody knows
     */
    static void describe(
            ObjectNode answer, TransportPolicy wan, WanRuleCounts counts, Set<String> missing) {
        ArrayNode unknown = answer.putArray("unknownSites");
        missing.stream().sorted().forEach(unknown::add);
        ArrayNode rows = answer.putArray("wanRules");
        for (int i = 0; i < wan.rules().size(); i++) {
            describe(rows.addObject(), wan.rules().get(i), counts.total(i + 1));
        }
        rows.addObject()
                .put("wanRule", "-")
                .put("transport", word(WanTransport.AUTOMATIC))
                .put("flows", counts.total(0).flows());
    }

    private static void describe(ObjectNode row, TransportRule rule, WanRuleCounts.Count count) {
        row.put("wanRule", rule.name());
        row.put("transport", word(rule.choice().first()));
        row.put("secondary", word(rule.choice().secondary()));
        row.put("flows", count.flows());
        row.put("packets", count.byFirst());
        row.put("packetsBySecondary", count.bySecondary());
        row.put("droppedPackets", count.refused());
    }

    /** As the policy's file has it. */
    static String word(WanTransport transport) {
        return transport.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
