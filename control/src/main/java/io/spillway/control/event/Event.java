package io.spillway.control.event;

import io.spillway.control.wire.EventMessage;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened, as kept and uploaded. Immutable.
 *
 * @param id unique over all sites and for ever, the same each time it is sent
 * @param timeMs when it happened, not when it was sent; since 1970, UTC
 * @param fields by published name (A07), sorted
 */
public record Event(
        String id,
        long timeMs,
        String type,
        String subType,
        String message,
        Map<String, String> fields) {
    public Event {
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    static Event of(String id, long timeMs, EventDraft draft) {
        EventType type = draft.type();
        String message = draft.message();
        return new Event(id, timeMs, type.type(), type.subType(), message, draft.fields());
    }

    public static Event of(EventMessage message) {
        return new Event(
                message.getId(),
                message.getTimeMs(),
                message.getType(),
                message.getSubType(),
                message.getMessage(),
                message.getFieldsMap());
    }

    public EventMessage toWire() {
        return EventMessage.newBuilder()
                .setId(id)
                .setTimeMs(timeMs)
                .setType(type)
                .setSubType(subType)
                .setMessage(message)
                .putAllFields(fields)
                .build();
    }

    public boolean is(EventType expected) {
        return type.equals(expected.type()) && subType.equals(expected.subType());
    }
}
