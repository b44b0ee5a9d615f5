package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The certificate that a web server shows, which any authority may have issued, and its key. */
public final class ServerCertificate {
    private static final String ALIAS = "server";

    /** The key store never leaves memory. */
    private static final char[] PASSWORD = {'-'};

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final Optional<String> warning;

    private ServerCertificate(
            List<X509Certificate> chain, PrivateKey key, Optional<String> warning) {
        this.chain = chain;
        this.key = key;
        this.warning = warning;
    }

    /**
     * @param certificate PEM, the server's own first
     * @param key PKCS#8, PEM
     * @throws IOException naming the file and what is wrong with it
     */
    public static ServerCertificate read(Path certificate, Path key) throws IOException {
        List<X509Certificate> chain = IdentityFiles.readCertificates(certificate);
        return new ServerCertificate(
                chain, readKey(key, chain.getFirst()), IdentityFiles.warnIfExposed(key));
    }

    /** That others can read the key; empty: they cannot. */
    public Optional<String> warning() {
        return warning;
    }

    /** TLS that shows this certificate and asks for none. */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD);
            store.setKeyEntry(ALIAS, key, PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private static PrivateKey readKey(Path file, X509Certificate certificate) throws IOException {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        byte[] pkcs8 = IdentityFiles.readPkcs8(file);
        try {
            PrivateKey key =
                    KeyFactory.getInstance(algorithm)
                            .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (!Certificates.match(key, certificate.getPublicKey())) {
                throw new IdentityException(file, "not the key of the certificate");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IdentityException(file, "not a private " + algorithm + " key in PKCS#8", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }
}
