package io.spillway.crypto;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** A line of an {@link Authority}'s book. */
public record IssuedCertificate(
        CertifiedName name, X509Certificate certificate, boolean isRevoked) {

    public BigInteger serial() {
        return certificate.getSerialNumber();
    }

    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }
}
