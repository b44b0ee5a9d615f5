package io.spillway.node.channel;

import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.net.InetSocketAddress;

/**
 * @param local address and port to listen on; port 0: any
 * @param verifier of the PoP's account; narrowed to sites and PoPs here
 * @param enroller answers sites that have no certificate yet
 * @param connectionsMax in all, those in their handshake among them; more are closed at once
 */
public record ChannelServerConfig(
        InetSocketAddress local,
        Identity identity,
        PeerVerifier verifier,
        Enroller enroller,
        int connectionsMax,
        ChannelTiming timing) {
    public static final int CONNECTIONS_MAX = 4096;
}
