package io.spillway.node.site;

import io.spillway.control.punch.HolePunch;
import io.spillway.control.punch.StunMessage;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.dataplane.forward.RelayEndpoint;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/**
 * Says something to another site inside a tunnel: a frame that a datagram holds, on the relay link,
 * as a Data indication of STUN. It may be lost. Owned by control.
 */
final class Neighbours {
    private final SiteTunnels tunnels;
    private final SitePunching.LinkSender sender;
    private final RandomGenerator random;

    /**
     * @param random unknown to others
     */
    Neighbours(SiteTunnels tunnels, SitePunching.LinkSender sender, RandomGenerator random) {
        this.tunnels = tunnels;
        this.sender = sender;
        this.random = random;
    }

    /** To a site to which there is a direct tunnel. */
    void send(long siteId, Frame frame) {
        send(RelayEndpoint.of(siteId, siteId), frame);
    }

    /**
     * To a site, perhaps by way of a third, which can read it.
     *
     * @param way as {@link SiteTunnels#wayOfWords} has it
     */
    void send(InetSocketAddress way, Frame frame) {
        byte[] transactionId = new byte[StunMessage.TRANSACTION_ID_LENGTH];
        random.nextBytes(transactionId);
        sender.send(
                tunnels.relayLink(),
                way,
                StunMessage.indication(transactionId, WireCodec.encode(frame)),
                HolePunch.ALL_THE_WAY);
    }
}
