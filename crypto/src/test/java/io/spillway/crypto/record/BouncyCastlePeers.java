package io.spillway.crypto.record;

import io.spillway.crypto.RecordSuite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsImplUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Two Bouncy Castle peers after a handshake in memory, with the key block of their epoch 1. By
 * pre-shared key: the suites differ from ours in the handshake only, not in their records.
 */
final class BouncyCastlePeers {
    static final int WAIT_MS = 5_000;

    private static final byte[] PSK = "a key that is shared".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "peer".getBytes(StandardCharsets.US_ASCII);

    final DTLSTransport client;
    final DTLSTransport server;

    /** The way to the client, and out of it. */
    final Wire toClient = new Wire();

    final Wire toServer = new Wire();
    final byte[] keyBlock;

    private BouncyCastlePeers(RecordSuite suite, byte[] clientId, byte[] serverId)
            throws Exception {
        CapturingCrypto crypto = new CapturingCrypto(suite);
        CompletableFuture<DTLSTransport> accepted = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> accept(suite, serverId, accepted));
        DatagramTransport transport = new WireTransport(toClient, toServer);
        client = new DTLSClientProtocol().connect(client(crypto, suite, clientId), transport);
        server = accepted.get(WAIT_MS, TimeUnit.MILLISECONDS);
        keyBlock = crypto.keyBlock;
    }

    /**
     * @param clientId the connection ID that the client chooses, for records to it; null for none
     */
    static BouncyCastlePeers connect(RecordSuite suite, byte[] clientId, byte[] serverId)
            throws Exception {
        return new BouncyCastlePeers(suite, clientId, serverId);
    }

    private void accept(
            RecordSuite suite, byte[] serverId, CompletableFuture<DTLSTransport> accepted) {
        try {
            DatagramTransport transport = new WireTransport(toServer, toClient);
            PSKTlsServer tlsServer = server(new BcTlsCrypto(new SecureRandom()), suite, serverId);
            accepted.complete(new DTLSServerProtocol().accept(tlsServer, transport));
        } catch (IOException e) {
            accepted.completeExceptionally(e);
        }
    }

    private static PSKTlsClient client(BcTlsCrypto crypto, RecordSuite suite, byte[] id) {
        return new PSKTlsClient(crypto, new BasicTlsPSKIdentity(NAME, PSK)) {
            @Override
            protected ProtocolVersion[] getSupportedVersions() {
                return ProtocolVersion.DTLSv12.only();
            }

            @Override
            protected int[] getSupportedCipherSuites() {
                return new int[] {pskSuite(suite)};
            }

            @Override
            protected byte[] getNewConnectionID() {
                return id;
            }
        };
    }

    private static PSKTlsServer server(BcTlsCrypto crypto, RecordSuite suite, byte[] id) {
        return new PSKTlsServer(crypto, new OneIdentity()) {
            @Override
            protected ProtocolVersion[] getSupportedVersions() {
                return ProtocolVersion.DTLSv12.only();
            }

            @Override
            protected int[] getSupportedCipherSuites() {
                return new int[] {pskSuite(suite)};
            }

            @Override
            protected byte[] getNewConnectionID() {
                return id;
            }
        };
    }

    private static int pskSuite(RecordSuite suite) {
        return switch (suite) {
            case AES_128_GCM -> CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256;
            case AES_256_GCM -> CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384;
            case CHACHA20_POLY1305 -> CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256;
        };
    }

    private static final class OneIdentity implements TlsPSKIdentityManager {
        @Override
        public byte[] getHint() {
            return null;
        }

        @Override
        public byte[] getPSK(byte[] identity) {
            return PSK.clone();
        }
    }

    /** Sees the key block when the client makes its cipher. */
    private static final class CapturingCrypto extends BcTlsCrypto {
        private final RecordSuite suite;
        private byte[] keyBlock;

        CapturingCrypto(RecordSuite suite) {
            super(new SecureRandom());
            this.suite = suite;
        }

        @Override
        public TlsCipher createCipher(
                TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
                throws IOException {
            int length = 2 * suite.keyLength() + 2 * suite.saltLength();
            keyBlock = TlsImplUtils.calculateKeyBlock(parameters, length);
            return super.createCipher(parameters, encryptionAlgorithm, macAlgorithm);
        }
    }

    /** Datagrams in one direction. */
    static final class Wire {
        private final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();

        void send(byte[] datagram) {
            datagrams.add(datagram);
        }

        byte[] receive(int waitMs) throws InterruptedIOException {
            try {
                return datagrams.poll(waitMs, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }

        void clear() {
            datagrams.clear();
        }
    }

    private record WireTransport(Wire in, Wire out) implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 1500;
        }

        @Override
        public int getSendLimit() {
            return 1500;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMs) throws IOException {
            byte[] datagram = in.receive(waitMs == 0 ? WAIT_MS : waitMs);
            if (datagram == null) {
                return -1;
            }
            System.arraycopy(datagram, 0, buffer, offset, datagram.length);
            return datagram.length;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            out.send(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        @Override
        public void close() {}
    }
}
