package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How drops are shown; those that never happened are not. */
public final class DropAnswers {
    private DropAnswers() {}

    public static void describe(ObjectNode answer, DataPlane dataPlane, List<String> devices) {
        ArrayNode drops = answer.putArray("drops");
        DropCounts.of(dataPlane, devices).forEach(row -> add(drops, row));
        add(drops, "READS_POSTPONED", "data plane", dataPlane.counters().postponedReads());
        add(drops, "FLOWS_EVICTED", "data plane", dataPlane.counters().evictedFlows());
        add(drops, "CONTROL_EVENTS_LOST", "control", dataPlane.events().lost());
        add(drops, "COMMANDS_REFUSED", "control", dataPlane.commands().refused());
    }

    private static void add(ArrayNode drops, DropCounts.Row row) {
        if (row.isKnown()) {
            add(drops, row.reason(), row.where(), row.count());
        } else {
            drops.addObject()
                    .put("reason", row.reason())
                    .put("where", row.where())
                    .put("unknown", row.unknown());
        }
    }

    private static void add(ArrayNode drops, String reason, String where, long count) {
        if (count > 0) {
            drops.addObject().put("reason", reason).put("where", where).put("count", count);
        }
    }
}
