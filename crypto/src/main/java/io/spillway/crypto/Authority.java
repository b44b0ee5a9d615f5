package io.spillway.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An account's own certificate authority. The directory has the first one, and below it those that
 * took its place ({@link AuthorityRollover}); its bundle says which one issues.
 *
 * <pre>
 *   DIRECTORY/key.pem                mode 0600: whoever has it can be anybody in the account
 *   DIRECTORY/authority.pem          the bundle of all, {@link Trust}
 *   DIRECTORY/revoked.crl
 *   DIRECTORY/issued/SERIAL.pem      one file per certificate issued
 *   DIRECTORY/2/                     the same of the next one, its own certificate alone
 * </pre>
 *
 * <p>Thread safe within one process. Everything is on disk before a method returns.
 */
public final class Authority {
    public static final Duration SITE_LIFETIME = Duration.ofDays(90);
    public static final Duration POP_LIFETIME = Duration.ofDays(365);

    private static final String ISSUED = "issued";
    private static final String ACCOUNT_PATH = "/authority";

    private final Path directory;
    private final String account;
    private final X509Certificate certificate;
    private final CertificateSigner signer;
    private X509CRL revocations;

    private Authority(
            Path directory,
            String account,
            X509Certificate certificate,
            CertificateSigner signer,
            X509CRL revocations) {
        this.directory = directory;
        this.account = account;
        this.certificate = certificate;
        this.signer = signer;
        this.revocations = revocations;
    }

    /**
     * Makes an authority with a new key and an empty revocation list.
     *
     * @throws IdentityException when the directory already holds one
     */
    public static Authority init(Path directory, String account, InstantSource clock)
            throws IOException {
        CertifiedName.requireLabel("account", account);
        Path keyFile = directory.resolve(IdentityFiles.KEY);
        if (Files.exists(keyFile)) {
            throw new IdentityException(keyFile, "exists already, will not be overwritten");
        }
        IdentityFiles.createDirectory(directory.resolve(ISSUED));
        try {
            KeyPair pair = Keys.generate();
            X509Certificate own =
                    CertificateSigner.selfSign(
                            pair, account, CertifiedName.SCHEME + account + ACCOUNT_PATH, clock);
            CertificateSigner signer = new CertificateSigner(own, pair.getPrivate(), clock);
            write(directory.resolve(IdentityFiles.AUTHORITY), Pem.CERTIFICATE, own.getEncoded());
            X509CRL empty = signer.revoke(Optional.empty(), List.of());
            write(directory.resolve(IdentityFiles.REVOKED), Pem.CRL, empty.getEncoded());
            String key = Pem.encode(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded());
            IdentityFiles.write(keyFile, IdentityFiles.SECRET_MODE, key);
            return new Authority(directory, account, own, signer, empty);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(directory, "authority cannot be made", e);
        }
    }

    /**
     * The one that issues.
     *
     * @throws IdentityException naming the file and what is wrong with it
     */
    public static Authority load(Path root, InstantSource clock) throws IOException {
        return all(root, clock).getFirst();
    }

    /** The one that issues first, then those before it and the one that is to follow. */
    public static List<Authority> all(Path root, InstantSource clock) throws IOException {
        List<X509Certificate> bundle =
                IdentityFiles.readCertificates(root.resolve(IdentityFiles.AUTHORITY));
        List<Authority> all = new ArrayList<>();
        for (Path directory : AuthorityFiles.directories(root)) {
            Authority authority = in(directory, clock);
            if (bundle.contains(authority.certificate)) {
                all.add(authority);
            }
        }
        all.sort(Comparator.comparing(authority -> bundle.indexOf(authority.certificate)));
        return all;
    }

    private static Authority in(Path directory, InstantSource clock) throws IOException {
        Path certificateFile = directory.resolve(IdentityFiles.AUTHORITY);
        Path keyFile = directory.resolve(IdentityFiles.KEY);
        Path crlFile = directory.resolve(IdentityFiles.REVOKED);
        List<X509Certificate> certificates = IdentityFiles.readCertificates(certificateFile);
        PrivateKey key = IdentityFiles.readKey(keyFile);
        X509Certificate own =
                certificates.stream()
                        .filter(Certificates::isSelfSigned)
                        .filter(each -> Certificates.match(key, each.getPublicKey()))
                        .findFirst()
                        .orElseThrow(() -> notItsKey(keyFile, certificateFile));
        List<X509CRL> lists = IdentityFiles.readCrls(crlFile);
        if (lists.isEmpty()) {
            throw new IdentityException(crlFile, "no such file");
        }
        CertificateSigner signer = new CertificateSigner(own, key, clock);
        String account = accountOf(certificateFile, own);
        return new Authority(directory, account, own, signer, lists.getFirst());
    }

    private static IdentityException notItsKey(Path keyFile, Path certificateFile) {
        return new IdentityException(keyFile, "is not the key of " + certificateFile);
    }

    public String account() {
        return account;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Whether both certificates are of authorities of one account. */
    static boolean isOfSameAccount(X509Certificate first, X509Certificate second) {
        try {
            Path nowhere = Path.of(IdentityFiles.AUTHORITY);
            return accountOf(nowhere, first).equals(accountOf(nowhere, second));
        } catch (IdentityException _) {
            return false;
        }
    }

    /** A certificate of the other one's key. */
    X509Certificate linkTo(Authority other) throws IdentityException {
        try {
            String uri = CertifiedName.SCHEME + account + ACCOUNT_PATH;
            return signer.link(other.certificate, uri);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(directory, "cannot sign another authority's key", e);
        }
    }

    /** PEM text, for {@link Identity#install}: this one's own alone. */
    public String certificatePem() throws IOException {
        return AuthorityFiles.pem(List.of(certificate));
    }

    /** PEM text, for {@link Identity#install}. */
    public String revocationsPem() throws IOException {
        return IdentityFiles.read(directory.resolve(IdentityFiles.REVOKED));
    }

    public synchronized X509CRL revocations() {
        return revocations;
    }

    /**
     * Issues a certificate for the request's key. The name is the caller's decision alone: nothing
     * the request says about itself is taken over.
     *
     * @param request PEM text
     * @return PEM text of the certificate
     * @throws GeneralSecurityException when the request is malformed or its key unacceptable
     */
    public String issue(String request, CertifiedName name)
            throws GeneralSecurityException, IOException {
        return issue(request, name, name.role() == Role.SITE ? SITE_LIFETIME : POP_LIFETIME);
    }

    /** The same with a lifetime of the caller's choice. */
    public String issue(String request, CertifiedName name, Duration lifetime)
            throws GeneralSecurityException, IOException {
        return issue(SigningRequest.verifiedKey(request), name, lifetime, null);
    }

    /**
     * Issues the next certificate of a site, for a new key. Who the holder is was proven by the old
     * key.
     *
     * @param request DER (PKCS#10)
     * @return DER of the certificate
     * @throws GeneralSecurityException when the request is malformed, its key unacceptable or the
     *     old one, or the old certificate is revoked
     */
    public byte[] renew(byte[] request, PeerIdentity holder)
            throws GeneralSecurityException, IOException {
        X509Certificate old = holder.certificate();
        if (revocations().isRevoked(old)) {
            throw new GeneralSecurityException("its certificate is revoked");
        }
        PublicKey key = SigningRequest.verifiedKey(Pem.encode(Pem.CERTIFICATE_REQUEST, request));
        if (key.equals(old.getPublicKey())) {
            throw new GeneralSecurityException("signing request with the old key, expected a new");
        }
        CertifiedName name = CertifiedName.of(old);
        String pem = issue(key, name, SITE_LIFETIME, old.getPublicKey());
        return Pem.decode(Pem.CERTIFICATE, pem);
    }

    private String issue(PublicKey key, CertifiedName name, Duration lifetime, PublicKey older)
            throws GeneralSecurityException, IOException {
        if (!name.account().equals(account)) {
            throw new IllegalArgumentException(name + ", but this authority is " + account + "'s");
        }
        X509Certificate issued = signer.issue(key, name, lifetime, older);
        Path file =
                directory
                        .resolve(ISSUED)
                        .resolve(Certificates.serial(issued.getSerialNumber()) + ".pem");
        return write(file, Pem.CERTIFICATE, issued.getEncoded());
    }

    /** Whether it is this one's signature. */
    public boolean hasIssued(X509Certificate issued) {
        return Certificates.isSignedBy(issued, certificate);
    }

    /** Everything issued so far, oldest first. */
    public List<IssuedCertificate> issued() throws IOException {
        X509CRL list = revocations();
        List<IssuedCertificate> book = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.resolve(ISSUED), "*.pem")) {
            for (Path file : files) {
                X509Certificate entry = IdentityFiles.readCertificate(file);
                book.add(new IssuedCertificate(nameIn(file, entry), entry, list.isRevoked(entry)));
            }
        }
        book.sort(Comparator.comparing(entry -> entry.certificate().getNotBefore()));
        return book;
    }

    /**
     * Revokes every certificate the predicate names.
     *
     * @return those that were not revoked before
     */
    public synchronized List<IssuedCertificate> revoke(Predicate<IssuedCertificate> which)
            throws IOException {
        List<IssuedCertificate> revoked =
                issued().stream().filter(entry -> !entry.isRevoked()).filter(which).toList();
        if (revoked.isEmpty()) {
            return revoked;
        }
        revokeNumbers(revoked.stream().map(IssuedCertificate::serial).toList());
        return revoked;
    }

    /** No certificate of the older authority counts any more. */
    synchronized void withdraw(Authority older) throws IOException {
        revokeNumbers(List.of(older.certificate.getSerialNumber()));
    }

    private void revokeNumbers(List<BigInteger> serials) throws IOException {
        Path file = directory.resolve(IdentityFiles.REVOKED);
        try {
            X509CRL list = signer.revoke(Optional.of(revocations), serials);
            write(file, Pem.CRL, list.getEncoded());
            revocations = list;
        } catch (GeneralSecurityException e) {
            throw new IdentityException(file, "revocation list cannot be signed", e);
        }
    }

    private static String write(Path file, String type, byte[] der) throws IOException {
        String pem = Pem.encode(type, der);
        IdentityFiles.write(file, IdentityFiles.PUBLIC_MODE, pem);
        return pem;
    }

    private static String accountOf(Path file, X509Certificate own) throws IdentityException {
        try {
            for (String uri : CertifiedName.uris(own)) {
                if (uri.endsWith(ACCOUNT_PATH)) {
                    return uri.substring(
                            CertifiedName.SCHEME.length(), uri.length() - ACCOUNT_PATH.length());
                }
            }
        } catch (PeerRefusedException e) {
            throw new IdentityException(file, e.getMessage(), e);
        }
        throw new IdentityException(file, "is not the certificate of a Spillway authority");
    }

    private static CertifiedName nameIn(Path file, X509Certificate entry) throws IdentityException {
        try {
            return CertifiedName.of(entry);
        } catch (PeerRefusedException e) {
            throw new IdentityException(file, e.getMessage(), e);
        }
    }
}
