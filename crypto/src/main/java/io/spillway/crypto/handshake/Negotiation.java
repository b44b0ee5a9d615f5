package io.spillway.crypto.handshake;

import io.spillway.crypto.Identity;
import io.spillway.crypto.RecordSuite;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** What client and server alike offer and accept (DESIGN §4). Nothing else is negotiable. */
final class Negotiation {
    static final ProtocolVersion VERSION = ProtocolVersion.DTLSv12;

    /** In order of preference; the server's preference counts. */
    static final List<Integer> GROUPS = List.of(NamedGroup.x25519, NamedGroup.secp256r1);

    private static final SignatureAndHashAlgorithm ECDSA_SHA256 =
            SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

    private Negotiation() {}

    static int[] cipherSuites() {
        RecordSuite[] suites = RecordSuite.values();
        int[] codes = new int[suites.length];
        for (int i = 0; i < suites.length; i++) {
            codes[i] = suites[i].code();
        }
        return codes;
    }

    static Vector<SignatureAndHashAlgorithm> signatureAlgorithms() {
        return new Vector<>(List.of(ECDSA_SHA256, SignatureAndHashAlgorithm.ed25519));
    }

    /** Signs with the identity's key and shows its certificate, without the authority's. */
    static TlsCredentialedSigner credentials(
            Identity identity, BcTlsCrypto crypto, TlsContext context) throws IOException {
        try {
            TlsCertificate own = crypto.createCertificate(identity.certificate().getEncoded());
            return new BcDefaultTlsCredentialedSigner(
                    new TlsCryptoParameters(context),
                    crypto,
                    PrivateKeyFactory.createKey(identity.key().getEncoded()),
                    new Certificate(new TlsCertificate[] {own}),
                    ECDSA_SHA256);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }

    /** Sessions are never resumed, so the copy of the master secret kept for that is destroyed. */
    static void forgetSession(TlsContext context) {
        SessionParameters parameters = context.getSession().exportSessionParameters();
        if (parameters != null) {
            parameters.clear(); // shares the secret with the original
        }
    }

    static byte[] connectionIdOrEmpty(byte[] connectionId) {
        return connectionId == null ? new byte[0] : connectionId;
    }
}
