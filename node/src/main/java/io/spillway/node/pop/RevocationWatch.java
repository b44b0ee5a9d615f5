package io.spillway.node.pop;

import io.spillway.crypto.PeerVerifier;
import io.spillway.node.PopConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the account's revocation list on disk, in the authority's directory if this PoP has it,
 * else in its own identity's, so that {@code spillway pki revoke} works while the PoP runs.
 */
final class RevocationWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);
    private static final String FILE_NAME = "revoked.crl";
    private static final long INTERVAL_S = 2;

    private final Path file;
    private final PeerVerifier verifier;
    private final RevocationFeed feed;
    private final Runnable onChanged;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("revocations").daemon().factory());
    private FileTime seen;

    private RevocationWatch(
            Path file, PeerVerifier verifier, RevocationFeed feed, Runnable onChanged) {
        this.file = file;
        this.verifier = verifier;
        this.feed = feed;
        this.onChanged = onChanged;
    }

    /**
     * @param onChanged called on a thread of the watch
     */
    static RevocationWatch start(
            PopConfig config, PeerVerifier verifier, RevocationFeed feed, Runnable onChanged) {
        Path directory = config.authority() == null ? config.identity() : config.authority();
        RevocationWatch watch =
                new RevocationWatch(directory.resolve(FILE_NAME), verifier, feed, onChanged);
        watch.executor.scheduleWithFixedDelay(watch::look, 0, INTERVAL_S, TimeUnit.SECONDS);
        return watch;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void look() {
        try {
            if (!Files.exists(file) || Files.getLastModifiedTime(file).equals(seen)) {
                return;
            }
            seen = Files.getLastModifiedTime(file);
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            byte[] pem = Files.readAllBytes(file);
            X509CRL list = (X509CRL) x509.generateCRL(new ByteArrayInputStream(pem));
            verifier.revoke(list);
            feed.publish(list.getEncoded());
            onChanged.run();
        } catch (IOException | GeneralSecurityException e) {
            LOG.warn("{}: {}", file, e.getMessage());
        }
    }
}
