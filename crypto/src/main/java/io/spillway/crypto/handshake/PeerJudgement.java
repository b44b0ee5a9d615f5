package io.spillway.crypto.handshake;

import io.spillway.crypto.Certificates;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerRefusedException;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Refusal;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCertificate;

/** Judges the peer's certificate within one handshake, and remembers the outcome. */
final class PeerJudgement {
    private final PeerVerifier verifier;
    private PeerIdentity peer;
    private PeerRefusedException refusal;

    PeerJudgement(PeerVerifier verifier) {
        this.verifier = verifier;
    }

    /** The accepted peer; null before it showed a certificate, and when it was refused. */
    PeerIdentity peer() {
        return peer;
    }

    /** Why the peer was refused; null when it was not. */
    PeerRefusedException refusal() {
        return refusal;
    }

    /**
     * @throws TlsFatalAlert telling the peer, when it is refused
     */
    void judge(Certificate shown) throws IOException {
        try {
            peer = verifier.verify(decode(shown));
        } catch (PeerRefusedException e) {
            refusal = e;
            throw new TlsFatalAlert(alertFor(e.refusal()), e);
        }
    }

    /** Nothing may be concluded from a handshake in which no certificate was judged. */
    void requireJudged() throws IOException {
        if (peer == null) {
            judge(Certificate.EMPTY_CHAIN);
        }
    }

    private static X509Certificate[] decode(Certificate shown)
            throws PeerRefusedException, IOException {
        TlsCertificate[] list = shown.getCertificateList();
        X509Certificate[] chain = new X509Certificate[list.length];
        for (int i = 0; i < list.length; i++) {
            try {
                chain[i] = Certificates.decode(list[i].getEncoded());
            } catch (CertificateException e) {
                throw new PeerRefusedException(Refusal.NO_CERTIFICATE, e.getMessage());
            }
        }
        return chain;
    }

    // RFC 5246, 7.2.2; 7.4.6 for a client without a certificate.
    private static short alertFor(Refusal refusal) {
        return switch (refusal) {
            case NO_CERTIFICATE -> AlertDescription.handshake_failure;
            case UNKNOWN_AUTHORITY -> AlertDescription.unknown_ca;
            case FOREIGN_ACCOUNT, WRONG_ROLE -> AlertDescription.access_denied;
            case NOT_YET_VALID, EXPIRED -> AlertDescription.certificate_expired;
            case REVOKED -> AlertDescription.certificate_revoked;
            case NO_IDENTITY -> AlertDescription.bad_certificate;
        };
    }
}
