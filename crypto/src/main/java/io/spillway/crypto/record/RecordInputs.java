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

    private final AeadInputs aead;
    private final UnsafeBuffer nonce;
    private final UnsafeBuffer additionalData;
    private final boolean hasConnectionId;
    private final int sequenceOffset;
    private final int lengthOffset;
    private long nonceMask;

    RecordInputs(RecordSuite suite, byte[] salt, byte[] connectionId) {
        hasConnectionId = connectionId.length > 0;
        aead = new AeadInputs(hasConnectionId ? CID_LENGTH + connectionId.length : PLAIN_LENGTH);
        nonce = aead.nonce();
        additionalData = aead.additionalData();
        sequenceOffset = hasConnectionId ? CID_SEQUENCE_OFFSET : PLAIN_SEQUENCE_OFFSET;
        lengthOffset = hasConnectionId ? CID_ID_OFFSET + connectionId.length : PLAIN_LENGTH_OFFSET;
        writeFixedNonce(suite, salt);
        if (hasConnectionId) {
            writeFixedWithConnectionId(connectionId);
        } else {
            additionalData.putShort(PLAIN_VERSION_OFFSET, (short) DTLS_1_2, BIG_ENDIAN);
        }
    }

    /**
     * Describes the next record.
     *
     * @param type of a plain record; not part of the additional data with a connection ID
     * @param counter the explicit nonce of AES-GCM; epoch and sequence for ChaCha20
     * @param length of what is encrypted, without the tag
     */
    AeadInputs describe(int type, long epochAndSequence, long counter, int length) {
        nonce.putLong(NONCE_COUNTER_OFFSET, nonceMask ^ counter, BIG_ENDIAN);
        additionalData.putLong(sequenceOffset, epochAndSequence, BIG_ENDIAN);
        additionalData.putShort(lengthOffset, (short) length, BIG_ENDIAN);
        if (!hasConnectionId) {
            additionalData.putByte(PLAIN_TYPE_OFFSET, (byte) type);
        }
        return aead;
    }

    @Override
    public void close() {
        nonceMask = 0;
        aead.close();
    }

    private void writeFixedNonce(RecordSuite suite, byte[] salt) {
        nonce.putBytes(0, salt, 0, NONCE_COUNTER_OFFSET);
        boolean masked = suite.saltLength() > NONCE_COUNTER_OFFSET;
        nonceMask = masked ? ByteBuffer.wrap(salt).getLong(NONCE_COUNTER_OFFSET) : 0;
    }

    private void writeFixedWithConnectionId(byte[] connectionId) {
        additionalData.putLong(0, CID_SEQUENCE_PLACEHOLDER);
        additionalData.putByte(CID_TYPE_OFFSET, (byte) TLS12_CID);
        additionalData.putByte(CID_ID_LENGTH_OFFSET, (byte) connectionId.length);
        additionalData.putByte(CID_SECOND_TYPE_OFFSET, (byte) TLS12_CID);
        additionalData.putShort(CID_VERSION_OFFSET, (short) DTLS_1_2, BIG_ENDIAN);
        additionalData.putBytes(CID_ID_OFFSET, connectionId);
    }
}
