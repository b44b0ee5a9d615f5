package io.spillway.control.event;

import io.spillway.control.wire.EventUpload;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The events of this site on disk, oldest first. Does blocking file I/O: one owner, never a
 * data-plane or control agent's own thread.
 *
 * <p>An event is on disk when {@link #append} returns. A crash at any byte loses at most the one
 * that was being written; its remains are cut off at the next start. The journal is bounded: files
 * {@code events-NUMBER.log} ({@link JournalSegment}) follow each other, and the oldest goes when
 * there are too many, sent or not. Each event costs one write; each acknowledged upload one more.
 */
public final class EventJournal implements AutoCloseable {
    /**
     * @param idPrefix of all event IDs, the site's ID
     * @param segmentLengthMax bytes after which the next file begins
     */
    public record Config(Path directory, String idPrefix, long segmentLengthMax, int segmentsMax) {
        public static final long SEGMENT_LENGTH_MAX = 256 * 1024;
        public static final int SEGMENTS_MAX = 8;

        public Config {
            if (segmentLengthMax <= JournalSegment.HEADER_LENGTH || segmentsMax < 2) {
                throw new IllegalArgumentException("a journal needs two files of some length");
            }
        }

        public Config(Path directory, String idPrefix) {
            this(directory, idPrefix, SEGMENT_LENGTH_MAX, SEGMENTS_MAX);
        }
    }

    /** So many bytes fit into one EventUpload in any case. */
    private static final int UPLOAD_LENGTH_MAX = 512 * 1024;

    private static final String UPLOADED = "uploaded";

    record Entry(long number, int length, Event event) {}

    private record Segment(Path file, long firstNumber) {}

    private final Config config;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long journalId;
    private JournalMarker marker;
    private Runnable follower = () -> {};
    private FileChannel channel;
    private long position;
    private long nextNumber = 1;
    private long firstPending;
    private long lostCount;

    private EventJournal(Config config) {
        this.config = config;
    }

    /**
     * Opens the journal of that directory, or begins one.
     *
     * @param newJournalId random; names the journal if it is new, so that its IDs were never used
     * @throws IOException naming the directory and what is wrong with it
     */
    public static EventJournal open(Config config, long newJournalId) throws IOException {
        EventJournal journal = new EventJournal(config);
        try {
            Files.createDirectories(config.directory());
            journal.load(newJournalId);
            return journal;
        } catch (IOException e) {
            journal.close();
            throw named(config, e);
        }
    }

    /**
     * Gives the event its ID and keeps it.
     *
     * @throws IllegalArgumentException when no PoP would take it: a programmer's error
     * @throws IOException when it is not on disk; the journal stays usable, the event is not in it
     */
    public Event append(long timeMs, EventDraft draft) throws IOException {
        String id = config.idPrefix() + "-" + Long.toHexString(journalId) + "-" + nextNumber;
        Event event = Event.of(id, timeMs, draft);
        WireCodec.encode(upload(event));
        byte[] entry = JournalSegment.encode(event);
        try {
            if (position + entry.length > config.segmentLengthMax() && hasEntries()) {
                rotate();
            }
            JournalSegment.write(channel, ByteBuffer.wrap(entry), position);
        } catch (IOException e) {
            throw named(config, e);
        }
        position += entry.length;
        entries.addLast(new Entry(nextNumber++, entry.length, event));
        follower.run();
        return event;
    }

    /** Calls it whenever an event was kept, on the owner's thread; there is one follower. */
    public void follow(Runnable newFollower) {
        follower = newFollower;
    }

    /** All that is kept, oldest first. */
    public List<Event> events() {
        return entries.stream().map(Entry::event).toList();
    }

    /** The newest of that type; null if none is kept. */
    public Event last(EventType type) {
        return entries.reversed().stream()
                .map(Entry::event)
                .filter(event -> event.is(type))
                .findFirst()
                .orElse(null);
    }

    /** The oldest kept event with that number or a higher one; null: there is none. */
    Entry from(long number) {
        for (Entry entry : entries) {
            if (entry.number() >= number) {
                return entry;
            }
        }
        return null;
    }

    /** Of the event that is appended next. */
    long nextNumber() {
        return nextNumber;
    }

    /** Of another reader than the PoP. */
    JournalMarker marker(String name) {
        return new JournalMarker(config.directory(), name, journalId);
    }

    /** The oldest that the PoP has not acknowledged, as many as fit one upload. */
    public List<Event> pending(int countMax) {
        List<Event> pending = new ArrayList<>();
        long length = 0;
        for (Entry entry : entries) {
            length += entry.number() < firstPending ? 0 : entry.length();
            if (pending.size() == countMax || !pending.isEmpty() && length > UPLOAD_LENGTH_MAX) {
                break;
            }
            if (entry.number() >= firstPending) {
                pending.add(entry.event());
            }
        }
        return pending;
    }

    /**
     * The PoP has these events: they are not pending again. Unknown IDs are ignored; only an
     * unbroken run from the oldest pending one counts.
     */
    public void onAcknowledged(Collection<String> ids) throws IOException {
        Set<String> acknowledged = new HashSet<>(ids);
        long number = firstPending;
        for (Entry entry : entries) {
            if (entry.number() < firstPending) {
                continue;
            }
            if (!acknowledged.contains(entry.event().id())) {
                break;
            }
            number = entry.number() + 1;
        }
        if (number != firstPending) {
            try {
                marker.write(number);
            } catch (IOException e) {
                throw named(config, e);
            }
            firstPending = number;
        }
    }

    /** Events that went with an old file before any PoP had them, since the start. */
    public long lostCount() {
        return lostCount;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private void load(long newJournalId) throws IOException {
        JournalSegment.Content last = null;
        for (Path file : files()) {
            JournalSegment.Content content = JournalSegment.read(file);
            boolean isOurs = last == null || content == null || content.journalId() == journalId;
            if (content == null || !isOurs) {
                Files.delete(file);
                continue;
            }
            journalId = content.journalId();
            take(file, content);
            last = content;
        }
        if (last == null) {
            journalId = newJournalId;
            begin();
        } else {
            channel = FileChannel.open(segments.getLast().file(), StandardOpenOption.WRITE);
            position = last.validLength();
            cutTornTail();
        }
        marker = marker(UPLOADED);
        firstPending = marker.read(); // 0: all is sent again, the PoP knows the IDs
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream =
                Files.newDirectoryStream(config.directory(), "events-*.log")) {
            stream.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    private void take(Path file, JournalSegment.Content content) {
        segments.addLast(new Segment(file, content.firstNumber()));
        long number = content.firstNumber();
        for (Event event : content.events()) {
            int length = JournalSegment.encode(event).length;
            entries.addLast(new Entry(number++, length, event));
        }
        nextNumber = content.nextNumber();
    }

    private void cutTornTail() throws IOException {
        if (channel.size() != position) {
            channel.truncate(position);
            channel.force(true);
        }
    }

    private boolean hasEntries() {
        return position > JournalSegment.HEADER_LENGTH;
    }

    private void rotate() throws IOException {
        FileChannel full = channel;
        begin();
        full.close();
        while (segments.size() > config.segmentsMax()) {
            dropOldest();
        }
    }

    private void begin() throws IOException {
        Path file = config.directory().resolve(String.format("events-%019d.log", nextNumber));
        channel = JournalSegment.create(file, journalId, nextNumber);
        position = JournalSegment.HEADER_LENGTH;
        segments.addLast(new Segment(file, nextNumber));
        JournalMarker.force(config.directory());
    }

    private void dropOldest() throws IOException {
        Files.deleteIfExists(segments.removeFirst().file());
        long firstKept = segments.getFirst().firstNumber();
        while (!entries.isEmpty() && entries.getFirst().number() < firstKept) {
            lostCount += entries.removeFirst().number() >= firstPending ? 1 : 0;
        }
    }

    private static Frame upload(Event event) {
        EventUpload upload = EventUpload.newBuilder().addEvents(event.toWire()).build();
        return Frame.newBuilder().setEventUpload(upload).build();
    }

    private static IOException named(Config config, IOException cause) {
        String what = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return new IOException("event journal " + config.directory() + ": " + what, cause);
    }
}
