package io.spillway.node.channel;

import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * @param remote the PoP's address and channel port
 * @param ways asked for at each attempt, at least one: the first, and after each failure the next
 * @param identities the one shown, asked for at each attempt: it may be renewed
 * @param verifier of the account; narrowed to PoPs here
 * @param farSide POP for a site, NODE for another PoP node: what the PoP may say to us
 */
public record ChannelClientConfig(
        InetSocketAddress remote,
        Supplier<List<ChannelWay>> ways,
        Supplier<Identity> identities,
        PeerVerifier verifier,
        WireSender farSide,
        ChannelTiming timing) {}
