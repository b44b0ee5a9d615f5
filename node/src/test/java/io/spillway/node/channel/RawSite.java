package io.spillway.node.channel;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A TLS client that sends whatever a test likes, with a site's certificate or without any. */
final class RawSite implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final SSLSocket socket;

    RawSite(Identity site, InetSocketAddress pop) throws Exception {
        this(site.tlsContext(site.verifier(TestAccount.CLOCK)), pop);
    }

    private RawSite(SSLContext context, InetSocketAddress pop) throws IOException {
        socket =
                (SSLSocket)
                        context.getSocketFactory().createSocket(pop.getAddress(), pop.getPort());
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        socket.setSoTimeout(TIMEOUT_MS);
        socket.startHandshake();
    }

    static RawSite withoutCertificate(InetSocketAddress pop) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new ChainTrust(chain -> {})}, null);
        return new RawSite(context, pop);
    }

    void write(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(Frame frame) throws IOException {
        frame.writeDelimitedTo(socket.getOutputStream());
    }

    /** The next frame, null at the end. */
    Frame read() throws Exception {
        InputStream in = socket.getInputStream();
        Frame frame = Frame.parseDelimitedFrom(in);
        return frame == null ? null : WireCodec.decode(frame.toByteArray(), WireSender.POP);
    }

    boolean isClosedByFarSide() {
        try {
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // a reset is an end, too
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
