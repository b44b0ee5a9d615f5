package io.spillway.crypto.handshake;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** DTLS 1.2 handshakes over real time and any network. */
public final class DtlsHandshakes implements HandshakeFactory {
    /**
     * Handshakes that negotiate at the same time as server. A cookie proves an address, and an
     * attacker may have many; about 100 kB each.
     */
    static final int ACCEPTED_MAX = 2048;

    private final HandshakeConfig config;
    private final SecureRandom random = new SecureRandom();
    private final Cookie cookie;
    private final Semaphore accepting = new Semaphore(ACCEPTED_MAX);

    public DtlsHandshakes(HandshakeConfig config) {
        this.config = config;
        this.cookie = new Cookie(new BcTlsCrypto(random), System::nanoTime);
    }

    @Override
    public Handshake connect(
            InetSocketAddress remote, byte[] localConnectionId, Handshake.Listener listener) {
        KeyTakeover crypto = new KeyTakeover(random, config.keyLog());
        ClientEnd end = new ClientEnd(config, crypto, localConnectionId.clone());
        return new DtlsHandshake(config, remote, listener, crypto, end, () -> {}).start();
    }

    @Override
    public Handshake accept(
            byte[] clientHello,
            InetSocketAddress remote,
            byte[] localConnectionId,
            Handshake.Listener listener) {
        if (!FlightGuard.admits(clientHello)) {
            return null;
        }
        DTLSRequest request = cookie.verify(clientHello, remote, answerTo(listener));
        if (request == null || !accepting.tryAcquire()) {
            return null;
        }
        KeyTakeover crypto = new KeyTakeover(random, config.keyLog());
        ServerEnd end = new ServerEnd(config, crypto, localConnectionId.clone(), request);
        return new DtlsHandshake(config, remote, listener, crypto, end, accepting::release).start();
    }

    private DatagramSender answerTo(Handshake.Listener listener) {
        return new DatagramSender() {
            @Override
            public int getSendLimit() {
                return config.datagramLengthMax();
            }

            @Override
            public void send(byte[] buffer, int offset, int length) {
                byte[] datagram = new byte[length];
                System.arraycopy(buffer, offset, datagram, 0, length);
                listener.send(datagram);
            }
        };
    }
}
