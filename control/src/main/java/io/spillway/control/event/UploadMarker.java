package io.spillway.control.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The number of the first event that the PoP has not acknowledged: journal ID (8), number (8),
 * CRC-32C (4), big-endian. Replaced whole by renaming, so it is the old one or the new one after a
 * crash.
 */
final class UploadMarker {
    private static final int LENGTH = 20;
    private static final String NAME = "uploaded";

    private final Path directory;
    private final long journalId;

    UploadMarker(Path directory, long journalId) {
        this.directory = directory;
        this.journalId = journalId;
    }

    /** 0 when there is none of this journal: everything is sent again, the PoP knows the IDs. */
    long read() throws IOException {
        Path file = directory.resolve(NAME);
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
        Path next = directory.resolve(NAME + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            JournalSegment.write(channel, bytes, 0);
        }
        Path file = directory.resolve(NAME);
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
