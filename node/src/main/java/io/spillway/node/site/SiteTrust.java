package io.spillway.node.site;

import com.google.protobuf.ByteString;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.PeerVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what the PoP tells of the account's authorities and their revocation lists, if it is
 * newer and genuine: a PoP can only hand on what an authority that we trust has signed. Every
 * method blocks on the disk; one thread at a time.
 */
final class SiteTrust {
    private static final Logger LOG = LoggerFactory.getLogger(SiteTrust.class);

    private final SiteIdentity identity;
    private final Runnable onRevoked;

    /**
     * @param onRevoked a newer list is in force
     */
    SiteTrust(SiteIdentity identity, Runnable onRevoked) {
        this.identity = identity;
        this.onRevoked = onRevoked;
    }

    void onRevocations(byte[] der) {
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            X509CRL list = (X509CRL) x509.generateCRL(new ByteArrayInputStream(der));
            PeerVerifier verifier = identity.verifier();
            if (verifier.revoke(list)) {
                onRevoked.run(); // also where the disk takes nothing
                identity.current().saveTrust(verifier.trust());
                LOG.info("revocation list of {} taken over", list.getThisUpdate().toInstant());
            }
        } catch (GeneralSecurityException | IOException e) {
            LOG.warn("revocation list refused: {}", e.getMessage());
        }
    }

    void onAuthorities(List<ByteString> ders) {
        try {
            List<X509Certificate> bundle = new ArrayList<>();
            for (ByteString der : ders) {
                bundle.add(Certificates.decode(der.toByteArray()));
            }
            PeerVerifier verifier = identity.verifier();
            if (verifier.extend(bundle)) {
                identity.noteVintage();
                identity.current().saveTrust(verifier.trust());
                LOG.info(
                        "authorities: {}, the first one issues",
                        verifier.trust().authorities().stream()
                                .map(Certificates::keyName)
                                .toList());
            }
        } catch (CertificateException | IOException e) {
            LOG.warn("authorities refused: {}", e.getMessage());
        }
    }
}
