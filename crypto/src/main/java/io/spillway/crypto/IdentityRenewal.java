package io.spillway.crypto;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/**
 * A new key and certificate in the place of those in use. Whenever the power goes, the next start
 * finds a key and its certificate: writing the certificate decides.
 *
 * <pre>
 *   1  key.next.pem      is made, mode 0600, and a request for it
 *   2  certificate.pem   is replaced whole by the new one   <- from here on the new one counts
 *   3  key.pem           becomes key.previous.pem
 *   4  key.next.pem      becomes key.pem
 * </pre>
 *
 * <p>The previous key is kept until {@link #forgetPrevious}, for what was sealed with it. Every
 * method blocks; one thread at a time.
 */
public final class IdentityRenewal {
    private IdentityRenewal() {}

    /**
     * A signing request for the next key, which is made unless it was already.
     *
     * @return DER (PKCS#10)
     */
    public static byte[] request(Path directory, String commonName) throws IOException {
        Path file = directory.resolve(IdentityFiles.NEXT_KEY);
        try {
            KeyPair pair = Files.exists(file) ? readPair(file) : makePair(file);
            return Pem.decode(Pem.CERTIFICATE_REQUEST, SigningRequest.encode(pair, commonName));
        } catch (GeneralSecurityException e) {
            throw new IdentityException(file, "no signing request can be made with this key", e);
        }
    }

    private static KeyPair makePair(Path file) throws IOException, GeneralSecurityException {
        KeyPair pair = Keys.generate();
        String pem = Pem.encode(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded());
        IdentityFiles.write(file, IdentityFiles.SECRET_MODE, pem);
        return pair;
    }

    /** Nobody has a certificate for a key that cannot be read: another one does as well. */
    private static KeyPair readPair(Path file) throws IOException, GeneralSecurityException {
        try {
            PrivateKey key = IdentityFiles.readKey(file);
            return new KeyPair(Keys.publicKey(key), key);
        } catch (IdentityException _) {
            return makePair(file);
        }
    }

    /**
     * Puts the certificate issued for the next key in force.
     *
     * @param der of the certificate
     * @return the identity from now on
     * @throws IdentityException when it is not one for us; nothing has changed then
     */
    public static Identity install(Path directory, Identity old, byte[] der) throws IOException {
        Path file = directory.resolve(IdentityFiles.CERTIFICATE);
        try {
            X509Certificate issued = Certificates.decode(der);
            PrivateKey next = IdentityFiles.readKey(directory.resolve(IdentityFiles.NEXT_KEY));
            require(file, Certificates.match(next, issued.getPublicKey()), "is not of our new key");
            require(
                    file,
                    Trust.read(directory).signerOf(issued) != null,
                    "was not issued by an authority of ours");
            String uri = CertifiedName.of(issued).uri();
            require(file, uri.equals(old.name().uri()), "is of " + uri);
            String pem = Pem.encode(Pem.CERTIFICATE, issued.getEncoded());
            IdentityFiles.write(file, IdentityFiles.PUBLIC_MODE, pem);
        } catch (CertificateException e) {
            throw new IdentityException(file, "will not be written: " + e.getMessage(), e);
        }
        finish(directory);
        return Identity.read(directory);
    }

    /** Ends what a power cut left undone, if the certificate is the next key's already. */
    static void finishIfBegun(Path directory, X509Certificate certificate)
            throws IdentityException {
        Path keyFile = directory.resolve(IdentityFiles.KEY);
        Path nextFile = directory.resolve(IdentityFiles.NEXT_KEY);
        boolean isWhole =
                Files.notExists(nextFile)
                        || Files.exists(keyFile)
                                && Certificates.match(
                                        IdentityFiles.readKey(keyFile), certificate.getPublicKey());
        if (isWhole) {
            return;
        }
        if (Certificates.match(IdentityFiles.readKey(nextFile), certificate.getPublicKey())) {
            try {
                finish(directory);
            } catch (IOException e) {
                throw new IdentityException(nextFile, "renewal cannot be ended: " + e, e);
            }
        }
    }

    /** Nothing is sealed with the previous key any more. */
    public static void forgetPrevious(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(IdentityFiles.PREVIOUS_KEY));
    }

    private static void finish(Path directory) throws IOException {
        Path key = directory.resolve(IdentityFiles.KEY);
        if (Files.exists(key)) {
            move(key, directory.resolve(IdentityFiles.PREVIOUS_KEY));
        }
        move(directory.resolve(IdentityFiles.NEXT_KEY), key);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void require(Path file, boolean holds, String otherwise)
            throws IdentityException {
        if (!holds) {
            throw new IdentityException(file, "will not be written: the new one " + otherwise);
        }
    }
}
