package io.spillway.node.pop;

import io.spillway.control.event.Event;
import io.spillway.control.wire.EventAck;
import io.spillway.control.wire.EventMessage;
import io.spillway.control.wire.EventUpload;
import io.spillway.control.wire.Frame;
import io.spillway.node.pop.api.EventStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that sites uploaded, each once, in the order they came: the newest in memory, all in the
 * store, if there is one. With a store an upload is acknowledged when it is on disk; where the disk
 * refuses it, the site is asked to send it again after a while, and its journal keeps it until
 * then. Owned by control; the store is filled on the thread for files.
 */
final class PopEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PopEvents.class);
    private static final int EVENTS_MAX = 10_000;
    private static final long RETRY_NS = 10_000_000_000L;

    private final EventStore store;
    private final Executor files;
    private final Executor control;
    private final Set<SiteConnection> underWay = new HashSet<>();
    private final Map<SiteConnection, Long> retryNs = new HashMap<>();
    private final Map<String, Event> byId =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Event> eldest) {
                    return size() > EVENTS_MAX;
                }
            };

    /**
     * @param store null: the sites' journals alone keep them
     * @param files one thread that may block
     */
    PopEvents(EventStore store, Executor files, Executor control) {
        this.store = store;
        this.files = files;
        this.control = control;
    }

    /** Takes what is new. A site waits for the acknowledgement; what it sends before is left. */
    void take(SiteConnection connection, EventUpload upload, long nowNs) {
        for (EventMessage message : upload.getEventsList()) {
            byId.putIfAbsent(message.getId(), Event.of(message));
        }
        if (store == null) {
            connection.send(acknowledgement(upload));
        } else if (underWay.add(connection)) {
            files.execute(() -> keep(connection, upload, nowNs));
        }
    }

    /** Has sites send again what could not be kept: nothing is acknowledged then. */
    void poll(long nowNs) {
        retryNs.entrySet()
                .removeIf(
                        entry -> {
                            boolean isDue = nowNs - entry.getValue() >= 0;
                            if (isDue) {
                                EventUpload nothing = EventUpload.getDefaultInstance();
                                entry.getKey().send(acknowledgement(nothing));
                            }
                            return isDue;
                        });
    }

    void onClosed(SiteConnection connection) {
        underWay.remove(connection);
        retryNs.remove(connection);
    }

    /** The newest, oldest first. */
    List<Event> all() {
        return List.copyOf(byId.values());
    }

    private void keep(SiteConnection connection, EventUpload upload, long nowNs) {
        boolean isKept = append(connection.peer().siteId(), upload);
        control.execute(
                () -> {
                    if (!underWay.remove(connection)) {
                        return; // it closed meanwhile
                    }
                    if (isKept) {
                        connection.send(acknowledgement(upload));
                    } else {
                        retryNs.put(connection, nowNs + RETRY_NS);
                    }
                });
    }

    private boolean append(long siteId, EventUpload upload) {
        try {
            store.append(siteId, upload.getEventsList());
            return true;
        } catch (IOException e) {
            String site = Long.toUnsignedString(siteId);
            LOG.error(
                    "events of site {} are not kept, it sends them again: {}",
                    site,
                    e.getMessage());
            return false;
        }
    }

    private static Frame acknowledgement(EventUpload upload) {
        EventAck.Builder ack = EventAck.newBuilder();
        upload.getEventsList().forEach(message -> ack.addIds(message.getId()));
        return Frame.newBuilder().setEventAck(ack).build();
    }
}
