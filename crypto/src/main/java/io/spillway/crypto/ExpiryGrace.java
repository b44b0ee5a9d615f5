package io.spillway.crypto;

import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * Whether a certificate still counts after its end. Everything else about it has been checked, but
 * for revocation, which is checked afterwards whatever the answer. Called by any thread.
 */
@FunctionalInterface
public interface ExpiryGrace {
    ExpiryGrace NONE = (name, expired, now) -> false;

    /**
     * @param name of the peer, as its certificate has it
     * @param expired the peer's certificate or its authority's
     * @param now by the verifier's clock
     */
    boolean covers(CertifiedName name, X509Certificate expired, Instant now);
}
