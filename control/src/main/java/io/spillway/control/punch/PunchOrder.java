package io.spillway.control.punch;

import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.wire.WireAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/**
 * What the PoP tells both sites of a pair to do. The key is the caller's and not copied.
 *
 * @param id names this attempt in every probe
 * @param key of the probes' integrity, 32 bytes
 * @param tunnel as seen from here
 * @param outside where the other link is reached from outside
 * @param isFixed {@code outside} is static: nothing around it needs a probe
 * @param local the other link's own address, where both leave by one NAT; null: no such
 */
public record PunchOrder(
        long id,
        byte[] key,
        TunnelPlan.Key tunnel,
        InetSocketAddress outside,
        boolean isFixed,
        InetSocketAddress local) {

    /** {@code message} has passed its checks. */
    public static PunchOrder of(io.spillway.control.wire.PunchOrder message) {
        var tunnel =
                new TunnelPlan.Key(
                        message.getLocalLink(), message.getSiteId(), message.getRemoteLink());
        return new PunchOrder(
                message.getId(),
                message.getKey().toByteArray(),
                tunnel,
                WireAddress.endpoint(message.getOutside()),
                message.getFixed(),
                message.hasLocal() ? WireAddress.endpoint(message.getLocal()) : null);
    }

    /** The USERNAME of its probes. */
    public String username() {
        return HexFormat.of().toHexDigits(id);
    }

    @Override
    public String toString() {
        return "punch " + username() + " of " + tunnel + " towards " + outside;
    }
}
