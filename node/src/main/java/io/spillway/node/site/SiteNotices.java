package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.EventType;
import io.spillway.node.SiteConfig;
import io.spillway.node.channel.ChannelWay;
import io.spillway.node.notify.NoticeOrigin;
import io.spillway.node.notify.Notifier;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;

/**
 * Who is told at once what happens at this site: over its own links, whatever became of the PoP.
 */
final class SiteNotices {
    private SiteNotices() {}

    /**
     * Null: nobody is told.
     *
     * @param files the journals' owner
     * @throws IOException naming the key and what is wrong
     */
    static Notifier start(
            SiteConfig config, List<EventJournal> journals, Executor files, EpochClock wallClock)
            throws IOException {
        if (config.notices() == null) {
            return null;
        }
        SiteConfig.Site site = config.site();
        List<ChannelWay> ways =
                config.links().stream()
                        .map(link -> new ChannelWay(link.device(), link.address()))
                        .toList();
        return Notifier.start(
                config.notices(),
                new NoticeOrigin("site", Long.toUnsignedString(site.id()), site.name()),
                new Notifier.Sources(journals, files, () -> ways),
                wallClock);
    }

    /**
     * Whom alarms go to: the journal of events, but for a full disk, which takes none.
     *
     * @param journal any thread
     * @param notifier null: nobody is told
     */
    static Consumer<EventDraft> listener(Consumer<EventDraft> journal, Notifier notifier) {
        return draft -> {
            if (notifier != null && draft.type() == EventType.DISK_SPACE) {
                notifier.tell(draft);
            } else {
                journal.accept(draft);
            }
        };
    }
}
