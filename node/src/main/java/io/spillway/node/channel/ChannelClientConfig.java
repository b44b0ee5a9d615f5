package io.spillway.node.channel;

import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * @param remote the PoP's address and channel port
 * @param local address to connect from; null: the kernel's choice
 * @param verifier of the site's account; narrowed to PoPs here
 */
public record ChannelClientConfig(
        InetSocketAddress remote,
        InetAddress local,
        Identity identity,
        PeerVerifier verifier,
        ChannelTiming timing) {}
