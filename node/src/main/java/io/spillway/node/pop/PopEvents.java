package io.spillway.node.pop;

import io.spillway.control.event.Event;
import io.spillway.control.wire.EventAck;
import io.spillway.control.wire.EventMessage;
import io.spillway.control.wire.EventUpload;
import io.spillway.control.wire.Frame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that sites uploaded, each once, in the order they came. In memory: the sites' journals
 * keep them. Owned by control.
 */
final class PopEvents {
    private static final int EVENTS_MAX = 10_000;

    private final Map<String, Event> byId =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Event> eldest) {
                    return size() > EVENTS_MAX;
                }
            };

    /** Takes what is new; the acknowledgement of all. */
    Frame take(EventUpload upload) {
        EventAck.Builder ack = EventAck.newBuilder();
        for (EventMessage message : upload.getEventsList()) {
            byId.putIfAbsent(message.getId(), Event.of(message));
            ack.addIds(message.getId());
        }
        return Frame.newBuilder().setEventAck(ack).build();
    }

    List<Event> all() {
        return List.copyOf(byId.values());
    }
}
