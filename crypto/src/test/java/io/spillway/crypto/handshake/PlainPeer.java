package io.spillway.crypto.handshake;

import io.spillway.crypto.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Bouncy Castle as it is: its own record layer carries data too. What it accepts from us, and we
 * from it, is not our own opinion.
 */
final class PlainPeer implements DatagramTransport {
    /** What it offers and shows. */
    record Manners(Identity identity, int[] suites, byte[] connectionId, boolean authenticates) {}

    final CompletableFuture<DTLSTransport> association = new CompletableFuture<>();
    private final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final Consumer<byte[]> network;

    private PlainPeer(Consumer<byte[]> network) {
        this.network = network;
    }

    static PlainPeer connect(Manners manners, Consumer<byte[]> network) {
        PlainPeer peer = new PlainPeer(network);
        Client client = new Client(manners);
        return peer.run(() -> new DTLSClientProtocol().connect(client, peer));
    }

    static PlainPeer accept(Manners manners, Consumer<byte[]> network) {
        PlainPeer peer = new PlainPeer(network);
        Server server = new Server(manners);
        return peer.run(() -> new DTLSServerProtocol().accept(server, peer));
    }

    void onDatagram(byte[] datagram) {
        received.add(datagram);
    }

    DTLSTransport established() throws Exception {
        return association.get(20, TimeUnit.SECONDS);
    }

    void sendText(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        established().send(bytes, 0, bytes.length);
    }

    String receiveText() throws Exception {
        byte[] bytes = new byte[established().getReceiveLimit()];
        int length = established().receive(bytes, 0, bytes.length, 10_000);
        return length < 0 ? "nothing" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private interface Handshaking {
        DTLSTransport perform() throws IOException;
    }

    private PlainPeer run(Handshaking handshaking) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                association.complete(handshaking.perform());
                            } catch (IOException e) {
                                association.completeExceptionally(e);
                            }
                        });
        return this;
    }

    @Override
    public int getReceiveLimit() {
        return 2048;
    }

    @Override
    public int getSendLimit() {
        return 1200;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        try {
            byte[] datagram = received.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (datagram == null) {
                return -1;
            }
            System.arraycopy(datagram, 0, buffer, offset, datagram.length);
            return datagram.length;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
        network.accept(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    @Override
    public void close() {}

    private static final class Client extends DefaultTlsClient {
        private final Manners manners;

        Client(Manners manners) {
            super(new BcTlsCrypto(new SecureRandom()));
            this.manners = manners;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return manners.suites();
        }

        @Override
        protected byte[] getNewConnectionID() {
            return manners.connectionId();
        }

        @Override
        public int getHandshakeResendTimeMillis() {
            return 100;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate shown) {}

                @Override
                public TlsCredentials getClientCredentials(CertificateRequest request)
                        throws IOException {
                    return manners.authenticates()
                            ? Negotiation.credentials(
                                    manners.identity(), (BcTlsCrypto) getCrypto(), context)
                            : null;
                }
            };
        }
    }

    private static final class Server extends DefaultTlsServer {
        private final Manners manners;

        Server(Manners manners) {
            super(new BcTlsCrypto(new SecureRandom()));
            this.manners = manners;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return manners.suites();
        }

        @Override
        protected byte[] getNewConnectionID() {
            return manners.connectionId();
        }

        @Override
        public int getHandshakeResendTimeMillis() {
            return 100;
        }

        @Override
        protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
            return Negotiation.credentials(manners.identity(), (BcTlsCrypto) getCrypto(), context);
        }

        @Override
        public CertificateRequest getCertificateRequest() {
            short[] types = {ClientCertificateType.ecdsa_sign};
            Vector<?> algorithms = Negotiation.signatureAlgorithms();
            return manners.authenticates() ? new CertificateRequest(types, algorithms, null) : null;
        }

        @Override
        public void notifyClientCertificate(Certificate shown) {}
    }
}
