package io.spillway.control.event;

import java.io.IOException;

/**
 * Reads a journal beside the PoP, with a place of its own in it that outlives restarts. A reader
 * that was never there begins with what is appended from now on. Has the journal's owner.
 */
public final class JournalReader {
    private final EventJournal journal;
    private final JournalMarker marker;
    private long number;
    private long missedCount;

    private JournalReader(EventJournal journal, JournalMarker marker, long number) {
        this.journal = journal;
        this.marker = marker;
        this.number = number;
    }

    /**
     * @param name of the reader, part of a file name
     */
    public static JournalReader open(EventJournal journal, String name) throws IOException {
        JournalMarker marker = journal.marker("read-by-" + name);
        long number = marker.read();
        if (number == 0) {
            number = journal.nextNumber();
            marker.write(number);
        }
        return new JournalReader(journal, marker, number);
    }

    /** The oldest that was not read; null: all were. */
    public Event peek() {
        EventJournal.Entry next = journal.from(number);
        if (next == null) {
            return null;
        }
        missedCount += next.number() - number;
        number = next.number();
        return next.event();
    }

    /** What {@link #peek} gave was of no interest: after a restart it comes again. */
    public void skip() {
        number++;
    }

    /**
     * What {@link #peek} gave never comes again.
     *
     * @throws IOException when that is not on disk: after a restart it does come again
     */
    public void done() throws IOException {
        number++;
        marker.write(number);
    }

    /** Events that were gone before they were read, since the start. */
    public long missedCount() {
        return missedCount;
    }
}
