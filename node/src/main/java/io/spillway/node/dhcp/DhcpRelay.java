package io.spillway.node.dhcp;

import io.spillway.dataplane.header.DhcpHeader;
import io.spillway.node.dhcp.DhcpCounters.Count;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a relay does with one message (RFC 1542 section 4.1, RFC 2131): a client's gets the
 * gateway's address, by which the server knows the network, and goes to the server; the server's
 * goes to the client, unchanged. No sockets: bytes in, a destination out.
 */
final class DhcpRelay {
    /** RFC 1542 section 4.1.1. */
    private static final int HOPS_MAX = 4;

    private static final int LIMITED_BROADCAST = -1;

    private final DhcpNetwork network;
    private final DhcpCounters counters;
    private final int gateway;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    DhcpRelay(DhcpNetwork network, DhcpCounters counters) {
        this.network = network;
        this.counters = counters;
        gateway = ByteBuffer.wrap(network.gateway().getAddress()).getInt();
    }

    /**
     * Where the message goes; null: nowhere, and it was counted why.
     *
     * @param message changed in place
     */
    InetSocketAddress take(byte[] message, Inet4Address sender) {
        view.wrap(message);
        if (!DhcpHeader.isValid(view, 0, message.length)) {
            return refuse(Count.MALFORMED);
        }
        return DhcpHeader.operation(view, 0) == DhcpHeader.REQUEST
                ? takeRequest()
                : takeReply(sender);
    }

    private InetSocketAddress takeRequest() {
        int hops = DhcpHeader.hops(view, 0);
        if (hops >= HOPS_MAX) {
            return refuse(Count.TOO_FAR);
        }
        DhcpHeader.hops(view, 0, hops + 1);
        if (DhcpHeader.relayAddress(view, 0) == 0) {
            DhcpHeader.relayAddress(view, 0, gateway);
        }
        counters.increment(Count.REQUEST);
        return new InetSocketAddress(network.server(), DhcpHeader.SERVER_PORT);
    }

    private InetSocketAddress takeReply(Inet4Address sender) {
        if (!network.isOfServer(sender) || DhcpHeader.relayAddress(view, 0) != gateway) {
            return refuse(Count.FOREIGN);
        }
        counters.increment(Count.REPLY);
        return new InetSocketAddress(inet(client()), DhcpHeader.CLIENT_PORT);
    }

    /** Who is told no has no address, and whose server forgot to say so is told all the same. */
    private int client() {
        int given = DhcpHeader.yourAddress(view, 0);
        int known = given == 0 ? DhcpHeader.clientAddress(view, 0) : given;
        return known == 0 || DhcpHeader.wantsBroadcast(view, 0) ? LIMITED_BROADCAST : known;
    }

    private InetSocketAddress refuse(Count why) {
        counters.increment(why);
        return null;
    }

    private static InetAddress inet(int address) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(address).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for another length
        }
    }
}
