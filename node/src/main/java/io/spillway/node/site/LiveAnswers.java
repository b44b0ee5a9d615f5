package io.spillway.node.site;

import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway status} is told of live routes. On control's thread. */
final class LiveAnswers {
    private LiveAnswers() {}

    static void describe(ObjectNode node, LiveTeller teller, LiveListener listener) {
        node.put("on", teller.isOn());
        if (teller.stated().generation() != 0) {
            node.put("announced", teller.stated().announced().size());
            node.put("withdrawn", teller.stated().withdrawn().size());
            node.put("leftOut", teller.leftOut());
        }
        if (!listener.refused().isEmpty()) {
            ObjectNode refused = node.putObject("refused");
            listener.refused().forEach((refusal, count) -> refused.put(refusal.name(), count));
        }
    }
}
