package io.spillway.crypto.handshake;

import java.net.InetSocketAddress;

/** Starts handshakes. Thread safe. */
public interface HandshakeFactory {
    /**
     * Starts a handshake as client.
     *
     * @param localConnectionId what the peer shall put in records to us; empty for none
     */
    Handshake connect(
            InetSocketAddress remote, byte[] localConnectionId, Handshake.Listener listener);

    /**
     * Starts a handshake as server, but keeps no state until a ClientHello proves by its cookie
     * that its sender receives at the address it sends from: until then the answer goes through
     * {@link Handshake.Listener#send}, on the calling thread, and the result is null.
     *
     * @param clientHello the datagram; borrowed
     * @return a handshake that has this datagram already; null before the cookie, for garbage, and
     *     when too many handshakes are under way
     */
    Handshake accept(
            byte[] clientHello,
            InetSocketAddress remote,
            byte[] localConnectionId,
            Handshake.Listener listener);
}
