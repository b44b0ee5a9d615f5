package io.spillway.crypto;

import java.security.cert.X509Certificate;

/**
 * A peer whose certificate {@link PeerVerifier} has accepted.
 *
 * @param siteId unsigned; 0 for a PoP
 */
public record PeerIdentity(
        String account, Role role, long siteId, String name, X509Certificate certificate) {

    /** The same machine, also where one of the two certificates is the renewal of the other. */
    public boolean isSameHolder(PeerIdentity other) {
        return isSameHolder(other.certificate);
    }

    public boolean isSameHolder(X509Certificate other) {
        return Succession.isSameHolder(certificate, other);
    }

    static PeerIdentity of(CertifiedName name, X509Certificate certificate) {
        return new PeerIdentity(
                name.account(), name.role(), name.siteId(), name.name(), certificate);
    }
}
