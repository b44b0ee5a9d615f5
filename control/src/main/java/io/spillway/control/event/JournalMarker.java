package io.spillway.control.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * How far a reader of a journal has come: the number of the first event that it does not have.
 * Journal ID (8), number (8), CRC-32C (4), big-endian. Replaced whole by renaming, so it is the old
 * one or the new one after a crash.
 */
final class JournalMarker {
    private static final int LENGTH = 20;

    private final Path directory;
    private final String name;
    private final long journalId;

    /**
     * @param name of the file, one for each reader
     */
    JournalMarker(Path directory, String name, long journalId) {
        this.directory = directory;
        this.name = name;
        this.journalId = journalId;
    }

    /** 0 when there is none of this journal. */
    long read() throws IOException {
        Path file = directory.resolve(name);
        ByteBuffer bytes = ByteBuffer.allocate(0);
        if (Files.exists(file)) {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        }
        boolean isWhole =
                bytes.remaining() == LENGTH
                        && bytes.getInt(16) == JournalSegment.crc(bytes.array(), 0, 16);
        return isWhole && bytes.getLong(0) == journalId ? bytes.getLong(8) : 0;
    }

    void write(long number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putLong(journalId).putLong(number);
        bytes.putInt(JournalSegment.crc(bytes.array(), 0, 16)).flip();
        Path next = directory.resolve(name + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            JournalSegment.write(channel, bytes, 0);
        }
        Path file = directory.resolve(name);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(directory);
    }

    /** Makes created, renamed and deleted names of a directory last. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
