package io.spillway.crypto.record;

import static io.spillway.crypto.record.RecordHeader.APPLICATION_DATA;
import static io.spillway.crypto.record.RecordHeader.CONTENT_LENGTH_MAX;
import static io.spillway.crypto.record.RecordHeader.DTLS_1_2;
import static io.spillway.crypto.record.RecordHeader.TLS12_CID;
import static io.spillway.crypto.record.RecordHeader.TRAFFIC_EPOCH;

import io.spillway.crypto.RecordSuite;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Opens the records of one direction of one epoch, in place, and refuses replays. Owned by the
 * data-plane agent that owns the {@link io.spillway.crypto.Session}; not thread safe.
 *
 * <p>Takes arbitrary bytes: a record is refused by a negative reason, never by an exception, and
 * nothing outside the given length is read. Nothing but the replay window survives a call, and that
 * only changes when a record was authenticated.
 *
 * <p>A record is opened, then unwrapped. What has several opens them all first: the content type is
 * the last byte that the cipher wrote, and who asks for it at once waits until it has left the
 * processor's store buffer.
 */
public final class RecordOpener implements AutoCloseable {
    /** The bytes end before the header, or before the length it states. */
    public static final int OPEN_SHORT = -1;

    /** The content cannot hold a nonce and a tag, or is longer than a record may be. */
    public static final int OPEN_BAD_LENGTH = -2;

    /** Neither application data, nor a record with a connection ID where one was agreed on. */
    public static final int OPEN_WRONG_TYPE = -3;

    public static final int OPEN_WRONG_VERSION = -4;
    public static final int OPEN_WRONG_EPOCH = -5;
    public static final int OPEN_WRONG_CONNECTION_ID = -6;

    /** Seen already, or too old to know. */
    public static final int OPEN_REPLAYED = -7;

    /** Not authentic. The bytes of its content are destroyed. */
    public static final int OPEN_BAD_TAG = -8;

    /** Of {@link #unwrap}: an alert or the like was sealed under a connection ID. */
    public static final int OPEN_NOT_APPLICATION_DATA = -9;

    private final RecordCipher cipher;
    private final RecordInputs inputs;
    private final ReplayWindow window = new ReplayWindow();
    private final ConnectionId connectionId;
    private final int expectedType;
    private final long expectedTypeVersionEpoch;
    private final int headerLength;
    private final int explicitNonceLength;
    private final int ciphertextOffset;
    private final int contentLengthMin;
    private int recordLength;
    private int plaintextOffset;
    private int contentLength;
    private int contentType;

    /**
     * Takes over {@code cipher}; copies the rest.
     *
     * @param connectionId our choice, which every record must carry; empty for none
     */
    public RecordOpener(RecordSuite suite, RecordCipher cipher, byte[] salt, byte[] connectionId) {
        this.cipher = cipher;
        this.connectionId = new ConnectionId(connectionId);
        inputs = new RecordInputs(suite, salt, connectionId);
        expectedType = connectionId.length > 0 ? TLS12_CID : APPLICATION_DATA;
        expectedTypeVersionEpoch =
                RecordHeader.typeVersionEpoch(expectedType, DTLS_1_2, TRAFFIC_EPOCH);
        headerLength = RecordHeader.LENGTH + connectionId.length;
        explicitNonceLength = suite.explicitNonceLength();
        ciphertextOffset = RecordOverhead.header(suite, connectionId.length);
        contentLengthMin =
                explicitNonceLength
                        + RecordOverhead.innerTypeLength(connectionId.length)
                        + RecordSuite.TAG_LENGTH;
    }

    /**
     * Opens one record in place.
     *
     * @param record off-heap; stays the caller's
     * @param length bytes available from {@code offset}; more records may follow this one
     * @return length of the plaintext, 0 included, which the peer's keys sealed and which is still
     *     to be unwrapped; or a negative OPEN_ reason
     */
    public int open(UnsafeBuffer record, int offset, int length) {
        RecordSealer.checkOffHeap(record);
        record.boundsCheck(offset, length);
        long address = record.addressOffset() + offset;
        int refusal = checkHeader(address, length);
        if (refusal < 0) {
            return refusal;
        }
        long epochAndSequence = RecordHeader.epochAndSequence(address);
        long sequence = RecordHeader.sequenceOf(epochAndSequence);
        if (!window.isFresh(sequence)) {
            return OPEN_REPLAYED;
        }
        int innerLength = recordLength - ciphertextOffset - RecordSuite.TAG_LENGTH;
        if (!decrypt(address, epochAndSequence, innerLength)) {
            return OPEN_BAD_TAG;
        }
        window.advance(sequence);
        plaintextOffset = offset + ciphertextOffset;
        return innerLength;
    }

    /**
     * Tells content from what stands behind it in a plaintext. RFC 9146 §4: its type is the last
     * byte that is not zero; zeros behind it are padding.
     *
     * @param offset of the plaintext
     * @param length of it, as {@link #open} said
     * @return length of the content, or {@link #OPEN_NOT_APPLICATION_DATA}
     */
    public int unwrap(UnsafeBuffer record, int offset, int length) {
        contentType = expectedType;
        contentLength = length;
        if (expectedType == TLS12_CID) {
            do {
                contentType = record.getByte(offset + --contentLength) & 0xff;
            } while (contentType == 0 && contentLength > 0);
        }
        return contentType == APPLICATION_DATA ? contentLength : OPEN_NOT_APPLICATION_DATA;
    }

    /** Where in the buffer the plaintext of the last authentic record begins. */
    public int plaintextOffset() {
        return plaintextOffset;
    }

    /** Bytes of content last unwrapped, whatever its type. */
    public int contentLength() {
        return contentLength;
    }

    /** What it is: {@link RecordHeader#APPLICATION_DATA} …; 0 when the plaintext held no type. */
    public int contentType() {
        return contentType;
    }

    /**
     * Bytes of the last record, opened or refused: where the next one of the datagram begins. 0
     * when it cannot be told, so that the rest of the datagram is lost.
     */
    public int recordLength() {
        return recordLength;
    }

    @Override
    public void close() {
        cipher.close();
        inputs.close();
    }

    private int checkHeader(long address, int length) {
        if (length < headerLength
                || RecordHeader.typeVersionEpoch(address) != expectedTypeVersionEpoch) {
            return refuse(address, length);
        }
        int contentLength = RecordHeader.length(address, connectionId.length());
        if (length - headerLength < contentLength) {
            recordLength = 0;
            return OPEN_SHORT;
        }
        recordLength = headerLength + contentLength;
        if (!connectionId.isAt(address + RecordHeader.CONNECTION_ID_OFFSET)) {
            return OPEN_WRONG_CONNECTION_ID;
        }
        boolean fits = contentLength >= contentLengthMin && contentLength <= CONTENT_LENGTH_MAX;
        return fits ? 0 : OPEN_BAD_LENGTH;
    }

    /** Of what does not begin as our records do: why, and where it ends if that can be told. */
    private int refuse(long address, int length) {
        recordLength = 0;
        if (length < RecordHeader.LENGTH) {
            return OPEN_SHORT;
        }
        int type = RecordHeader.type(address);
        if (type == TLS12_CID && connectionId.length() == 0) {
            return OPEN_WRONG_TYPE; // whose connection ID has a length unknown to us
        }
        int connectionIdLength = type == TLS12_CID ? connectionId.length() : 0;
        int itsHeaderLength = RecordHeader.LENGTH + connectionIdLength;
        if (length < itsHeaderLength) {
            return OPEN_SHORT;
        }
        int contentLength = RecordHeader.length(address, connectionIdLength);
        if (length - itsHeaderLength < contentLength) {
            return OPEN_SHORT;
        }
        recordLength = itsHeaderLength + contentLength;
        return wrongOf(address);
    }

    /** Which of type, version and epoch is wrong, the first of them. */
    private int wrongOf(long address) {
        if (RecordHeader.type(address) != expectedType) {
            return OPEN_WRONG_TYPE;
        }
        return RecordHeader.version(address) != DTLS_1_2 ? OPEN_WRONG_VERSION : OPEN_WRONG_EPOCH;
    }

    private boolean decrypt(long address, long epochAndSequence, int innerLength) {
        long ciphertext = address + ciphertextOffset;
        // RFC 5288 §3: the sender is free in its choice of the explicit nonce, OpenSSL's is random.
        long counter =
                explicitNonceLength > 0
                        ? RawMemory.getLong(ciphertext - explicitNonceLength)
                        : epochAndSequence;
        AeadInputs aead = inputs.describe(APPLICATION_DATA, epochAndSequence, counter, innerLength);
        return cipher.open(aead, ciphertext, innerLength);
    }
}
