package io.spillway.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds and signs certificates and revocation lists (RFC 5280) with an authority's key. */
final class CertificateSigner {
    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

    /**
     * Certificates are valid from a little before now: the peer's clock may be behind. From less
     * than that where they live so shortly that it would be much of their life.
     */
    private static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

    private static final int CLOCK_SKEW_SHARE = 10;

    /**
     * A list is never refused for being old: a site that has lost its cloud cannot fetch a newer
     * one. The field is there because RFC 5280, 5.1.2.5 demands it.
     */
    private static final Duration LIST_LIFETIME = Duration.ofDays(3650);

    private static final int SERIAL_BITS = 120;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate authority;
    private final PrivateKey key;
    private final InstantSource clock;

    CertificateSigner(X509Certificate authority, PrivateKey key, InstantSource clock) {
        this.authority = authority;
        this.key = key;
        this.clock = clock;
    }

    static X509Certificate selfSign(KeyPair pair, String account, String uri, InstantSource clock)
            throws GeneralSecurityException {
        X500Name name = subject("Spillway authority of " + account, account);
        X509v3CertificateBuilder builder =
                builder(name, name, pair.getPublic(), clock.instant(), AUTHORITY_LIFETIME);
        return signAuthority(builder, pair.getPublic(), uri, pair.getPrivate());
    }

    /**
     * @param older the key that this one takes the place of; null: none
     */
    X509Certificate issue(
            PublicKey publicKey, CertifiedName name, Duration lifetime, PublicKey older)
            throws GeneralSecurityException {
        X509v3CertificateBuilder builder =
                builder(
                        X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                        subject(name.name(), name.account()),
                        publicKey,
                        clock.instant(),
                        lifetime);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            KeyUsage usage = new KeyUsage(KeyUsage.digitalSignature);
            builder.addExtension(Extension.keyUsage, true, usage);
            KeyPurposeId[] purposes = {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            };
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(authority.getPublicKey()));
            addNames(builder, publicKey, name.uri());
            if (older != null) {
                builder.addExtension(Succession.extension(older));
            }
            return sign(builder, key);
        } catch (IOException e) {
            throw new GeneralSecurityException("certificate cannot be built", e);
        }
    }

    /** Another authority's key, vouched for by this one (RFC 4210, 4.4). */
    X509Certificate link(X509Certificate other, String uri) throws GeneralSecurityException {
        X509v3CertificateBuilder builder =
                builder(
                        X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                        X500Name.getInstance(other.getSubjectX500Principal().getEncoded()),
                        other.getPublicKey(),
                        clock.instant(),
                        AUTHORITY_LIFETIME);
        return signAuthority(builder, other.getPublicKey(), uri, key);
    }

    private static X509Certificate signAuthority(
            X509v3CertificateBuilder builder, PublicKey publicKey, String uri, PrivateKey key)
            throws GeneralSecurityException {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            int usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            addNames(builder, publicKey, uri);
            return sign(builder, key);
        } catch (IOException e) {
            throw new GeneralSecurityException("certificate cannot be built", e);
        }
    }

    /** The previous list with more serial numbers, and the next number of its own. */
    X509CRL revoke(Optional<X509CRL> previous, Collection<BigInteger> serials)
            throws GeneralSecurityException {
        Instant now = clock.instant();
        X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
        X509v2CRLBuilder builder = new X509v2CRLBuilder(issuer, Date.from(now));
        builder.setNextUpdate(Date.from(now.plus(LIST_LIFETIME)));
        BigInteger number = BigInteger.ONE;
        try {
            if (previous.isPresent()) {
                builder.addCRL(new X509CRLHolder(previous.get().getEncoded()));
                number = Crls.number(previous.get()).add(BigInteger.ONE);
            }
            serials.forEach(
                    serial ->
                            builder.addCRLEntry(
                                    serial, Date.from(now), CRLReason.privilegeWithdrawn));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            return Certificates.decodeCrl(builder.build(signer(key)).getEncoded());
        } catch (IOException e) {
            throw new GeneralSecurityException("revocation list cannot be built", e);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration lifetime) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS),
                Date.from(now.minus(clockSkew(lifetime))),
                Date.from(now.plus(lifetime)),
                subject,
                key);
    }

    private static Duration clockSkew(Duration lifetime) {
        Duration share = lifetime.dividedBy(CLOCK_SKEW_SHARE);
        return share.compareTo(CLOCK_SKEW_MAX) < 0 ? share : CLOCK_SKEW_MAX;
    }

    private static void addNames(X509v3CertificateBuilder builder, PublicKey key, String uri)
            throws IOException, GeneralSecurityException {
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
    }

    private static X500Name subject(String commonName, String organization) {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, organization)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, IOException {
        return Certificates.decode(builder.build(signer(key)).getEncoded());
    }

    private static ContentSigner signer(PrivateKey key) throws GeneralSecurityException {
        try {
            return new JcaContentSignerBuilder(Keys.SIGNATURE_ALGORITHM).build(key);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the authority's key cannot sign", e);
        }
    }
}
