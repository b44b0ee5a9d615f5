package io.spillway.node.alarm;

import io.spillway.control.event.EventDraft;
import java.util.List;

/** Something that may go wrong slowly. Owned by {@link Alarms}. */
public interface Alarm {
    /**
     * Looks; may block for a moment.
     *
     * @param nowNs monotonic
     * @return what somebody should know, told once for each time that it begins or grows worse
     */
    List<EventDraft> look(long nowNs);
}
