package io.spillway.crypto.handshake;

/**
 * One attempt to establish an association with one peer. It ends with exactly one call of {@link
 * Listener#onComplete} or {@link Listener#onFailed}, unless it is closed first.
 *
 * <p>After completion the side that sent the last flight goes on answering retransmissions of the
 * peer, which may have missed that flight; pass it the peer's handshake datagrams, and records
 * below the first sequence number of our own, until it {@link #close closes} or its time is over. A
 * datagram given to a handshake that has ended is ignored.
 */
public interface Handshake {
    /**
     * Hands over a datagram from the peer and gives it away. Any thread; never blocks. The queue is
     * bounded: when it is full the oldest datagram is dropped, as a network would.
     */
    void onDatagram(byte[] datagram);

    /**
     * Ends it now, silently. Any thread; again is harmless. No call to the listener begins after
     * this returns, except on the handshake's own thread when it was under way. Also the right call
     * as soon as a record of the peer was authenticated: the last flight has then arrived.
     */
    void close();

    /** Called on the handshake's own thread. Must not block for long. */
    interface Listener {
        /** A datagram for the peer. The array belongs to the listener from here on. */
        void send(byte[] datagram);

        /** The peer is who it claims to be, and the keys are the listener's to close. */
        void onComplete(HandshakeResult result);

        /**
         * @param reason for people; the first word, up to the colon, is one of {@code TIMEOUT},
         *     {@code ALERT} (the peer refused), {@code PROTOCOL}, or a {@link
         *     io.spillway.crypto.Refusal} (we refused)
         */
        void onFailed(String reason);
    }
}
