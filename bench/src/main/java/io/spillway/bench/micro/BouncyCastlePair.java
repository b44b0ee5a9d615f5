package io.spillway.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The record ciphers of two Bouncy Castle peers after a handshake in memory: AES-128-GCM of TLS
 * 1.2, which DTLS 1.2 seals by the same code.
 */
final class BouncyCastlePair {
    private static final byte[] NAME = "peer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PRE_SHARED_KEY = new byte[16];
    private static final int SUITE = CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256;

    private final CapturingCrypto clientCrypto = new CapturingCrypto();
    private final CapturingCrypto serverCrypto = new CapturingCrypto();

    BouncyCastlePair() throws IOException {
        TlsClientProtocol client = new TlsClientProtocol();
        TlsServerProtocol server = new TlsServerProtocol();
        server.accept(new Server(serverCrypto));
        client.connect(new Client(clientCrypto));
        while (carry(client, server) || carry(server, client)) {
            // until both have said all
        }
    }

    /** Seals what {@link #opening()} opens. */
    TlsCipher sealing() {
        return clientCrypto.cipher;
    }

    TlsCipher opening() {
        return serverCrypto.cipher;
    }

    private static boolean carry(TlsProtocol from, TlsProtocol to) throws IOException {
        byte[] bytes = new byte[from.getAvailableOutputBytes()];
        from.readOutput(bytes, 0, bytes.length);
        to.offerInput(bytes);
        return bytes.length > 0;
    }

    private static final class CapturingCrypto extends BcTlsCrypto {
        private TlsCipher cipher;

        CapturingCrypto() {
            super(new SecureRandom());
        }

        @Override
        public TlsCipher createCipher(
                TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
                throws IOException {
            cipher = super.createCipher(parameters, encryptionAlgorithm, macAlgorithm);
            return cipher;
        }
    }

    private static final class Client extends PSKTlsClient {
        Client(BcTlsCrypto crypto) {
            super(crypto, new BasicTlsPSKIdentity(NAME, PRE_SHARED_KEY));
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {SUITE};
        }
    }

    private static final class Server extends PSKTlsServer {
        Server(BcTlsCrypto crypto) {
            super(crypto, new OneIdentity());
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {SUITE};
        }
    }

    private static final class OneIdentity implements TlsPSKIdentityManager {
        @Override
        public byte[] getHint() {
            return null;
        }

        @Override
        public byte[] getPSK(byte[] identity) {
            return PRE_SHARED_KEY.clone();
        }
    }
}
