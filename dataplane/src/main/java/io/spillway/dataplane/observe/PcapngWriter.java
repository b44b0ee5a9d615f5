package io.spillway.dataplane.observe;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the blocks of a capture file into memory, whole ones only: whoever owns it takes them from
 * there ({@link #written}). The format is pcapng (draft-ietf-opsawg-pcapng), little-endian, times
 * in nanoseconds.
 *
 * <pre>
 *   block:  | type (4) | length (4) | body ... | length (4) |
 *   option: | code (2) | length (2) | value ... padded to 4 |
 * </pre>
 *
 * <p>Owned by one thread, which is no agent's.
 */
public final class PcapngWriter {
    /** A frame of 64 KiB, a comment, and what stands around them. */
    public static final int BLOCK_LENGTH_MAX = 72 << 10;

    /** Link types (draft-ietf-opsawg-pcaplinktype). */
    public static final int ETHERNET = 1;

    /** IP without anything in front. */
    public static final int RAW_IP = 101;

    /** Bytes that only we know what they are. */
    public static final int USER = 147;

    private static final int SECTION = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int VERSION = 1;
    private static final long LENGTH_UNKNOWN = -1;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int PACKET = 6;
    private static final int SECRETS = 10;
    private static final int TLS_KEY_LOG = 0x544C534B;

    // Options.
    private static final int END = 0;
    private static final int COMMENT = 1;
    private static final int SECTION_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_TIME_RESOLUTION = 9;
    private static final int INTERFACE_FILTER = 11;
    private static final int PACKET_FLAGS = 2;
    private static final int PACKET_ID = 5;
    private static final int STATISTICS_RECEIVED = 4;
    private static final int STATISTICS_DROPPED = 5;
    private static final int STATISTICS_ACCEPTED = 6;

    /** 10 to the power of minus that many seconds. */
    private static final byte[] NANOSECONDS = {9};

    /** First byte of a filter option: libpcap's language. */
    private static final String FILTER_LANGUAGE = "\0";

    /** Options end where four bytes end. */
    private static final int ALIGNMENT = 4;

    private final UnsafeBuffer memory;
    private final ByteBuffer bytes;
    private int block;
    private int end;

    /**
     * What a file tells of the place at which packets were copied.
     *
     * @param linkType of its packets
     */
    public record Interface(int linkType, String name) {}

    /**
     * @param length bytes, at least {@value #BLOCK_LENGTH_MAX}
     */
    public PcapngWriter(int length) {
        bytes = ByteBuffer.allocateDirect(length);
        memory = new UnsafeBuffer(bytes);
    }

    /** Whether another packet surely fits. */
    public boolean hasRoom() {
        return memory.capacity() - end >= BLOCK_LENGTH_MAX;
    }

    public boolean isEmpty() {
        return end == 0;
    }

    /** What was written since {@link #clear}; valid until the next block. */
    public ByteBuffer written() {
        return bytes.clear().limit(end);
    }

    public void clear() {
        end = 0;
    }

    /** Begins a file. */
    public void section(String application) {
        begin(SECTION);
        putInt(BYTE_ORDER_MAGIC);
        putShort(VERSION);
        putShort(0);
        putLong(LENGTH_UNKNOWN);
        text(SECTION_APPLICATION, application);
        finish();
    }

    /**
     * They are numbered from 0 in the order in which they are written.
     *
     * @param filter null: none
     */
    public void describe(Interface place, int snapLength, String filter) {
        begin(INTERFACE);
        putShort(place.linkType);
        putShort(0);
        putInt(snapLength);
        text(INTERFACE_NAME, place.name);
        text(INTERFACE_TIME_RESOLUTION, NANOSECONDS);
        if (filter != null) {
            text(INTERFACE_FILTER, FILTER_LANGUAGE + filter);
        }
        finish();
    }

    /**
     * Keys with which packets behind them can be decrypted.
     *
     * @param keyLog lines of NSS's key log
     */
    public void secrets(byte[] keyLog) {
        begin(SECRETS);
        putInt(TLS_KEY_LOG);
        putInt(keyLog.length);
        memory.putBytes(end, keyLog);
        end += keyLog.length;
        pad();
        finish();
    }

    /**
     * @param number of its interface
     * @param epochNs since 1970
     * @param length of the whole packet, of which {@code kept} bytes are there
     */
    public void packet(
            int number, long epochNs, DirectBuffer source, int offset, int kept, int length) {
        begin(PACKET);
        putInt(number);
        putInt((int) (epochNs >>> Integer.SIZE));
        putInt((int) epochNs);
        putInt(kept);
        putInt(length);
        memory.putBytes(end, source, offset, kept);
        end += kept;
        pad();
    }

    /**
     * Ends what {@link #packet} began.
     *
     * @param id the same wherever the same packet was copied
     * @param comment null: none
     */
    public void endPacket(CapturePoint.Direction direction, long id, byte[] comment) {
        option(PACKET_FLAGS, Integer.BYTES);
        putInt(direction.ordinal()); // 0 unknown, 1 inbound, 2 outbound
        option(PACKET_ID, Long.BYTES);
        putLong(id);
        if (comment != null) {
            text(COMMENT, comment);
        }
        finish();
    }

    /**
     * What became of all packets at one interface.
     *
     * @param lost because whoever captures was too slow
     * @param accepted by the filter
     */
    public void statistics(int number, long epochNs, long seen, long lost, long accepted) {
        begin(STATISTICS);
        putInt(number);
        putInt((int) (epochNs >>> Integer.SIZE));
        putInt((int) epochNs);
        number(STATISTICS_RECEIVED, seen);
        number(STATISTICS_DROPPED, lost);
        number(STATISTICS_ACCEPTED, accepted);
        finish();
    }

    private void begin(int type) {
        block = end;
        putInt(type);
        putInt(0); // length, not known yet
    }

    private void finish() {
        option(END, 0);
        int length = end - block + Integer.BYTES;
        putInt(length);
        memory.putInt(block + Integer.BYTES, length, LITTLE_ENDIAN);
    }

    private void text(int code, String value) {
        text(code, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes of any length. */
    private void text(int code, byte[] value) {
        option(code, value.length);
        memory.putBytes(end, value);
        end += value.length;
        pad();
    }

    private void number(int code, long value) {
        option(code, Long.BYTES);
        putLong(value);
    }

    private void option(int code, int length) {
        putShort(code);
        putShort(length);
    }

    /** The memory was used before. */
    private void pad() {
        while (end % ALIGNMENT != 0) {
            memory.putByte(end++, (byte) 0);
        }
    }

    private void putShort(int value) {
        memory.putShort(end, (short) value, LITTLE_ENDIAN);
        end += Short.BYTES;
    }

    private void putInt(int value) {
        memory.putInt(end, value, LITTLE_ENDIAN);
        end += Integer.BYTES;
    }

    private void putLong(long value) {
        memory.putLong(end, value, LITTLE_ENDIAN);
        end += Long.BYTES;
    }
}
