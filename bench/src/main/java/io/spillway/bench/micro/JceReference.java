package io.spillway.bench.micro;

import io.spillway.crypto.RecordSuite;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The JDK's {@link Cipher} as a program would use it whose packets are arrays: no copies, but a
 * fresh nonce for each record, since it refuses to seal twice with one.
 */
final class JceReference implements AeadReference {
    private final byte[] additionalData = new byte[ADDITIONAL_DATA_LENGTH];
    private final byte[] plaintext;
    private final byte[][] records = new byte[RecordRing.COUNT][];
    private final byte[][] nonces = new byte[RecordRing.COUNT][RecordSuite.NONCE_LENGTH];
    private final boolean isGcm;
    private final SecretKey key;
    private final Cipher cipher;
    private long counter;

    JceReference(RecordSuite suite, int length) throws GeneralSecurityException {
        isGcm = suite != RecordSuite.CHACHA20_POLY1305;
        key = new SecretKeySpec(new byte[suite.keyLength()], isGcm ? "AES" : "ChaCha20");
        cipher = Cipher.getInstance(isGcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        plaintext = new byte[length];
        for (int index = 0; index < RecordRing.COUNT; index++) {
            records[index] = new byte[length + RecordSuite.TAG_LENGTH];
        }
    }

    @Override
    public void seal(int index) throws GeneralSecurityException {
        ByteBuffer.wrap(nonces[index]).putLong(Integer.BYTES, counter++);
        start(Cipher.ENCRYPT_MODE, index);
        cipher.doFinal(plaintext, 0, plaintext.length, records[index], 0);
    }

    @Override
    public boolean open(int index) throws GeneralSecurityException {
        byte[] record = records[index];
        start(Cipher.DECRYPT_MODE, index);
        return cipher.doFinal(record, 0, record.length, record, 0) == plaintext.length;
    }

    private void start(int mode, int index) throws GeneralSecurityException {
        cipher.init(mode, key, parameters(nonces[index]));
        cipher.updateAAD(additionalData);
    }

    private AlgorithmParameterSpec parameters(byte[] nonce) {
        return isGcm
                ? new GCMParameterSpec(RecordSuite.TAG_LENGTH * Byte.SIZE, nonce)
                : new IvParameterSpec(nonce);
    }
}
