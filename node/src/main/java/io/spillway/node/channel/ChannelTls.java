package io.spillway.node.channel;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/** TLS 1.3 of both ends, for Netty. */
final class ChannelTls {
    private static final String VERSION = "TLSv1.3";
    private static final char[] NO_PASSWORD = {}; // the key store never leaves memory

    private ChannelTls() {}

    static SslContext client(Identity identity, PeerVerifier pops) {
        return context(identity.tlsContext(pops), true, ClientAuth.NONE);
    }

    /**
     * Takes any certificate in the handshake, which proves that the client has its key, and also
     * none. {@link SiteLine} judges it before the first frame is read: TLS could tell a refused
     * client only a number, and a newcomer has no certificate. The authority's certificate is shown
     * too, for newcomers who know but its fingerprint.
     */
    static SslContext server(Identity identity) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            Certificate[] chain = {identity.certificate(), identity.authority()};
            store.setKeyEntry("spillway", identity.key(), NO_PASSWORD, chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance(VERSION);
            TrustManager judgedLater = new ChainTrust(chainShown -> {});
            context.init(keys.getKeyManagers(), new TrustManager[] {judgedLater}, null);
            return context(context, false, ClientAuth.OPTIONAL);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK has no " + VERSION, e);
        }
    }

    /** The far side's chain, empty when it showed none. */
    static X509Certificate[] peerChain(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return Arrays.copyOf(chain, chain.length, X509Certificate[].class);
        } catch (SSLPeerUnverifiedException e) {
            return new X509Certificate[0];
        }
    }

    private static SslContext context(SSLContext context, boolean isClient, ClientAuth auth) {
        return new JdkSslContext(
                context,
                isClient,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                null,
                auth,
                new String[] {VERSION},
                false);
    }
}
