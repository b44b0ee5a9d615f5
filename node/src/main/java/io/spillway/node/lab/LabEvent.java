package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** An event of a site's journal. */
record LabEvent(
        String site, long epochMs, String time, String type, String subType, String message) {
    static final String ACTIVATED = "Off-Cloud Recovery Activated";
    static final String STOPPED = "Off-Cloud Recovery Stopped";
    static final String ALT_WAN_ACTIVATED = "Recovery via Alt. WAN Activated";
    static final String ALT_WAN_STOPPED = "Recovery via Alt. WAN Stopped";

    static List<LabEvent> parse(String site, JsonNode answer) {
        List<LabEvent> events = new ArrayList<>();
        for (JsonNode event : answer.path("events")) {
            events.add(
                    new LabEvent(
                            site,
                            event.path("epochMs").asLong(0),
                            event.path("time").asString(""),
                            event.path("type").asString(""),
                            event.path("subType").asString(""),
                            event.path("message").asString("")));
        }
        return events;
    }

    boolean says(String words) {
        return message.contains(words);
    }
}
