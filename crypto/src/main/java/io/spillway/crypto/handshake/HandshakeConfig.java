package io.spillway.crypto.handshake;

import io.spillway.crypto.Identity;
import io.spillway.crypto.KeyLog;
import io.spillway.crypto.PeerVerifier;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What all handshakes of a factory share.
 *
 * @param identities the one shown to peers, asked for at each handshake: it may be renewed
 * @param verifier judges what peers show
 * @param timeout for the whole handshake; Bouncy Castle alone would try for ever
 * @param firstResend until a flight is sent again; doubles each time
 * @param retransmissionWindow how long a last flight is repeated on request
 * @param datagramLengthMax bytes of a datagram we send; larger messages are fragmented
 */
public record HandshakeConfig(
        Supplier<Identity> identities,
        PeerVerifier verifier,
        Duration timeout,
        Duration firstResend,
        Duration retransmissionWindow,
        int datagramLengthMax,
        KeyLog keyLog) {

    // RFC 6347, 4.2.4.1: a second, or less where time is dear. A flight that was lost while the
    // other end's mapping did not stand yet should not cost a site that second.
    private static final Duration FIRST_RESEND = Duration.ofMillis(400);

    // RFC 6347, 4.2.4: twice the default MSL of TCP.
    private static final Duration RETRANSMISSION_WINDOW = Duration.ofMinutes(4);

    // Ours. Datagrams of 1100 bytes fit a path of 1200 when they are relayed in another tunnel,
    // too.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int DATAGRAM_LENGTH_MAX = 1100;

    private static final int DATAGRAM_LENGTH_MIN = 256;

    public HandshakeConfig {
        if (datagramLengthMax < DATAGRAM_LENGTH_MIN
                || datagramLengthMax > DatagramQueue.DATAGRAM_LENGTH_MAX) {
            throw new IllegalArgumentException("datagramLengthMax " + datagramLengthMax);
        }
    }

    public static HandshakeConfig of(Identity identity, PeerVerifier verifier) {
        return of(() -> identity, verifier);
    }

    public static HandshakeConfig of(Supplier<Identity> identities, PeerVerifier verifier) {
        return new HandshakeConfig(
                identities,
                verifier,
                TIMEOUT,
                FIRST_RESEND,
                RETRANSMISSION_WINDOW,
                DATAGRAM_LENGTH_MAX,
                KeyLog.off());
    }

    /** The one for a new handshake. */
    Identity identity() {
        return identities.get();
    }

    public HandshakeConfig withKeyLog(KeyLog log) {
        return new HandshakeConfig(
                identities,
                verifier,
                timeout,
                firstResend,
                retransmissionWindow,
                datagramLengthMax,
                log);
    }

    public HandshakeConfig withVerifier(PeerVerifier other) {
        return new HandshakeConfig(
                identities,
                other,
                timeout,
                firstResend,
                retransmissionWindow,
                datagramLengthMax,
                keyLog);
    }

    public HandshakeConfig withTimers(Duration timeout, Duration firstResend, Duration window) {
        return new HandshakeConfig(
                identities, verifier, timeout, firstResend, window, datagramLengthMax, keyLog);
    }

    public HandshakeConfig withDatagramLengthMax(int length) {
        return new HandshakeConfig(
                identities, verifier, timeout, firstResend, retransmissionWindow, length, keyLog);
    }
}
