package io.spillway.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Which key a renewed certificate's key takes the place of, in a certificate extension of ours:
 * else a machine with its new key would look like another one that uses its name.
 *
 * <pre>
 *   2.25.147705515802246656560569920244648999953   not critical
 *   OCTET STRING: SHA-256 of the older SubjectPublicKeyInfo
 * </pre>
 *
 * <p>The identifier is made of a UUID (ITU-T X.667).
 */
final class Succession {
    private static final ASN1ObjectIdentifier IDENTIFIER =
            new ASN1ObjectIdentifier("2.25.147705515802246656560569920244648999953");

    private Succession() {}

    static Extension extension(PublicKey older) throws IOException {
        byte[] value = new DEROctetString(digest(older)).getEncoded();
        return new Extension(IDENTIFIER, false, value);
    }

    /**
     * One key, or that of one takes the place of the other's. Both were signed by the authority.
     */
    static boolean isSameHolder(X509Certificate first, X509Certificate second) {
        return first.getPublicKey().equals(second.getPublicKey())
                || succeeds(first, second.getPublicKey())
                || succeeds(second, first.getPublicKey());
    }

    private static boolean succeeds(X509Certificate certificate, PublicKey older) {
        byte[] extension = certificate.getExtensionValue(IDENTIFIER.getId());
        if (extension == null) {
            return false;
        }
        try {
            byte[] value = ASN1OctetString.getInstance(extension).getOctets();
            byte[] digest = ASN1OctetString.getInstance(value).getOctets();
            return MessageDigest.isEqual(digest, digest(older));
        } catch (IllegalArgumentException e) {
            return false; // an extension that only looks like ours
        }
    }

    private static byte[] digest(PublicKey key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
