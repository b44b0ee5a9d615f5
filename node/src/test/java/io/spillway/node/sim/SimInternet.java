package io.spillway.node.sim;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.header.Ipv4Header;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A node's own kernel and, behind it, servers of the Internet: each sends back what it gets. What a
 * site sends by its PoP arrives at the PoP's, else at its own.
 */
public final class SimInternet {
    private final SimPort port = new SimPort("internet");
    private int answered;

    SimInternet() {
        port.attach(this::onPacket);
    }

    SimPort port() {
        return port;
    }

    /** Packets that came to the servers by this node. */
    public int answered() {
        return answered;
    }

    private void onPacket(byte[] packet) {
        answered++;
        UnsafeBuffer buffer = new UnsafeBuffer(packet);
        int source = Ipv4Header.source(buffer, 0);
        buffer.putInt(Ipv4Header.SOURCE_OFFSET, Ipv4Header.destination(buffer, 0), BIG_ENDIAN);
        buffer.putInt(Ipv4Header.DESTINATION_OFFSET, source, BIG_ENDIAN);
        port.offer(packet); // the checksums do not notice
    }
}
