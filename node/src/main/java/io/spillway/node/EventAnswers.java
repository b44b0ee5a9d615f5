package io.spillway.node;

import io.spillway.control.event.Event;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How events are shown, oldest first. */
public final class EventAnswers {
    private EventAnswers() {}

    public static void describe(ObjectNode answer, List<Event> events) {
        ArrayNode list = answer.putArray("events");
        for (Event event : events) {
            ObjectNode node = list.addObject();
            node.put("id", event.id());
            node.put("time", Instant.ofEpochMilli(event.timeMs()).toString());
            node.put("epochMs", event.timeMs());
            node.put("type", event.type());
            node.put("subType", event.subType());
            node.put("message", event.message());
            ObjectNode fields = node.putObject("fields");
            event.fields().forEach(fields::put);
        }
    }
}
