package io.spillway.node.enrol;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Enrol;
import io.spillway.control.wire.EnrolReply;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireException;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerRefusedException;
import io.spillway.node.channel.ChainTrust;
import io.spillway.node.channel.EndpointText;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A newcomer's side of enrolment: blocking, once, on the caller's thread. */
public final class Join {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int REPLY_LENGTH_MAX = WireCodec.FRAME_LENGTH_MAX;

    private final JoinToken token;
    private final Path identity;
    private final InstantSource clock;
    private final PopTrust trust;

    private Join(JoinToken token, Path identity, InstantSource clock) {
        this.token = token;
        this.identity = identity;
        this.clock = clock;
        this.trust = new PopTrust(token, clock);
    }

    /**
     * Makes a key in the identity directory unless it has one, gets the certificate for it, and
     * puts it there. The token is used up; on failure before that nothing but the key is new.
     *
     * @return who this machine is from now on
     * @throws IOException telling an operator why not
     */
    public static CertifiedName run(JoinToken token, Path identity, InstantSource clock)
            throws IOException {
        return new Join(token, identity, clock).run();
    }

    private CertifiedName run() throws IOException {
        refuseOtherSite();
        String csr = Identity.request(identity, "site-" + siteText());
        EnrolReply reply = exchange(PemText.decode(PemText.CERTIFICATE_REQUEST, csr));
        if (!reply.getError().isEmpty()) {
            throw new EnrolException(popText() + " refused: " + reply.getError());
        }
        requireOurs(reply);
        Identity.install(
                identity,
                PemText.encode(PemText.CERTIFICATE, reply.getCertificate().toByteArray()),
                PemText.encode(PemText.CERTIFICATE, reply.getAuthority().toByteArray()),
                reply.getCrl().isEmpty()
                        ? null
                        : PemText.encode(PemText.CRL, reply.getCrl().toByteArray()));
        return Identity.load(identity, clock).name();
    }

    private void refuseOtherSite() throws IOException {
        Path file = identity.resolve("certificate.pem");
        if (Files.notExists(file)) {
            return;
        }
        try {
            CertifiedName present = CertifiedName.of(Certificates.decode(Files.readAllBytes(file)));
            if (present.siteId() != token.siteId()) {
                throw new EnrolException(
                        identity
                                + ": this is "
                                + present
                                + " already, and the token is for site "
                                + siteText());
            }
        } catch (CertificateException e) {
            throw new EnrolException(file + ": " + e.getMessage(), e);
        }
    }

    private EnrolReply exchange(byte[] csr) throws IOException {
        try (Socket tcp = new Socket()) {
            tcp.connect(token.pop(), (int) TIMEOUT.toMillis());
            tcp.setSoTimeout((int) TIMEOUT.toMillis());
            try (SSLSocket tls = secure(tcp)) {
                tls.startHandshake();
                tls.getOutputStream().write(request(csr));
                return reply(new DataInputStream(tls.getInputStream()));
            }
        } catch (SocketTimeoutException e) {
            throw new EnrolException(popText() + " does not answer", e);
        } catch (EnrolException e) {
            throw e;
        } catch (IOException e) {
            throw new EnrolException(popText() + ": " + reason(e), e);
        }
    }

    private SSLSocket secure(Socket tcp) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new ChainTrust(trust)}, null);
            String host = token.pop().getAddress().getHostAddress();
            SSLSocket tls =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(tcp, host, token.pop().getPort(), true);
            tls.setEnabledProtocols(new String[] {"TLSv1.3"});
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLSv1.3", e);
        }
    }

    private byte[] request(byte[] csr) throws IOException {
        Enrol.Builder enrol =
                Enrol.newBuilder()
                        .setToken(new WireToken(token.siteId(), token.secret()).text())
                        .setCsr(ByteString.copyFrom(csr));
        Frame frame = Frame.newBuilder().setEnrol(enrol).build();
        ByteString.Output bytes = ByteString.newOutput();
        frame.writeDelimitedTo(bytes); // the same varint length prefix as Netty's
        return bytes.toByteString().toByteArray();
    }

    private EnrolReply reply(DataInputStream in) throws IOException {
        try {
            byte[] bytes = new byte[length(in)];
            in.readFully(bytes);
            Frame frame = WireCodec.decode(bytes, WireSender.POP);
            if (frame.hasWelcome()) {
                throw new EnrolException(popText() + " refused: " + frame.getWelcome().getDetail());
            }
            if (!frame.hasEnrolReply()) {
                throw new EnrolException(popText() + " answered with " + frame.getBodyCase());
            }
            return frame.getEnrolReply();
        } catch (WireException e) {
            throw new EnrolException(popText() + ": malformed answer: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new EnrolException(popText() + " closed the connection without an answer", e);
        }
    }

    private int length(DataInputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            int octet = in.readUnsignedByte();
            length |= (octet & 0x7F) << shift;
            if (octet < 0x80) {
                break;
            }
        }
        if (length <= 0 || length > REPLY_LENGTH_MAX) {
            throw new EnrolException(popText() + ": malformed answer: not a frame's length");
        }
        return length;
    }

    private void requireOurs(EnrolReply reply) throws IOException {
        try {
            byte[] authority = reply.getAuthority().toByteArray();
            if (!Certificates.decode(authority).equals(trust.authority())) {
                throw new EnrolException(popText() + " sent another authority than the token's");
            }
            CertifiedName name =
                    CertifiedName.of(Certificates.decode(reply.getCertificate().toByteArray()));
            if (name.siteId() != token.siteId()) {
                throw new EnrolException(
                        popText() + " sent a certificate of " + name + ", not of " + siteText());
            }
        } catch (CertificateException e) {
            throw new EnrolException(popText() + ": " + e.getMessage(), e);
        }
    }

    private static String reason(IOException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof PeerRefusedException) {
                return cause.getMessage();
            }
        }
        return failed.getMessage();
    }

    private String popText() {
        return "PoP " + EndpointText.of(token.pop());
    }

    private String siteText() {
        return Long.toUnsignedString(token.siteId());
    }
}
