package io.spillway.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One host's end of all its streams: a packet to each peer every millisecond, and a note of what
 * arrives.
 *
 * <p>Owner: its own thread, which has entered the host's namespace. Once the channels are open it
 * allocates nothing, but for the exception of a send that the host's kernel refuses (an ICMP error
 * came before); such a packet counts as sent and lost.
 *
 * <pre>
 *   payload: marker (32) | sequence (8) | sent, ns (8) | zeros to its length
 * </pre>
 */
final class UdpHost implements HostJob {
    static final long INTERVAL_NS = 1_000_000;
    static final Kind STREAM = new Kind(7000, 200);

    /** As telephones have it. */
    static final Kind VOICE = new Kind(16_000, 160);

    private static final int CATCH_UP_MAX = 100;
    private static final int RECEIVE_MAX = 256;
    private static final int SOCKET_BUFFER_LENGTH = 1 << 20;
    private static final int SEQUENCE_OFFSET = Marker.LENGTH;
    private static final int SENT_OFFSET = SEQUENCE_OFFSET + Long.BYTES;

    private final LabSite site;
    private final Marker marker;
    private final Kind kind;
    private final List<Peer> peers = new ArrayList<>();
    private final ByteBuffer output;
    private final ByteBuffer input = ByteBuffer.allocateDirect(2048);
    private volatile boolean isRunning = true;

    /**
     * What tells streams of one kind from others.
     *
     * @param portBase ports are that and a site's number
     * @param payloadLength of each packet
     */
    record Kind(int portBase, int payloadLength) {
        private static final int HEADERS_LENGTH = 28;

        /** Of the IP packet. */
        int packetLength() {
            return HEADERS_LENGTH + payloadLength;
        }
    }

    /**
     * @param logs one log per direction of the whole lab; this host uses those it is an end of
     */
    UdpHost(LabSite site, Map<Direction, StreamLog> logs, Kind kind, Marker marker) {
        this.site = site;
        this.kind = kind;
        this.marker = marker;
        output = ByteBuffer.allocateDirect(kind.payloadLength());
        for (Map.Entry<Direction, StreamLog> outbound : logs.entrySet()) {
            if (!outbound.getKey().from().equals(site)) continue;
            LabSite peer = outbound.getKey().to();
            StreamLog inbound = logs.get(new Direction(peer, site));
            peers.add(new Peer(peer, outbound.getValue(), inbound));
        }
    }

    @Override
    public String jobName() {
        return "udp-" + site.name();
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public void run() throws IOException {
        try {
            for (Peer peer : peers) {
                peer.open(site, kind.portBase());
            }
            marker.write(output);
            exchange();
        } finally {
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }

    private void exchange() {
        long dueNs = System.nanoTime();
        while (isRunning) {
            long nowNs = System.nanoTime();
            for (int i = 0; i < CATCH_UP_MAX && nowNs - dueNs >= 0; i++) {
                sendToAll(nowNs);
                dueNs += INTERVAL_NS;
            }
            for (int i = 0; i < peers.size(); i++) {
                receiveAll(peers.get(i));
            }
            LockSupport.parkNanos(dueNs - System.nanoTime());
        }
    }

    private void sendToAll(long nowNs) {
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            long sequence = peer.outbound.next();
            output.clear().putLong(SEQUENCE_OFFSET, sequence).putLong(SENT_OFFSET, nowNs);
            peer.outbound.onSent(sequence, nowNs);
            try {
                peer.channel.write(output);
            } catch (IOException e) {
                peer.refusals++;
            }
        }
    }

    private void receiveAll(Peer peer) {
        for (int i = 0; i < RECEIVE_MAX; i++) {
            try {
                input.clear();
                if (peer.channel.read(input) <= 0) return;
            } catch (IOException e) {
                peer.refusals++;
                continue;
            }
            if (input.position() == kind.payloadLength()) {
                peer.inbound.onArrived(input.getLong(SEQUENCE_OFFSET), System.nanoTime());
            }
        }
    }

    /** One peer's socket and both logs. */
    private static final class Peer {
        private final LabSite site;
        private final StreamLog outbound;
        private final StreamLog inbound;
        private DatagramChannel channel;
        private long refusals;

        Peer(LabSite site, StreamLog outbound, StreamLog inbound) {
            this.site = site;
            this.outbound = outbound;
            this.inbound = inbound;
        }

        /** Connected, so that a read needs no address object. */
        void open(LabSite own, int portBase) throws IOException {
            channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_LENGTH);
            channel.bind(new InetSocketAddress(own.hostAddress(), portBase + site.index()));
            channel.connect(new InetSocketAddress(site.hostAddress(), portBase + own.index()));
            channel.configureBlocking(false);
        }

        void close() throws IOException {
            if (channel != null) channel.close();
        }
    }
}
