package io.spillway.crypto;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The JDK's TLS, showing one {@link Identity} and trusting what a {@link PeerVerifier} accepts. */
final class ChannelTls {
    private static final String VERSION = "TLSv1.3";

    private ChannelTls() {}

    static SSLContext context(Identity identity, PeerVerifier verifier) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(
                    new KeyManager[] {new OneKey(identity)},
                    new TrustManager[] {new VerifiedPeers(verifier)},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + VERSION, e);
        }
    }

    static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    /** Offers the same key to everybody who asks, whatever authorities they list. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "spillway";

        private final Identity identity;

        OneKey(Identity identity) {
            this.identity = identity;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseEngineServerAlias(
                String keyType, Principal[] issuers, SSLEngine engine) {
            return aliasFor(keyType);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return aliasFor(keyType);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {identity.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }

        private String aliasFor(String keyType) {
            return keyType.equals(identity.key().getAlgorithm()) ? ALIAS : null;
        }
    }

    private static final class VerifiedPeers extends X509ExtendedTrustManager {
        private final PeerVerifier verifier;

        VerifiedPeers(PeerVerifier verifier) {
            this.verifier = verifier;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            verifier.verify(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            verifier.verify(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            verifier.verify(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            verifier.verify(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            verifier.verify(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            verifier.verify(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return verifier.trust().authorities().toArray(X509Certificate[]::new);
        }
    }
}
