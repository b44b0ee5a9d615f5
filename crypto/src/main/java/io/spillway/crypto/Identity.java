package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Who this node is: a private key made on this machine, the certificate the account's authority
 * issued for it, and whom it trusts: the authority, or two during a roll-over, and what they have
 * revoked.
 *
 * <pre>
 *   DIRECTORY/key.pem          PKCS#8, mode 0600, never leaves the machine
 *   DIRECTORY/certificate.pem
 *   DIRECTORY/authority.pem    a bundle, {@link Trust}
 *   DIRECTORY/revoked.crl      optional; one list of each authority
 *   DIRECTORY/key.next.pem key.previous.pem    around a renewal, {@link IdentityRenewal}
 * </pre>
 *
 * <p>Immutable, thread safe. {@link #request} and {@link #install} make one, {@link #load} reads
 * it.
 */
public final class Identity {
    private final Path directory;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final X509Certificate authority;
    private final Trust trust;
    private final CertifiedName name;
    private final List<String> warnings;

    private Identity(
            Path directory,
            PrivateKey key,
            X509Certificate certificate,
            X509Certificate authority,
            Trust trust,
            CertifiedName name,
            List<String> warnings) {
        this.directory = directory;
        this.key = key;
        this.certificate = certificate;
        this.authority = authority;
        this.trust = trust;
        this.name = name;
        this.warnings = warnings;
    }

    /**
     * Makes the directory and its key unless they exist, and a signing request for that key.
     *
     * @param commonName a readable hint for the authority, which alone decides the name
     * @return PEM text of the request (PKCS#10)
     */
    public static String request(Path directory, String commonName) throws IOException {
        CertifiedName.requireLabel("name", commonName);
        IdentityFiles.createDirectory(directory);
        Path keyFile = directory.resolve(IdentityFiles.KEY);
        try {
            if (Files.exists(keyFile)) {
                PrivateKey key = IdentityFiles.readKey(keyFile);
                return SigningRequest.encode(new KeyPair(Keys.publicKey(key), key), commonName);
            }
            KeyPair pair = Keys.generate();
            String pem = Pem.encode(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded());
            IdentityFiles.write(keyFile, IdentityFiles.SECRET_MODE, pem);
            return SigningRequest.encode(pair, commonName);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(keyFile, "no signing request can be made with this key", e);
        }
    }

    /**
     * Puts what an authority has issued beside the key, after checking that it belongs to it.
     *
     * @param authority PEM text, a bundle
     * @param revocations PEM text, or null when nothing was revoked yet
     */
    public static void install(
            Path directory, String certificate, String authority, String revocations)
            throws IOException {
        Path file = directory.resolve(IdentityFiles.CERTIFICATE);
        X509Certificate issued = decode(file, certificate);
        PrivateKey key = IdentityFiles.readKey(directory.resolve(IdentityFiles.KEY));
        requireMatch(directory, key, issued);
        Path authorityFile = directory.resolve(IdentityFiles.AUTHORITY);
        signerOf(file, issued, IdentityFiles.certificates(authorityFile, authority));
        IdentityFiles.write(authorityFile, IdentityFiles.PUBLIC_MODE, authority);
        if (revocations != null) {
            Path crlFile = directory.resolve(IdentityFiles.REVOKED);
            IdentityFiles.write(crlFile, IdentityFiles.PUBLIC_MODE, revocations);
        }
        IdentityFiles.write(file, IdentityFiles.PUBLIC_MODE, certificate);
    }

    /**
     * Reads and checks all files, dates included.
     *
     * @throws IdentityException naming the file and what is wrong with it
     */
    public static Identity load(Path directory, InstantSource clock) throws IdentityException {
        Identity identity = read(directory);
        identity.requireInForce(clock.instant(), Duration.ZERO);
        return identity;
    }

    /**
     * Reads and checks all files but for their dates: for a machine that must read its certificate
     * before it can know the time.
     *
     * @throws IdentityException naming the file and what is wrong with it
     */
    public static Identity read(Path directory) throws IdentityException {
        Path keyFile = directory.resolve(IdentityFiles.KEY);
        Path certificateFile = directory.resolve(IdentityFiles.CERTIFICATE);
        Path authorityFile = directory.resolve(IdentityFiles.AUTHORITY);
        Path crlFile = directory.resolve(IdentityFiles.REVOKED);

        X509Certificate certificate = IdentityFiles.readCertificate(certificateFile);
        IdentityRenewal.finishIfBegun(directory, certificate);
        PrivateKey key = IdentityFiles.readKey(keyFile);
        requireMatch(directory, key, certificate);
        List<X509Certificate> bundle = IdentityFiles.readCertificates(authorityFile);
        X509Certificate authority = signerOf(certificateFile, certificate, bundle);
        Trust trust = Trust.of(authorityFile, bundle, IdentityFiles.readCrls(crlFile));
        return new Identity(
                directory,
                key,
                certificate,
                authority,
                trust,
                nameOf(certificateFile, certificate),
                IdentityFiles.warnIfExposed(keyFile).stream().toList());
    }

    /**
     * Looks at the dates.
     *
     * @param grace for how long after its end a certificate still counts
     * @throws IdentityException naming the file and the clock
     */
    public void requireInForce(Instant now, Duration grace) throws IdentityException {
        requireInForce(directory.resolve(IdentityFiles.CERTIFICATE), certificate, now, grace);
        requireInForce(directory.resolve(IdentityFiles.AUTHORITY), authority, now, grace);
    }

    public CertifiedName name() {
        return name;
    }

    public PrivateKey key() {
        return key;
    }

    /** What the key was before the last renewal, while something may be sealed with it. */
    public Optional<PrivateKey> previousKey() throws IdentityException {
        Path file = directory.resolve(IdentityFiles.PREVIOUS_KEY);
        return Files.exists(file) ? Optional.of(IdentityFiles.readKey(file)) : Optional.empty();
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The one that issued the certificate. */
    public X509Certificate authority() {
        return authority;
    }

    public Trust trust() {
        return trust;
    }

    /** What is not wrong enough to refuse the identity; one line each, naming the file. */
    public List<String> warnings() {
        return warnings;
    }

    /** A verifier for peers of this identity's account, with the saved revocations in force. */
    public PeerVerifier verifier(InstantSource clock) {
        return PeerVerifier.of(name.account(), trust, clock);
    }

    /** Keeps what reached us over the network, for the next start. Blocks. */
    public void saveTrust(Trust current) throws IOException {
        current.write(directory);
    }

    /**
     * TLS with this identity for the control channel; peers are judged by the verifier. Use it with
     * {@link #tlsParameters}: a context alone cannot forbid older versions or demand certificates.
     */
    public SSLContext tlsContext(PeerVerifier verifier) {
        return ChannelTls.context(this, verifier);
    }

    /** TLS 1.3 only, and a server demands the client's certificate. */
    public static SSLParameters tlsParameters() {
        return ChannelTls.parameters();
    }

    private static void requireMatch(Path directory, PrivateKey key, X509Certificate certificate)
            throws IdentityException {
        if (!Certificates.match(key, certificate.getPublicKey())) {
            throw new IdentityException(
                    directory.resolve(IdentityFiles.KEY),
                    "is not the key of "
                            + directory.resolve(IdentityFiles.CERTIFICATE)
                            + " ("
                            + certificate.getSubjectX500Principal()
                            + ")");
        }
    }

    private static X509Certificate signerOf(
            Path file, X509Certificate certificate, List<X509Certificate> bundle)
            throws IdentityException {
        for (X509Certificate authority : bundle) {
            if (Certificates.isSelfSigned(authority)
                    && Certificates.isSignedBy(certificate, authority)) {
                return authority;
            }
        }
        throw new IdentityException(
                file,
                "was issued by "
                        + certificate.getIssuerX500Principal()
                        + ", not by the authority "
                        + bundle.getFirst().getSubjectX500Principal()
                        + " in "
                        + file.resolveSibling(IdentityFiles.AUTHORITY));
    }

    private static void requireInForce(
            Path file, X509Certificate certificate, Instant now, Duration grace)
            throws IdentityException {
        Instant notBefore = certificate.getNotBefore().toInstant();
        Instant notAfter = certificate.getNotAfter().toInstant();
        if (now.isBefore(notBefore)) {
            throw new IdentityException(
                    file, "not valid before " + notBefore + ", but the clock says " + now);
        }
        if (now.isAfter(notAfter.plus(grace))) {
            throw new IdentityException(
                    file, "expired " + notAfter + ", and the clock says " + now);
        }
    }

    private static CertifiedName nameOf(Path file, X509Certificate certificate)
            throws IdentityException {
        try {
            return CertifiedName.of(certificate);
        } catch (PeerRefusedException e) {
            throw new IdentityException(file, e.getMessage(), e);
        }
    }

    private static X509Certificate decode(Path file, String pem) throws IdentityException {
        try {
            return Certificates.decode(Pem.decode(Pem.CERTIFICATE, pem));
        } catch (GeneralSecurityException | IOException e) {
            throw new IdentityException(file, "will not be written: " + e.getMessage(), e);
        }
    }
}
