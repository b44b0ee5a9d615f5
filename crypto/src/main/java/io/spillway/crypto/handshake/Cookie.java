package io.spillway.crypto.handshake;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.TlsCrypto;

/**
 * The stateless cookie exchange (RFC 6347, 4.2.1): a ClientHello without a cookie is answered with
 * one, a MAC over the sender's endpoint and what it asked for, and forgotten. Only a sender that
 * received the answer can repeat its ClientHello with it. The answer is shorter than the question,
 * so that nobody can use us to multiply traffic.
 *
 * <p>The secret changes every {@link #SECRET_LIFETIME}; the one before it stays good for as long.
 * Thread safe.
 */
final class Cookie {
    static final Duration SECRET_LIFETIME = Duration.ofSeconds(60);

    private static final DatagramSender NOWHERE =
            new DatagramSender() {
                @Override
                public int getSendLimit() {
                    return HELLO_VERIFY_LENGTH_MAX;
                }

                @Override
                public void send(byte[] buffer, int offset, int length) {}
            };

    private static final int HELLO_VERIFY_LENGTH_MAX = 100;

    private final TlsCrypto crypto;
    private final LongSupplier nanoTime;
    private DTLSVerifier current;
    private DTLSVerifier previous;
    private long rotationDeadlineNs;

    Cookie(TlsCrypto crypto, LongSupplier nanoTime) {
        this.crypto = crypto;
        this.nanoTime = nanoTime;
        this.current = new DTLSVerifier(crypto);
        this.previous = current;
        this.rotationDeadlineNs = nanoTime.getAsLong() + SECRET_LIFETIME.toNanos();
    }

    /**
     * @return the request when its cookie is good; null otherwise, and then a new cookie was sent
     *     if the datagram was a ClientHello at all
     */
    synchronized DTLSRequest verify(
            byte[] datagram, InetSocketAddress remote, DatagramSender answer) {
        rotateIfDue();
        byte[] client = bytesOf(remote);
        DTLSRequest request =
                previous == current ? null : verify(previous, client, datagram, NOWHERE);
        return request != null ? request : verify(current, client, datagram, answer);
    }

    private static DTLSRequest verify(
            DTLSVerifier verifier, byte[] client, byte[] datagram, DatagramSender answer) {
        try {
            return verifier.verifyRequest(client, datagram, 0, datagram.length, answer);
        } catch (IllegalArgumentException e) {
            return null; // Bouncy Castle on a reserved version number in the ClientHello
        }
    }

    private void rotateIfDue() {
        long nowNs = nanoTime.getAsLong();
        long overdueNs = nowNs - rotationDeadlineNs;
        if (overdueNs < 0) {
            return;
        }
        previous = current;
        current = new DTLSVerifier(crypto);
        if (overdueNs >= SECRET_LIFETIME.toNanos()) {
            previous = current; // nobody asked for a whole lifetime: the old secret is too old
        }
        rotationDeadlineNs = nowNs + SECRET_LIFETIME.toNanos();
    }

    private static byte[] bytesOf(InetSocketAddress remote) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(remote.getAddress().getAddress());
        bytes.write(remote.getPort() >> Byte.SIZE);
        bytes.write(remote.getPort());
        return bytes.toByteArray();
    }
}
