package io.spillway.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/**
 * What a node signs its own word with, where others hand it on: its key, and the certificate by
 * which they know it. Immutable, thread safe.
 */
public final class Signer {
    private final String account;
    private final PrivateKey key;
    private final X509Certificate certificate;

    public Signer(String account, PrivateKey key, X509Certificate certificate) {
        this.account = account;
        this.key = key;
        this.certificate = certificate;
    }

    public static Signer of(Identity identity) {
        return new Signer(identity.name().account(), identity.key(), identity.certificate());
    }

    public String account() {
        return account;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** DER; another one each time. */
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(Keys.SIGNATURE_ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("our own key does not sign", e);
        }
    }

    /** Whether the holder of that certificate signed the message; false for bytes of any kind. */
    public static boolean isSigned(byte[] message, byte[] signed, X509Certificate holder) {
        try {
            Signature signature = Signature.getInstance(Keys.SIGNATURE_ALGORITHM);
            signature.initVerify(holder.getPublicKey());
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
