package io.spillway.node.lab;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a classic pcap file, packet by packet, into one array that is used again.
 *
 * <pre>
 *   file:   magic (4) | version (4) | zone, accuracy (8) | snap length (4) | link type (4), then records
 *   record: seconds (4) | micro- or nanoseconds (4) | captured length (4) | original length (4) | bytes
 * </pre>
 */
final class PcapReader implements AutoCloseable {
    static final int FILE_HEADER_LENGTH = 24;
    static final int LINK_ETHERNET = 1;
    static final int LINK_LINUX_SLL2 = 276;

    private static final int RECORD_HEADER_LENGTH = 16;
    private static final int MAGIC_MICROSECONDS = 0xA1B2C3D4;
    static final int MAGIC_NANOSECONDS = 0xA1B23C4D;
    private static final int CAPTURED_LENGTH_MAX = 1 << 18;
    private final InputStream input;
    private final ByteBuffer header = ByteBuffer.allocate(FILE_HEADER_LENGTH);
    private final byte[] packet = new byte[CAPTURED_LENGTH_MAX];
    private final int linkType;
    private final int nsPerTick;
    private long timeNs;
    private int length;

    PcapReader(Path file) throws IOException {
        input = new BufferedInputStream(Files.newInputStream(file), 1 << 18);
        try {
            if (!readHeader(FILE_HEADER_LENGTH)) throw new IOException(file + ": empty");
            nsPerTick = detectOrder(file);
            linkType = header.getInt(20);
        } catch (IOException e) {
            input.close();
            throw e;
        }
    }

    private int detectOrder(Path file) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            int magic = header.order(order).getInt(0);
            if (magic == MAGIC_MICROSECONDS) return 1000;
            if (magic == MAGIC_NANOSECONDS) return 1;
        }
        throw new IOException(file + ": not a classic pcap file");
    }

    int linkType() {
        return linkType;
    }

    /**
     * Goes to the next packet. False at the end; a last packet that is cut off counts as the end.
     */
    boolean next() throws IOException {
        if (!readHeader(RECORD_HEADER_LENGTH)) return false;
        timeNs = header.getInt(0) * 1_000_000_000L + (long) header.getInt(4) * nsPerTick;
        length = header.getInt(8);
        if (length < 0 || length > CAPTURED_LENGTH_MAX) {
            throw new IOException("packet of " + length + " bytes: the file is damaged");
        }
        return input.readNBytes(packet, 0, length) == length;
    }

    private boolean readHeader(int headerLength) throws IOException {
        int read = input.readNBytes(header.array(), 0, headerLength);
        if (read == 0) return false;
        if (read == headerLength) return true;
        if (headerLength == FILE_HEADER_LENGTH) throw new EOFException("no whole pcap header");
        return false;
    }

    long timeNs() {
        return timeNs;
    }

    /** Captured bytes; valid until {@link #next()}. */
    byte[] packet() {
        return packet;
    }

    int length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
