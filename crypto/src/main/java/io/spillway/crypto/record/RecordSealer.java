package io.spillway.crypto.record;

import static io.spillway.crypto.record.RecordHeader.APPLICATION_DATA;
import static io.spillway.crypto.record.RecordHeader.CONNECTION_ID_LENGTH_MAX;
import static io.spillway.crypto.record.RecordHeader.PLAINTEXT_LENGTH_MAX;
import static io.spillway.crypto.record.RecordHeader.SEQUENCE_MAX;
import static io.spillway.crypto.record.RecordHeader.TLS12_CID;
import static io.spillway.crypto.record.RecordHeader.TRAFFIC_EPOCH;

import io.spillway.crypto.RecordSuite;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Seals the records of one direction of one epoch. Owned by the data-plane agent that owns the
 * {@link io.spillway.crypto.Session}; not thread safe.
 *
 * <p>Every record takes the next sequence number, which is also its nonce, so a nonce is used once.
 */
public final class RecordSealer implements AutoCloseable {
    /** Bouncy Castle owns those below, for its Finished and retransmissions (DESIGN §4). */
    public static final long FIRST_SEQUENCE = 65536;

    /** Plaintext bytes under one key (DESIGN §4): far below what GCM bears. */
    public static final long BYTES_MAX = 1L << 36;

    /** Half of the budget: time enough for the next handshake at any rate. */
    public static final long REKEY_BYTES = BYTES_MAX / 2;

    private static final long REKEY_SEQUENCE = SEQUENCE_MAX / 2;

    private final RecordCipher cipher;
    private final RecordInputs inputs;
    private final ConnectionId connectionId;
    private final int innerTypeLength;
    private final int explicitNonceLength;
    private final int headerLength;
    private final int overhead;
    private long sequence = FIRST_SEQUENCE;
    private long bytesSealed;

    /**
     * Takes over {@code cipher}; copies the rest.
     *
     * @param connectionId the peer's choice, up to 255 bytes; empty for none
     */
    public RecordSealer(RecordSuite suite, RecordCipher cipher, byte[] salt, byte[] connectionId) {
        if (connectionId.length > CONNECTION_ID_LENGTH_MAX) {
            throw new IllegalArgumentException("connection ID of " + connectionId.length);
        }
        this.cipher = cipher;
        this.connectionId = new ConnectionId(connectionId);
        inputs = new RecordInputs(suite, salt, connectionId);
        innerTypeLength = RecordOverhead.innerTypeLength(connectionId.length);
        explicitNonceLength = suite.explicitNonceLength();
        headerLength = RecordOverhead.header(suite, connectionId.length);
        overhead = RecordOverhead.record(suite, connectionId.length);
    }

    /** Length of a record minus that of its plaintext. */
    public int overhead() {
        return overhead;
    }

    /** Bytes of a record before its ciphertext. */
    public int headerLength() {
        return headerLength;
    }

    /** Bytes the caller leaves free behind the plaintext: 1 with a connection ID, else 0. */
    public int tailroom() {
        return innerTypeLength;
    }

    /** Seals application data: see the other. */
    public int seal(
            UnsafeBuffer plaintext, int offset, int length, UnsafeBuffer record, int recordOffset) {
        return seal(APPLICATION_DATA, plaintext, offset, length, record, recordOffset);
    }

    /**
     * Seals {@code length} bytes, at most 2^14, into a record at {@code recordOffset}. Both buffers
     * are off-heap and stay the caller's. The plaintext is not changed, but with a connection ID
     * the byte behind it is overwritten by its type (RFC 9146 §4). It may lie exactly where its
     * ciphertext goes, {@link #headerLength()} behind {@code recordOffset}, else apart from the
     * record.
     *
     * @param type of the content, such as {@link RecordHeader#ALERT}
     * @return length of the record, or 0 when the epoch's sequence numbers or bytes are used up
     * @throws IndexOutOfBoundsException when plaintext or record lie outside their buffers
     */
    public int seal(
            int type,
            UnsafeBuffer plaintext,
            int offset,
            int length,
            UnsafeBuffer record,
            int recordOffset) {
        int innerLength = length + innerTypeLength;
        if (sequence > SEQUENCE_MAX || bytesSealed + innerLength > BYTES_MAX) {
            return 0;
        }
        checkPlaintext(plaintext, offset, length);
        checkOffHeap(record);
        record.boundsCheck(recordOffset, length + overhead);
        long plaintextAddress = plaintext.addressOffset() + offset;
        long recordAddress = record.addressOffset() + recordOffset;
        if (innerTypeLength > 0) {
            RawMemory.putByte(plaintextAddress + length, (byte) type);
        }
        long counter = encodeHeader(type, innerLength, recordAddress);
        AeadInputs aead = inputs.describe(type, counter, counter, innerLength);
        cipher.seal(aead, plaintextAddress, innerLength, recordAddress + headerLength);
        bytesSealed += innerLength;
        return length + overhead;
    }

    /** Plaintext bytes sealed so far, inner types included. */
    public long bytesSealed() {
        return bytesSealed;
    }

    /** The sequence number that the next record takes. */
    public long sequence() {
        return sequence;
    }

    /** Whether half of the epoch is used, so that control should begin the next handshake. */
    public boolean isRekeyDue() {
        return bytesSealed >= REKEY_BYTES || sequence >= REKEY_SEQUENCE;
    }

    @Override
    public void close() {
        cipher.close();
        inputs.close();
    }

    /** For tests of exhaustion: continues as if these had been used already. */
    void skipTo(long nextSequence, long bytes) {
        assert nextSequence >= sequence && bytes >= bytesSealed;
        sequence = nextSequence;
        bytesSealed = bytes;
    }

    /** Writes what stands before the ciphertext and uses up a sequence number. */
    private long encodeHeader(int type, int innerLength, long address) {
        long counter = RecordHeader.epochAndSequence(TRAFFIC_EPOCH, sequence++);
        int outerType = innerTypeLength > 0 ? TLS12_CID : type;
        int contentLength = explicitNonceLength + innerLength + RecordSuite.TAG_LENGTH;
        RecordHeader.encode(address, outerType, counter, connectionId, contentLength);
        if (explicitNonceLength > 0) {
            RawMemory.putLong(address + headerLength - explicitNonceLength, counter);
        }
        return counter;
    }

    private void checkPlaintext(UnsafeBuffer plaintext, int offset, int length) {
        if (Integer.compareUnsigned(length, PLAINTEXT_LENGTH_MAX) > 0) {
            throw new IllegalArgumentException("plaintext of " + length + " bytes");
        }
        checkOffHeap(plaintext);
        plaintext.boundsCheck(offset, length + innerTypeLength);
    }

    /** Addresses inside an array would be taken for memory. */
    static void checkOffHeap(UnsafeBuffer buffer) {
        if (buffer.byteArray() != null) {
            throw new IllegalArgumentException("records live off-heap, this is an array");
        }
    }
}
