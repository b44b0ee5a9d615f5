package io.spillway.crypto.handshake;

import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.SessionKeys;

/**
 * What a finished handshake yields. The connection IDs are empty where none was negotiated; the two
 * directions are independent (RFC 9146, 3).
 *
 * @param keys traffic keys of epoch 1; the receiver closes them
 * @param localConnectionId what the peer puts in records to us
 * @param remoteConnectionId what we put in records to the peer
 * @param sentLastFlight then no data may be sent before a record of the peer was authenticated
 */
public record HandshakeResult(
        SessionKeys keys,
        byte[] localConnectionId,
        byte[] remoteConnectionId,
        boolean sentLastFlight,
        PeerIdentity peer) {}
