package io.spillway.crypto.handshake;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsCredentials;

/** The server of one handshake, to be used once. Owned by the handshake's thread. */
final class ServerEnd extends AbstractTlsServer implements DtlsEnd {
    private static final int NO_GROUP = -1; // then the suite cannot be selected

    private final HandshakeConfig config;
    private final KeyTakeover crypto;
    private final byte[] connectionId;
    private final DTLSRequest request;
    private final PeerJudgement judgement;
    private final ChangeCipherSpecGate gate = new ChangeCipherSpecGate();

    /**
     * @param request the ClientHello with a good cookie
     */
    ServerEnd(
            HandshakeConfig config, KeyTakeover crypto, byte[] connectionId, DTLSRequest request) {
        super(crypto);
        this.config = config;
        this.crypto = crypto;
        this.connectionId = connectionId;
        this.request = request;
        this.judgement = new PeerJudgement(config.verifier());
    }

    @Override
    public DTLSTransport perform(DatagramTransport transport) throws IOException {
        return new DTLSServerProtocol().accept(this, transport, request);
    }

    @Override
    public int deliverable(byte[] datagram) {
        return gate.deliverable(datagram);
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
        return true;
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        return Negotiation.credentials(config.identity(), crypto, context);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        // RFC 8422, 5.5: ecdsa_sign stands for EdDSA keys too.
        return new CertificateRequest(
                new short[] {ClientCertificateType.ecdsa_sign},
                Negotiation.signatureAlgorithms(),
                null);
    }

    @Override
    public void notifyClientCertificate(Certificate shown) throws IOException {
        judgement.judge(shown);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        Negotiation.forgetSession(context);
        judgement.requireJudged();
    }

    /** Declines max_fragment_length: our own records would not follow it. */
    @Override
    public void processClientExtensions(@SuppressWarnings("rawtypes") Hashtable extensions)
            throws IOException {
        super.processClientExtensions(extensions);
        maxFragmentLengthOffered = -1;
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
    protected boolean preferLocalCipherSuites() {
        return true;
    }

    @Override
    protected boolean allowCertificateStatus() {
        return false;
    }

    /** Bouncy Castle would take the first group the client names, whichever it is. */
    @Override
    protected int selectECDH(int minimumCurveBits) {
        int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
        if (offered == null) {
            return NamedGroup.secp256r1; // RFC 8422, 4: the server is free to choose
        }
        for (int group : Negotiation.GROUPS) {
            for (int candidate : offered) {
                if (candidate == group) {
                    return group;
                }
            }
        }
        return NO_GROUP;
    }

    /** RFC 9146: what the client shall put in records to us, if it speaks the extension. */
    @Override
    protected byte[] getNewConnectionID() {
        return connectionId.length == 0 ? null : connectionId;
    }
}
