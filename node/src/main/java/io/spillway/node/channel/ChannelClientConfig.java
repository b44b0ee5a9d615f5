package io.spillway.node.channel;

import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * @param remote the PoP's address and channel port
 * @param local address to connect from; null: the kernel's choice
 * @param identities the one shown, asked for at each attempt: it may be renewed
 * @param verifier of the account; narrowed to PoPs here
 * @param farSide POP for a site, NODE for another PoP node: what the PoP may say to us
 */
public record ChannelClientConfig(
        InetSocketAddress remote,
        InetAddress local,
        Supplier<Identity> identities,
        PeerVerifier verifier,
        WireSender farSide,
        ChannelTiming timing) {}
