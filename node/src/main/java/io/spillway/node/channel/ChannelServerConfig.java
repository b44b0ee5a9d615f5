package io.spillway.node.channel;

import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Supplier;

/**
 * @param local address and port to listen on; port 0: any
 * @param identities the one shown, asked for at each connection: it may be renewed
 * @param verifier of the PoP's account; narrowed to sites and PoPs here
 * @param nodes names of the other PoP nodes, which may connect too
 * @param enroller answers sites that have no certificate yet
 * @param connectionsMax in all, those in their handshake among them; more are closed at once
 */
public record ChannelServerConfig(
        InetSocketAddress local,
        Supplier<Identity> identities,
        PeerVerifier verifier,
        Set<String> nodes,
        Enroller enroller,
        int connectionsMax,
        ChannelTiming timing) {
    public static final int CONNECTIONS_MAX = 4096;

    /** With an identity that stays. */
    public ChannelServerConfig(
            InetSocketAddress local,
            Identity identity,
            PeerVerifier verifier,
            Set<String> nodes,
            Enroller enroller,
            int connectionsMax,
            ChannelTiming timing) {
        this(local, () -> identity, verifier, nodes, enroller, connectionsMax, timing);
    }

    Identity identity() {
        return identities.get();
    }
}
