package io.spillway.control.event;

import io.spillway.control.wire.EventMessage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One file of the journal. Big-endian.
 *
 * <pre>
 *   0        8           16             24      28
 *   +--------+-----------+--------------+-------+
 *   | magic  | journal ID| first number | CRC   |   header; CRC-32C of the 24 bytes before
 *   +--------+-----------+--------------+-------+
 *   | length | CRC       | payload ...          |   an entry: CRC-32C of length and payload,
 *   +--------+-----------+----------------------+   payload an EventMessage of channel.proto
 *   | length | CRC       | payload ...
 * </pre>
 *
 * <p>The n-th entry has the number {@code first number + n}. Reading ends at the first entry that
 * is not whole: what is behind it was never acknowledged to anyone.
 */
final class JournalSegment {
    static final int HEADER_LENGTH = 28;
    static final int ENTRY_HEADER_LENGTH = 8;
    static final int PAYLOAD_LENGTH_MAX = 256 * 1024;
    private static final long MAGIC = 0x5350_5745_5654_3031L; // "SPWEVT01"

    /** {@code validLength} is where appending goes on. */
    record Content(long journalId, long firstNumber, List<Event> events, long validLength) {
        long nextNumber() {
            return firstNumber + events.size();
        }
    }

    private JournalSegment() {}

    /** Null when the header is not whole: the file was being made when the power went. */
    static Content read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.remaining() < HEADER_LENGTH || !isHeaderWhole(bytes)) {
            return null;
        }
        bytes.position(HEADER_LENGTH);
        List<Event> events = new ArrayList<>();
        long validLength = HEADER_LENGTH;
        for (Event event = next(bytes); event != null; event = next(bytes)) {
            events.add(event);
            validLength = bytes.position();
        }
        return new Content(bytes.getLong(8), bytes.getLong(16), events, validLength);
    }

    /** Makes the file with its header, on disk when this returns. */
    static FileChannel create(Path file, long journalId, long firstNumber) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
        header.putLong(MAGIC).putLong(journalId).putLong(firstNumber);
        header.putInt(crc(header.array(), 0, header.position())).flip();
        try {
            write(channel, header, 0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    static byte[] encode(Event event) {
        byte[] payload = event.toWire().toByteArray();
        if (payload.length > PAYLOAD_LENGTH_MAX) {
            throw new IllegalArgumentException("event of " + payload.length + " bytes");
        }
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_HEADER_LENGTH + payload.length);
        entry.putInt(payload.length).putInt(entryCrc(payload)).put(payload);
        return entry.array();
    }

    /** Writes and forces to disk. */
    static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int written = channel.write(bytes, at);
            if (written <= 0) {
                throw new EOFException("the file takes no more bytes");
            }
            at += written;
        }
        channel.force(false);
    }

    private static boolean isHeaderWhole(ByteBuffer bytes) {
        return bytes.getLong(0) == MAGIC
                && bytes.getInt(HEADER_LENGTH - 4) == crc(bytes.array(), 0, HEADER_LENGTH - 4);
    }

    /** Null at the end, or where the next entry is not whole. */
    private static Event next(ByteBuffer bytes) {
        if (bytes.remaining() < ENTRY_HEADER_LENGTH) {
            return null;
        }
        int length = bytes.getInt();
        int crc = bytes.getInt();
        if (length <= 0 || length > bytes.remaining()) {
            return null;
        }
        byte[] payload = new byte[length];
        bytes.get(payload);
        return entryCrc(payload) == crc ? parse(payload) : null;
    }

    private static Event parse(byte[] payload) {
        try {
            return Event.of(EventMessage.parseFrom(payload));
        } catch (IOException e) {
            return null; // the CRC fits but not the content: not written by us
        }
    }

    private static int entryCrc(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(payload.length).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
