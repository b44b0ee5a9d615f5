package io.spillway.crypto;

import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * Whether a certificate counts outside its dates. Its signature and its name have been checked;
 * revocation is checked afterwards, whatever the answer. Called by any thread.
 */
@FunctionalInterface
public interface Leniency {
    Leniency NONE = (name, ended, now) -> false;

    /**
     * After its end.
     *
     * @param name of the peer, as its certificate has it
     * @param ended the peer's certificate or its authority's
     * @param now by the verifier's clock
     */
    boolean coversEnd(CertifiedName name, X509Certificate ended, Instant now);

    /**
     * Before its start: it may be the verifier's clock that is wrong, for the authority does not
     * sign what starts in the future.
     */
    default boolean coversStart(X509Certificate early) {
        return false;
    }
}
