package io.spillway.crypto.record;

import static io.spillway.crypto.record.RecordHeader.DTLS_1_2;
import static io.spillway.crypto.record.RecordHeader.TLS12_CID;
import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.crypto.RecordSuite;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Nonce and additional data of one direction's records. Owned by its sealer or opener.
 *
 * <pre>
 * Additional data of a plain record (RFC 5246 §6.2.3.3, RFC 6347 §4.1.2.1):
 *
 *  0                    8      9         11
 * +--------------------+------+---------+--------+
 * | epoch and sequence | type | version | length |
 * +--------------------+------+---------+--------+
 *
 * With a connection ID of n bytes (RFC 9146 §5.3):
 *
 *  0               8    9   10   11        13                   21    21+n
 * +---------------+----+---+----+---------+--------------------+-----+--------+
 * | 8 x ff        | 25 | n | 25 | version | epoch and sequence | CID | length |
 * +---------------+----+---+----+---------+--------------------+-----+--------+
 *
 * "length" is the plaintext's; with a connection ID that of plaintext, type and zeros.
 *
 * Nonce: AES-GCM   salt (4) | explicit nonce (8)            RFC 5288 §3
 *        ChaCha20  salt (12) xor (0 (4) | epoch, sequence)  RFC 7905 §2
 * </pre>
 */
final class RecordInputs implements AutoCloseable {
    private static final int NONCE_COUNTER_OFFSET = 4;

    /** No record has this epoch and sequence. */
    private static final long NONE = -1;

    private static final int PLAIN_SEQUENCE_OFFSET = 0;
    private static final int PLAIN_TYPE_OFFSET = 8;
    private static final int PLAIN_VERSION_OFFSET = 9;
    private static final int PLAIN_LENGTH_OFFSET = 11;
    private static final int PLAIN_LENGTH = 13;

    private static final long CID_SEQUENCE_PLACEHOLDER = -1L;
    private static final int CID_TYPE_OFFSET = 8;
    private static final int CID_ID_LENGTH_OFFSET = 9;
    private static final int CID_SECOND_TYPE_OFFSET = 10;
    private static final int CID_VERSION_OFFSET = 11;
    private static final int CID_SEQUENCE_OFFSET = 13;
    private static final int CID_ID_OFFSET = 21;
    private static final int CID_LENGTH = 23;

    private final Description even;
    private final Description odd;
    private long nonceMask;

    // What the next record's description says already.
    private long nextNumber = NONE;
    private long nextCounter;
    private int nextLength;
    private int nextType;

    RecordInputs(RecordSuite suite, byte[] salt, byte[] connectionId) {
        boolean isMasked = suite.saltLength() > NONCE_COUNTER_OFFSET;
        nonceMask = isMasked ? ByteBuffer.wrap(salt).getLong(NONCE_COUNTER_OFFSET) : 0;
        even = new Description(salt, connectionId);
        odd = new Description(salt, connectionId);
    }

    /**
     * Describes the next record. Valid until the next call.
     *
     * <p>Describes the one after it too, as it is likely to be. A cipher loads nonce and additional
     * data sixteen bytes at a time, and such a load waits until smaller stores into the same bytes
     * have left the processor's store buffer; those made one record ahead have.
     *
     * @param type of a plain record; not part of the additional data with a connection ID
     * @param counter the explicit nonce of AES-GCM; epoch and sequence for ChaCha20
     * @param length of what is encrypted, without the tag
     */
    AeadInputs describe(int type, long epochAndSequence, long counter, int length) {
        boolean isEven = (epochAndSequence & 1) == 0;
        Description wanted = isEven ? even : odd;
        Description following = isEven ? odd : even;
        boolean isExpected =
                epochAndSequence == nextNumber
                        && counter == nextCounter
                        && length == nextLength
                        && type == nextType;
        if (!isExpected) {
            wanted.write(type, epochAndSequence, nonceMask ^ counter, length);
            nextLength = length;
            nextType = type;
        }
        nextNumber = epochAndSequence + 1;
        nextCounter = counter + 1;
        following.write(type, nextNumber, nonceMask ^ nextCounter, length);
        return wanted;
    }

    @Override
    public void close() {
        nonceMask = 0;
        even.close();
        odd.close();
    }

    /** One record's inputs. */
    static final class Description extends AeadInputs {
        private final long counterAddress;
        private final long sequenceAddress;
        private final long lengthAddress;

        /** 0 with a connection ID: the type is no part of the additional data then. */
        private final long typeAddress;

        Description(byte[] salt, byte[] connectionId) {
            super(connectionId.length > 0 ? CID_LENGTH + connectionId.length : PLAIN_LENGTH);
            int idLength = connectionId.length;
            boolean hasConnectionId = idLength > 0;
            long data = additionalDataAddress();
            counterAddress = nonceAddress() + NONCE_COUNTER_OFFSET;
            sequenceAddress =
                    data + (hasConnectionId ? CID_SEQUENCE_OFFSET : PLAIN_SEQUENCE_OFFSET);
            lengthAddress =
                    data + (hasConnectionId ? CID_ID_OFFSET + idLength : PLAIN_LENGTH_OFFSET);
            typeAddress = hasConnectionId ? 0 : data + PLAIN_TYPE_OFFSET;
            nonce().putBytes(0, salt, 0, NONCE_COUNTER_OFFSET);
            writeFixed(additionalData(), connectionId);
        }

        void write(int type, long epochAndSequence, long maskedCounter, int length) {
            RawMemory.putLong(counterAddress, maskedCounter);
            RawMemory.putLong(sequenceAddress, epochAndSequence);
            RawMemory.putShort(lengthAddress, (short) length);
            if (typeAddress != 0) {
                RawMemory.putByte(typeAddress, (byte) type);
            }
        }

        private void writeFixed(UnsafeBuffer data, byte[] connectionId) {
            if (connectionId.length == 0) {
                data.putShort(PLAIN_VERSION_OFFSET, (short) DTLS_1_2, BIG_ENDIAN);
                return;
            }
            data.putLong(0, CID_SEQUENCE_PLACEHOLDER);
            data.putByte(CID_TYPE_OFFSET, (byte) TLS12_CID);
            data.putByte(CID_ID_LENGTH_OFFSET, (byte) connectionId.length);
            data.putByte(CID_SECOND_TYPE_OFFSET, (byte) TLS12_CID);
            data.putShort(CID_VERSION_OFFSET, (short) DTLS_1_2, BIG_ENDIAN);
            data.putBytes(CID_ID_OFFSET, connectionId);
        }
    }
}
