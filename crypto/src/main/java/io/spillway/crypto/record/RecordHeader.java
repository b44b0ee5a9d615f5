package io.spillway.crypto.record;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * DTLS 1.2 record header, a view of (buffer, offset). Everything is big-endian.
 *
 * <pre>
 * Plain (RFC 6347 §4.1), types 20 to 23:
 *
 *  0      1         3       5              11       13
 * +------+---------+-------+--------------+--------+---------
 * | type | version | epoch |   sequence   | length | content
 * +------+---------+-------+--------------+--------+---------
 *
 * With a connection ID of n bytes (RFC 9146 §4), type 25; the ID stands before the length:
 *
 *  0      1         3       5              11              11+n     13+n
 * +------+---------+-------+--------------+---------------+--------+---------
 * |  25  | version | epoch |   sequence   | connection ID | length | content
 * +------+---------+-------+--------------+---------------+--------+---------
 *
 * Content of epoch 1 (RFC 5288 §3, RFC 7905 §2); "length" counts all of it:
 *
 * +----------------------------+----------------------------------+---------+
 * | explicit nonce (GCM only)  | ciphertext of the plaintext, or  | tag     |
 * | 8                          | of plaintext | type | zeros: CID  | 16      |
 * +----------------------------+----------------------------------+---------+
 * </pre>
 *
 * <p>The type says nothing of n: the receiver chose its connection IDs and knows their length.
 * Accessors read without checks beyond the buffer's own; {@link RecordOpener} proves lengths.
 */
public final class RecordHeader {
    // RFC 6347 §4.1, RFC 5246 §6.2.1.
    public static final int CHANGE_CIPHER_SPEC = 20;
    public static final int ALERT = 21;
    public static final int HANDSHAKE = 22;
    public static final int APPLICATION_DATA = 23;

    /** RFC 9146 §3: the record carries a connection ID, its real type is sealed inside. */
    public static final int TLS12_CID = 25;

    /** RFC 6347 §4.1: the ones' complement of 1.2. */
    public static final int DTLS_1_2 = 0xfefd;

    /** RFC 6347 §4.1: sequence numbers have 48 bits. */
    public static final long SEQUENCE_MAX = (1L << 48) - 1;

    /** RFC 5246 §6.2.1. */
    public static final int PLAINTEXT_LENGTH_MAX = 1 << 14;

    /** RFC 5246 §6.2.3: content, with nonce, padding and tag. */
    public static final int CONTENT_LENGTH_MAX = PLAINTEXT_LENGTH_MAX + 2048;

    /** RFC 9146 §3: the ID's length is one byte in the negotiation. */
    public static final int CONNECTION_ID_LENGTH_MAX = 255;

    /** Of a plain record; a connection ID adds its own length. */
    public static final int LENGTH = 13;

    public static final int TYPE_OFFSET = 0;
    public static final int VERSION_OFFSET = 1;
    public static final int EPOCH_OFFSET = 3;
    public static final int CONNECTION_ID_OFFSET = 11;

    /** Where the length field of a plain record stands. */
    public static final int LENGTH_OFFSET = 11;

    /** The epoch of the traffic keys: the only protected one, as we never renegotiate. */
    public static final int TRAFFIC_EPOCH = 1;

    private static final int SEQUENCE_BITS = 48;

    /** Of the sequence, what stands in the header's first eight bytes. */
    private static final int SEQUENCE_UPPER_BITS = 24;

    private RecordHeader() {}

    public static int type(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + TYPE_OFFSET) & 0xff;
    }

    public static int version(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + VERSION_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    public static int epoch(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + EPOCH_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    public static long sequence(DirectBuffer buffer, int offset) {
        return sequenceOf(epochAndSequence(buffer, offset));
    }

    /** Epoch in the upper 16 bits, sequence in the lower 48: what nonces and MACs use. */
    public static long epochAndSequence(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + EPOCH_OFFSET, BIG_ENDIAN);
    }

    public static long epochAndSequence(int epoch, long sequence) {
        return (long) epoch << SEQUENCE_BITS | sequence;
    }

    static long sequenceOf(long epochAndSequence) {
        return epochAndSequence & SEQUENCE_MAX;
    }

    /** A connection ID of ours, 4 bytes as an int; only of a record of type {@link #TLS12_CID}. */
    public static int connectionId(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + CONNECTION_ID_OFFSET, BIG_ENDIAN);
    }

    /** Length of the content behind the header. */
    public static int length(DirectBuffer buffer, int offset, int connectionIdLength) {
        return buffer.getShort(offset + LENGTH_OFFSET + connectionIdLength, BIG_ENDIAN) & 0xffff;
    }

    // By address, where the bounds of the whole header were proved.

    /** Type, version and epoch at once: bits 39..32, 31..16 and 15..0. */
    static long typeVersionEpoch(long address) {
        return RawMemory.getLong(address) >>> SEQUENCE_UPPER_BITS;
    }

    static long typeVersionEpoch(int type, int version, int epoch) {
        return (long) type << 32 | (long) version << 16 | epoch;
    }

    static int type(long address) {
        return RawMemory.getByte(address + TYPE_OFFSET) & 0xff;
    }

    static int version(long address) {
        return RawMemory.getShort(address + VERSION_OFFSET) & 0xffff;
    }

    static long epochAndSequence(long address) {
        return RawMemory.getLong(address + EPOCH_OFFSET);
    }

    static int length(long address, int connectionIdLength) {
        return RawMemory.getShort(address + LENGTH_OFFSET + connectionIdLength) & 0xffff;
    }

    static void encode(
            long address, int type, long epochAndSequence, ConnectionId connectionId, int length) {
        RawMemory.putByte(address + TYPE_OFFSET, (byte) type);
        RawMemory.putShort(address + VERSION_OFFSET, (short) DTLS_1_2);
        RawMemory.putLong(address + EPOCH_OFFSET, epochAndSequence);
        connectionId.write(address + CONNECTION_ID_OFFSET);
        RawMemory.putShort(address + LENGTH_OFFSET + connectionId.length(), (short) length);
    }
}
