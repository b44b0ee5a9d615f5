package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reading and writing key, certificate and revocation files; every error names its file. */
final class IdentityFiles {
    static final String KEY = "key.pem";
    static final String NEXT_KEY = "key.next.pem";
    static final String PREVIOUS_KEY = "key.previous.pem";
    static final String CERTIFICATE = "certificate.pem";
    static final String AUTHORITY = "authority.pem";
    static final String REVOKED = "revoked.crl";

    static final String SECRET_MODE = "rw-------";
    static final String PUBLIC_MODE = "rw-r--r--";

    private static final String DIRECTORY_MODE = "rwx------";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private IdentityFiles() {}

    static void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(DIRECTORY_MODE)));
        }
    }

    /** Replaces the file as a whole: a crash leaves the old content or the new, never a part. */
    static void write(Path file, String mode, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.writeString(fresh, text, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static String read(Path file) throws IdentityException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IdentityException(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw new IdentityException(file, "cannot be read: permission denied", e);
        } catch (IOException e) {
            throw new IdentityException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    static PrivateKey readKey(Path file) throws IdentityException {
        byte[] pkcs8 = readPkcs8(file);
        try {
            return Keys.decodePrivate(pkcs8);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(file, "not an ECDSA private key in PKCS#8", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** The caller wipes it. */
    static byte[] readPkcs8(Path file) throws IdentityException {
        return decode(file, Pem.PRIVATE_KEY, read(file));
    }

    /** The first one in the file. */
    static X509Certificate readCertificate(Path file) throws IdentityException {
        return certificate(file, decode(file, Pem.CERTIFICATE, read(file)));
    }

    static List<X509Certificate> readCertificates(Path file) throws IdentityException {
        return certificates(file, read(file));
    }

    static List<X509Certificate> certificates(Path file, String pem) throws IdentityException {
        List<X509Certificate> all = new ArrayList<>();
        for (byte[] der : decodeAll(file, Pem.CERTIFICATE, pem)) {
            all.add(certificate(file, der));
        }
        return all;
    }

    private static X509Certificate certificate(Path file, byte[] der) throws IdentityException {
        try {
            return Certificates.decode(der);
        } catch (CertificateException e) {
            throw new IdentityException(file, "not an X.509 certificate", e);
        }
    }

    /** Empty when there is no such file: nothing has been revoked yet. */
    static List<X509CRL> readCrls(Path file) throws IdentityException {
        if (Files.notExists(file)) {
            return List.of();
        }
        try {
            List<X509CRL> all = new ArrayList<>();
            for (byte[] der : decodeAll(file, Pem.CRL, read(file))) {
                all.add(Certificates.decodeCrl(der));
            }
            return all;
        } catch (GeneralSecurityException e) {
            throw new IdentityException(file, "not a revocation list", e);
        }
    }

    /** A warning when others than the owner may touch the file. */
    static Optional<String> warnIfExposed(Path file) throws IdentityException {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            return OWNER_ONLY.containsAll(mode)
                    ? Optional.empty()
                    : Optional.of(
                            file
                                    + ": mode "
                                    + PosixFilePermissions.toString(mode)
                                    + ", expected "
                                    + SECRET_MODE
                                    + " (0600): others can use this private key");
        } catch (IOException e) {
            throw new IdentityException(file, "mode cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<byte[]> decodeAll(Path file, String type, String text)
            throws IdentityException {
        try {
            return Pem.decodeAll(type, text);
        } catch (IOException e) {
            throw new IdentityException(file, e.getMessage(), e);
        }
    }

    private static byte[] decode(Path file, String type, String text) throws IdentityException {
        try {
            return Pem.decode(type, text);
        } catch (IOException e) {
            throw new IdentityException(file, e.getMessage(), e);
        }
    }
}
