package io.spillway.node.site;

import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over the account's revocation lists that the PoP sends, if they are newer and genuine. */
final class SiteRevocations {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRevocations.class);

    private final Identity identity;
    private final PeerVerifier verifier;

    SiteRevocations(Identity identity, PeerVerifier verifier) {
        this.identity = identity;
        this.verifier = verifier;
    }

    /** Blocks on the disk. True when the list is newer than the one in force so far. */
    boolean accept(byte[] der) {
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            X509CRL list = (X509CRL) x509.generateCRL(new ByteArrayInputStream(der));
            if (!verifier.revoke(list)) {
                return false;
            }
            identity.saveRevocations(list);
            LOG.info("revocation list of {} taken over", list.getThisUpdate().toInstant());
            return true;
        } catch (GeneralSecurityException | IOException e) {
            LOG.warn("revocation list refused: {}", e.getMessage());
            return false;
        }
    }
}
