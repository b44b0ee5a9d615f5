package io.spillway.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/** Revocation lists: whose they are, and which of two is newer. */
final class Crls {
    private Crls() {}

    static void requireSignedBy(X509CRL list, X509Certificate authority)
            throws GeneralSecurityException {
        if (!list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            throw new SignatureException(
                    "revocation list of "
                            + list.getIssuerX500Principal()
                            + ", expected one of "
                            + authority.getSubjectX500Principal());
        }
        list.verify(authority.getPublicKey());
    }

    static boolean isSignedBy(X509CRL list, X509Certificate authority) {
        try {
            requireSignedBy(list, authority);
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /** Whether {@code list} is older than {@code other}, by number; null is older than any. */
    static boolean isOlder(X509CRL list, X509CRL other) {
        return other != null && number(list).compareTo(number(other)) < 0;
    }

    /** The list's number (RFC 5280, 5.2.3), 0 when it has none. */
    static BigInteger number(X509CRL list) {
        byte[] extension = list.getExtensionValue(Extension.cRLNumber.getId());
        if (extension == null) {
            return BigInteger.ZERO;
        }
        byte[] value = ASN1OctetString.getInstance(extension).getOctets();
        return ASN1Integer.getInstance(value).getPositiveValue();
    }

    static byte[] encode(X509CRL list) throws IOException {
        try {
            return list.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException("revocation list cannot be encoded", e);
        }
    }
}
