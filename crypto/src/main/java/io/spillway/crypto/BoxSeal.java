package io.spillway.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals what a node keeps on its disk, so that it can neither be read nor used on another machine,
 * nor by another node of this one. AES-256-GCM under a key derived (RFC 5869) from the node's
 * private key, its name and the machine's ID.
 *
 * <pre>
 *   0      4         5          17
 *   "SPWS" version   nonce      ciphertext and 16 bytes of tag
 * </pre>
 *
 * <p>Thread safe. A nonce is random: one key must not seal more than 2^32 files (NIST SP 800-38D).
 */
public final class BoxSeal {
    private static final byte[] MAGIC = "SPWS".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int HEADER_LENGTH = MAGIC.length + 1;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;
    private static final int KEY_LENGTH = 32;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKey key;
    private final BoxSeal older; // null: there is none
    private final SecureRandom random = new SecureRandom();

    private BoxSeal(SecretKey key, BoxSeal older) {
        this.key = key;
        this.older = older;
    }

    /**
     * @param name of the node, as its certificate has it
     * @param machineId whatever tells this machine from others; may be empty
     */
    public static BoxSeal of(PrivateKey privateKey, String name, byte[] machineId) {
        HKDFParameterSpec derivation =
                HKDFParameterSpec.ofExtract()
                        .addIKM(privateKey.getEncoded())
                        .addSalt(machineId)
                        .thenExpand(
                                ("spillway saved state of " + name)
                                        .getBytes(StandardCharsets.UTF_8),
                                KEY_LENGTH);
        try {
            return new BoxSeal(KDF.getInstance("HKDF-SHA256").deriveKey("AES", derivation), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF is part of every JDK 25", e);
        }
    }

    /** Seals as this one, and opens also what {@code other} sealed: the key was renewed since. */
    public BoxSeal opening(BoxSeal other) {
        return new BoxSeal(key, other);
    }

    public byte[] seal(byte[] content) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        ByteBuffer sealed =
                ByteBuffer.allocate(HEADER_LENGTH + NONCE_LENGTH + content.length + TAG_LENGTH);
        sealed.put(MAGIC).put(VERSION).put(nonce);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(ByteBuffer.wrap(content), sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
        return sealed.array();
    }

    /**
     * @throws GeneralSecurityException saying why it is not what this node sealed on this machine
     */
    public byte[] open(byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH) {
            throw new GeneralSecurityException("it is cut short");
        }
        if (!Arrays.equals(MAGIC, 0, MAGIC.length, sealed, 0, MAGIC.length)) {
            throw new GeneralSecurityException("it is no saved state");
        }
        if (sealed[MAGIC.length] != VERSION) {
            throw new GeneralSecurityException(
                    "its format is " + sealed[MAGIC.length] + ", this software knows " + VERSION);
        }
        int start = HEADER_LENGTH + NONCE_LENGTH;
        byte[] nonce = Arrays.copyOfRange(sealed, HEADER_LENGTH, start);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed, start, sealed.length - start);
        } catch (AEADBadTagException e) {
            if (older != null) {
                return older.open(sealed);
            }
            throw new GeneralSecurityException(
                    "it is damaged, or of another machine, site or account", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
        cipher.updateAAD(MAGIC);
        cipher.updateAAD(new byte[] {VERSION});
        return cipher;
    }
}
