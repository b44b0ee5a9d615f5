package io.spillway.node.site;

import io.spillway.control.event.Event;
import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.wire.EventUpload;
import io.spillway.control.wire.Frame;
import io.spillway.node.FrameSender;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of this site: told by the rules of {@link RecoveryEvents}, kept in the journal, sent to
 * the PoP once it is there. The journal's file work runs on its own executor, never on control's
 * thread.
 */
final class SiteEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SiteEvents.class);
    private static final int UPLOAD_MAX = 100;

    private final RecoveryEvents recovery;
    private final RecoveryEvents altWan;
    private final EventJournal journal;
    private final Executor files;
    private final FrameSender sender;
    private final EpochClock wallClock;
    private final AtomicBoolean isUploading = new AtomicBoolean();

    /**
     * @param files one thread that may block; the journal's owner
     */
    SiteEvents(
            RecoveryEvents recovery,
            RecoveryEvents altWan,
            EventJournal journal,
            Executor files,
            FrameSender sender,
            EpochClock wallClock) {
        this.recovery = recovery;
        this.altWan = altWan;
        this.journal = journal;
        this.files = files;
        this.sender = sender;
        this.wallClock = wallClock;
    }

    /** An episode of recovery is open, by whichever transport. */
    boolean isActive() {
        return recovery.isActive() || altWan.isActive();
    }

    void poll(
            Collection<RecoveryEvents.Sent> sent,
            boolean isCloudAlive,
            boolean isRecoveryInUse,
            long nowNs) {
        recovery.poll(sent, isCloudAlive, isRecoveryInUse, nowNs).ifPresent(this::append);
    }

    void pollAltWan(
            Collection<RecoveryEvents.Sent> sent,
            boolean isCloudAlive,
            boolean isAltWanInUse,
            long nowNs) {
        altWan.poll(sent, isCloudAlive, isAltWanInUse, nowNs).ifPresent(this::append);
    }

    /** Sends what the PoP does not have yet; the next batch follows its acknowledgement. */
    void upload() {
        files.execute(
                () -> {
                    List<Event> pending = journal.pending(UPLOAD_MAX);
                    if (pending.isEmpty() || !isUploading.compareAndSet(false, true)) {
                        return;
                    }
                    EventUpload.Builder upload = EventUpload.newBuilder();
                    pending.forEach(event -> upload.addEvents(event.toWire()));
                    if (!sender.send(Frame.newBuilder().setEventUpload(upload).build())) {
                        isUploading.set(false);
                    }
                });
    }

    void onAcknowledged(Collection<String> ids) {
        files.execute(
                () -> {
                    isUploading.set(false);
                    try {
                        journal.onAcknowledged(ids);
                    } catch (IOException e) {
                        LOG.error("event journal: {}", e.getMessage());
                    }
                });
        upload();
    }

    void onDisconnected() {
        isUploading.set(false);
    }

    /** All that is kept, oldest first; to be called on the journal's executor. */
    List<Event> kept() {
        return journal.events();
    }

    /** Also for what other rules tell. */
    void append(EventDraft draft) {
        append(wallClock.time(), draft);
    }

    /** Of something that happened then. */
    void append(long timeMs, EventDraft draft) {
        LOG.info("event: {}", draft.message());
        files.execute(
                () -> {
                    try {
                        journal.append(timeMs, draft);
                    } catch (IOException e) {
                        LOG.error("event journal: {}", e.getMessage());
                    }
                });
        upload();
    }
}
