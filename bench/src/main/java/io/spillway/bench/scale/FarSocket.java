package io.spillway.bench.scale;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;

/** One link of a far site: its socket, and the tunnels that end there. Owned by the network. */
final class FarSocket {
    private final DatagramChannel channel;
    private final Map<InetSocketAddress, FarTunnel> tunnels = new HashMap<>();

    FarSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    DatagramChannel channel() {
        return channel;
    }

    /** On the network's thread. */
    void add(FarTunnel tunnel) {
        tunnels.put(tunnel.remote(), tunnel);
    }

    void onDatagram(InetSocketAddress from, ByteBuffer datagram, long nowNs) {
        FarTunnel tunnel = tunnels.get(from);
        if (tunnel != null) {
            tunnel.onDatagram(datagram, nowNs);
        }
    }

    void poll(long nowNs) {
        tunnels.values().forEach(tunnel -> tunnel.poll(nowNs));
    }

    /** Any thread. What the kernel has no room for is lost, as on any network. */
    void send(InetSocketAddress to, ByteBuffer datagram) {
        try {
            channel.send(datagram, to);
        } catch (IOException e) {
            // Nobody is there at the moment.
        }
    }
}
