package io.spillway.crypto;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;

/** Decoding and comparing certificates with the JDK's own classes. */
public final class Certificates {
    private static final byte[] MATCH_PROBE = {'s', 'p', 'i', 'l', 'l', 'w', 'a', 'y'};

    private Certificates() {}

    /**
     * @throws CertificateException for bytes that are no certificate; never another exception
     */
    public static X509Certificate decode(byte[] der) throws CertificateException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        } catch (RuntimeException e) {
            throw new CertificateException("not a certificate", e);
        }
    }

    static X509CRL decodeCrl(byte[] der) throws GeneralSecurityException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
        } catch (RuntimeException e) {
            throw new GeneralSecurityException("not a revocation list", e);
        }
    }

    /** A serial number as people compare it: hexadecimal. */
    static String serial(BigInteger number) {
        return number.toString(16);
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether the private key is the one the public key belongs to. */
    static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        try {
            Signature signature = Signature.getInstance(Keys.SIGNATURE_ALGORITHM);
            signature.initSign(privateKey);
            signature.update(MATCH_PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(MATCH_PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
