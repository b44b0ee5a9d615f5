package io.spillway.node.alarm;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** There is little room where state is kept: what happens next may be forgotten in a restart. */
public final class DiskAlarm implements Alarm {
    static final long FREE_MIN = 32L << 20;
    static final long FREE_AGAIN = 64L << 20;

    private final Path directory;
    private boolean isTold;

    public DiskAlarm(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<EventDraft> look(long nowNs) {
        long free;
        try {
            free = Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return tell("State cannot be kept: " + e.getMessage(), 0);
        }
        if (free >= FREE_MIN) {
            isTold &= free < FREE_AGAIN;
            return List.of();
        }
        return tell("Little room on disk for state", free);
    }

    private List<EventDraft> tell(String message, long free) {
        if (isTold) {
            return List.of();
        }
        isTold = true;
        Map<String, String> fields =
                Map.of(
                        EventField.DIRECTORY, directory.toString(),
                        EventField.FREE_BYTES, Long.toString(free));
        return List.of(new EventDraft(EventType.DISK_SPACE, message, fields));
    }
}
