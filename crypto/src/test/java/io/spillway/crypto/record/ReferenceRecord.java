package io.spillway.crypto.record;

import io.spillway.crypto.RecordSuite;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The slow, obvious twin of {@link RecordSealer}: a record put together from the text of RFC 6347,
 * RFC 5288, RFC 7905 and RFC 9146, sharing no code with it.
 */
final class ReferenceRecord {
    private final RecordSuite suite;
    private final byte[] key;
    private final byte[] salt;
    private final byte[] connectionId;

    ReferenceRecord(RecordTraffic traffic) {
        this.suite = traffic.suite;
        this.key = traffic.key;
        this.salt = traffic.salt;
        this.connectionId = traffic.connectionId;
    }

    /**
     * @param type on the wire
     * @param encrypted with a connection ID a whole DTLSInnerPlaintext
     * @param explicitNonce of AES-GCM, which a sender may choose freely
     */
    byte[] seal(int type, int epoch, long sequence, byte[] encrypted, long explicitNonce)
            throws GeneralSecurityException {
        boolean isGcm = suite != RecordSuite.CHACHA20_POLY1305;
        long sequenceNumber = ((long) epoch << 48) + sequence;
        byte[] nonce = isGcm ? gcmNonce(explicitNonce) : chachaNonce(sequenceNumber);
        AlgorithmParameterSpec parameters =
                isGcm ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce);
        Cipher cipher = Cipher.getInstance(isGcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        SecretKeySpec keySpec = new SecretKeySpec(key, isGcm ? "AES" : "ChaCha20");
        cipher.init(Cipher.ENCRYPT_MODE, keySpec, parameters);
        cipher.updateAAD(additionalData(type, sequenceNumber, encrypted.length));
        byte[] ciphertext = cipher.doFinal(encrypted);
        int contentLength = (isGcm ? 8 : 0) + ciphertext.length;
        ByteBuffer record = ByteBuffer.allocate(13 + connectionId.length + contentLength);
        record.put((byte) type).putShort((short) 0xfefd).putLong(sequenceNumber);
        record.put(connectionId).putShort((short) contentLength);
        if (isGcm) {
            record.putLong(explicitNonce);
        }
        return record.put(ciphertext).array();
    }

    /** DTLSInnerPlaintext of RFC 9146 §4: content, real type, zeros. */
    static byte[] inner(byte[] content, int realType, int paddingLength) {
        ByteBuffer inner = ByteBuffer.allocate(content.length + 1 + paddingLength);
        return inner.put(content).put((byte) realType).array();
    }

    private byte[] additionalData(int type, long sequenceNumber, int length) {
        if (connectionId.length == 0) {
            ByteBuffer data = ByteBuffer.allocate(13).putLong(sequenceNumber).put((byte) type);
            return data.putShort((short) 0xfefd).putShort((short) length).array();
        }
        ByteBuffer data = ByteBuffer.allocate(23 + connectionId.length);
        data.putLong(0xffff_ffff_ffff_ffffL); // seq_num_placeholder
        data.put((byte) 25); // tls12_cid
        data.put((byte) connectionId.length); // cid_length
        data.put((byte) 25); // tls12_cid
        data.putShort((short) 0xfefd); // DTLSCiphertext.version
        data.putLong(sequenceNumber); // epoch, sequence_number
        data.put(connectionId); // cid
        return data.putShort((short) length).array(); // length_of_DTLSInnerPlaintext
    }

    private byte[] gcmNonce(long explicitNonce) {
        return ByteBuffer.allocate(12).put(salt).putLong(explicitNonce).array();
    }

    private byte[] chachaNonce(long sequenceNumber) {
        byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(sequenceNumber).array();
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] ^= salt[i];
        }
        return nonce;
    }
}
