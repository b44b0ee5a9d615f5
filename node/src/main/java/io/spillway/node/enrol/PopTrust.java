package io.spillway.node.enrol;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.PeerRefusedException;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Refusal;
import io.spillway.crypto.Role;
import io.spillway.node.channel.ChainTrust;
import io.spillway.node.channel.EndpointText;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;

/**
 * A newcomer's trust: the far side must be a PoP certified by the one authority whose fingerprint
 * the token carries. Nothing is sent before that is proven.
 */
final class PopTrust implements ChainTrust.Check {
    private final JoinToken token;
    private final InstantSource clock;
    private X509Certificate authority; // set once a chain was found good

    PopTrust(JoinToken token, InstantSource clock) {
        this.token = token;
        this.clock = clock;
    }

    @Override
    public void check(X509Certificate... chain) throws PeerRefusedException {
        X509Certificate found = authorityIn(chain);
        String account = CertifiedName.of(chain[0]).account();
        PeerVerifier.of(account, found, clock).accepting(Role.POP).verify(chain);
        authority = found;
    }

    /** The account's authority, proven by the token. */
    X509Certificate authority() {
        return authority;
    }

    private X509Certificate authorityIn(X509Certificate... chain) throws PeerRefusedException {
        for (X509Certificate link : chain) {
            if (MessageDigest.isEqual(Fingerprint.of(link), token.fingerprint())) {
                return link;
            }
        }
        throw new PeerRefusedException(
                Refusal.UNKNOWN_AUTHORITY,
                EndpointText.of(token.pop())
                        + " is not certified by the authority that this token was made for");
    }
}
