package io.spillway.crypto.handshake;

import io.spillway.crypto.SessionKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/**
 * A DTLS 1.2 handshake by Bouncy Castle, which blocks, on a virtual thread of its own. Bouncy
 * Castle's record layer carries the handshake and its retransmissions only; the traffic keys are
 * handed out and its application data is not used.
 *
 * <pre>
 *   NEGOTIATING --Finished verified, client--------------------------------> ENDED
 *   NEGOTIATING --Finished verified, server--> LINGERING --window over-----> ENDED
 *   NEGOTIATING --refused, alert, deadline, close--------------------------> ENDED
 *                                              LINGERING --alert, close----> ENDED
 * </pre>
 */
final class DtlsHandshake implements Handshake {
    private static final int FOR_EVER = 0; // the queue has a deadline of its own

    private final HandshakeConfig config;
    private final InetSocketAddress remote;
    private final Listener listener;
    private final KeyTakeover crypto;
    private final DtlsEnd end;
    private final DatagramQueue queue;
    private final Runnable onNegotiated;
    private volatile boolean closed;

    /**
     * @param onNegotiated called once on the handshake's thread, when negotiation has ended
     */
    DtlsHandshake(
            HandshakeConfig config,
            InetSocketAddress remote,
            Listener listener,
            KeyTakeover crypto,
            DtlsEnd end,
            Runnable onNegotiated) {
        this.config = config;
        this.remote = remote;
        this.listener = listener;
        this.crypto = crypto;
        this.end = end;
        this.queue =
                new DatagramQueue(
                        listener::send,
                        end::deliverable,
                        config.datagramLengthMax(),
                        config.timeout().toNanos());
        this.onNegotiated = onNegotiated;
    }

    DtlsHandshake start() {
        Thread.ofVirtual().name("handshake " + remote).start(this::run);
        return this;
    }

    @Override
    public void onDatagram(byte[] datagram) {
        queue.offer(datagram);
    }

    @Override
    public void close() {
        closed = true;
        queue.close();
    }

    private void run() {
        try {
            DTLSTransport association = negotiate();
            if (association != null && end.sendsLastFlight()) {
                answerLostLastFlight(association);
            }
        } finally {
            queue.close();
        }
    }

    /** Returns null when the handshake failed or was closed. */
    private DTLSTransport negotiate() {
        DTLSTransport association = null;
        String failure = null;
        try {
            association = end.perform(queue);
        } catch (IOException | RuntimeException e) {
            failure = reasonOf(e);
        } finally {
            onNegotiated.run();
        }
        try (crypto) {
            if (closed) {
                return null;
            }
            if (failure != null) {
                listener.onFailed(failure);
            } else {
                listener.onComplete(result());
            }
        }
        return association;
    }

    /** Bouncy Castle's "local" is the ID it writes, which is the peer's choice. */
    private HandshakeResult result() {
        SecurityParameters agreed = end.agreed();
        SessionKeys keys = crypto.handOver();
        return new HandshakeResult(
                keys,
                Negotiation.connectionIdOrEmpty(agreed.getConnectionIDPeer()),
                Negotiation.connectionIdOrEmpty(agreed.getConnectionIDLocal()),
                end.sendsLastFlight(),
                end.judgement().peer());
    }

    /**
     * RFC 6347, 4.2.4: who sent the last flight repeats it when the peer repeats its own. Ends in
     * silence: Bouncy Castle's close would send a close_notify for an association that lives on.
     */
    private void answerLostLastFlight(DTLSTransport association) {
        queue.deadlineIn(config.retransmissionWindow().toNanos());
        byte[] ignored = new byte[DatagramQueue.DATAGRAM_LENGTH_MAX];
        try {
            while (true) {
                association.receive(ignored, 0, ignored.length, FOR_EVER);
            }
        } catch (IOException e) {
            // The window is over, or nobody waits for the last flight any more: closed, an alert.
        }
    }

    private String reasonOf(Exception e) {
        if (end.judgement().refusal() != null) {
            return end.judgement().refusal().getMessage();
        }
        return switch (e) {
            case DatagramQueue.DeadlinePassedException _ ->
                    "TIMEOUT: no handshake with " + remote + " within " + text(config.timeout());
            case TlsFatalAlertReceived alert ->
                    "ALERT: "
                            + remote
                            + " refused with "
                            + AlertDescription.getText(alert.getAlertDescription());
            default -> "PROTOCOL: " + remote + ": " + e.getMessage() + causeOf(e);
        };
    }

    private static String causeOf(Exception e) {
        return e.getCause() == null ? "" : " (" + e.getCause() + ")";
    }

    private static String text(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
