package io.spillway.crypto.handshake;

import java.io.IOException;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;

/** The client of one handshake, to be used once. Owned by the handshake's thread. */
final class ClientEnd extends AbstractTlsClient implements DtlsEnd {
    private final HandshakeConfig config;
    private final KeyTakeover crypto;
    private final byte[] connectionId;
    private final PeerJudgement judgement;

    ClientEnd(HandshakeConfig config, KeyTakeover crypto, byte[] connectionId) {
        super(crypto);
        this.config = config;
        this.crypto = crypto;
        this.connectionId = connectionId;
        this.judgement = new PeerJudgement(config.verifier());
    }

    @Override
    public DTLSTransport perform(DatagramTransport transport) throws IOException {
        return new DTLSClientProtocol().connect(this, transport);
    }

    /** All: nothing of epoch 0 follows the server's change_cipher_spec. */
    @Override
    public int deliverable(byte[] datagram) {
        return datagram.length;
    }

    @Override
    public SecurityParameters agreed() {
        return context.getSecurityParametersConnection();
    }

    @Override
    public PeerJudgement judgement() {
        return judgement;
    }

    @Override
    public boolean sendsLastFlight() {
        return false;
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
                judgement.judge(shown.getCertificate());
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request)
                    throws IOException {
                return Negotiation.credentials(config.identity(), crypto, context);
            }
        };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        Negotiation.forgetSession(context);
        judgement.requireJudged();
        if (agreed().getLocalCertificate() == null) {
            throw new TlsFatalAlert(
                    AlertDescription.handshake_failure,
                    "the server did not ask for our certificate");
        }
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return (int) config.firstResend().toMillis();
    }

    @Override
    public boolean requiresExtendedMasterSecret() {
        return true;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return Negotiation.VERSION.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return Negotiation.cipherSuites();
    }

    @Override
    protected Vector<Integer> getSupportedGroups(
            @SuppressWarnings("rawtypes") Vector namedGroupRoles) {
        return new Vector<>(Negotiation.GROUPS);
    }

    @Override
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return Negotiation.signatureAlgorithms();
    }

    /** None: revocation lists come from the PoP, not from certificate status responses. */
    @Override
    protected CertificateStatusRequest getCertificateStatusRequest() {
        return null;
    }

    /** RFC 9146: what the server shall put in records to us. */
    @Override
    protected byte[] getNewConnectionID() {
        return connectionId.length == 0 ? null : connectionId;
    }
}
