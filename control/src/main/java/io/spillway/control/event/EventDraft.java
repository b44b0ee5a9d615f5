package io.spillway.control.event;

import java.util.Map;

/** An event before the journal gave it its ID. Field names are those of {@link EventField}. */
public record EventDraft(EventType type, String message, Map<String, String> fields) {
    public EventDraft {
        fields = Map.copyOf(fields);
    }
}
