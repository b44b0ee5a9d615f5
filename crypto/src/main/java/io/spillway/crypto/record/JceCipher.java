package io.spillway.crypto.record;

import static io.spillway.crypto.RecordSuite.NONCE_LENGTH;
import static io.spillway.crypto.RecordSuite.TAG_LENGTH;

import io.spillway.crypto.RecordSuite;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One key in the JDK's own ciphers, where no native code is wanted or found. Owned as {@link
 * RecordCipher} says.
 *
 * <p>Copies every record into an array and back, since the JDK's direct-buffer path is almost twice
 * as slow, and leaves about a kilobyte of garbage a record. {@link #close()} drops the key, but the
 * JDK's copies of it last until they are collected.
 */
final class JceCipher implements RecordCipher {
    private static final int SCRATCH_LENGTH = 2048;
    private static final int BITS_PER_BYTE = 8;

    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private final boolean isGcm;
    private final Cipher cipher;
    private SecretKey key;
    private byte[] additionalData = {};
    private byte[] scratch = new byte[SCRATCH_LENGTH];

    JceCipher(RecordSuite suite, byte[] key) {
        isGcm = suite != RecordSuite.CHACHA20_POLY1305;
        this.key = new SecretKeySpec(key, isGcm ? "AES" : "ChaCha20");
        try {
            cipher = Cipher.getInstance(isGcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + suite, e);
        }
    }

    @Override
    public void seal(AeadInputs inputs, long plaintextAddress, int length, long ciphertextAddress) {
        copyIn(plaintextAddress, length, length + TAG_LENGTH);
        try {
            start(Cipher.ENCRYPT_MODE, inputs);
            cipher.doFinal(scratch, 0, length, scratch, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK does not seal", e);
        }
        copyOut(ciphertextAddress, length + TAG_LENGTH);
    }

    @Override
    public boolean open(AeadInputs inputs, long address, int length) {
        copyIn(address, length + TAG_LENGTH, length + TAG_LENGTH);
        try {
            start(Cipher.DECRYPT_MODE, inputs);
            cipher.doFinal(scratch, 0, length + TAG_LENGTH, scratch, 0);
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK does not open", e);
        }
        copyOut(address, length);
        return true;
    }

    @Override
    public void close() {
        key = null;
        Arrays.fill(scratch, (byte) 0);
    }

    private void start(int mode, AeadInputs inputs) throws GeneralSecurityException {
        if (key == null) {
            throw new IllegalStateException("cipher is closed");
        }
        inputs.nonce().getBytes(0, nonce);
        cipher.init(mode, key, parameters());
        int length = inputs.additionalDataLength();
        if (additionalData.length != length) {
            additionalData = new byte[length];
        }
        inputs.additionalData().getBytes(0, additionalData);
        cipher.updateAAD(additionalData);
    }

    private AlgorithmParameterSpec parameters() {
        return isGcm
                ? new GCMParameterSpec(TAG_LENGTH * BITS_PER_BYTE, nonce)
                : new IvParameterSpec(nonce);
    }

    private void copyIn(long address, int length, int room) {
        if (scratch.length < room) {
            Arrays.fill(scratch, (byte) 0);
            scratch = new byte[room];
        }
        memory.wrap(address, length);
        memory.getBytes(0, scratch, 0, length);
    }

    private void copyOut(long address, int length) {
        memory.wrap(address, length);
        memory.putBytes(0, scratch, 0, length);
    }
}
