package io.spillway.crypto;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** Decoding and comparing certificates with the JDK's own classes. */
public final class Certificates {
    private static final byte[] MATCH_PROBE = {'s', 'p', 'i', 'l', 'l', 'w', 'a', 'y'};

    private static final int KEY_NAME_LENGTH = 4;

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

    /** DER, of a certificate that was decoded or made by us. */
    public static byte[] encode(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
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

    static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0 && isSignedBy(certificate, certificate);
    }

    /**
     * A short name of the authority that a certificate names as its own: of its key (RFC 5280,
     * 4.2.1.1). Not proven; empty where there is none.
     */
    public static String authorityOf(X509Certificate certificate) {
        byte[] value = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        if (value == null) {
            return "";
        }
        byte[] der = ASN1OctetString.getInstance(value).getOctets();
        return shortened(AuthorityKeyIdentifier.getInstance(der).getKeyIdentifierOctets());
    }

    /** The same name of the authority itself. */
    public static String keyName(X509Certificate authority) {
        byte[] value = authority.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        byte[] der = ASN1OctetString.getInstance(value).getOctets();
        return shortened(SubjectKeyIdentifier.getInstance(der).getKeyIdentifier());
    }

    private static String shortened(byte[] keyIdentifier) {
        return HexFormat.of().formatHex(keyIdentifier, 0, KEY_NAME_LENGTH);
    }

    /** Whether the private key is the one the public key belongs to. */
    static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        try {
            Signature signature = Signature.getInstance(Keys.signatureAlgorithm(publicKey));
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
