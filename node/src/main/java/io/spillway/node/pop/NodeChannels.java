package io.spillway.node.pop;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.node.channel.ChannelClient;
import io.spillway.node.channel.ChannelClientConfig;
import io.spillway.node.channel.ChannelListener;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The channels to other PoP nodes that this one opens: to those whose names are greater. */
final class NodeChannels implements AutoCloseable {
    private final List<Line> lines = new ArrayList<>();

    private NodeChannels() {}

    /**
     * Starts to connect, and returns.
     *
     * @param local this node's own address
     * @param executor of control
     */
    static NodeChannels start(
            PopSetup setup,
            InetAddress local,
            Supplier<Identity> identities,
            PeerVerifier verifier,
            ChannelThread thread,
            PopControl control,
            Executor executor) {
        NodeChannels channels = new NodeChannels();
        for (NodeAddress node : setup.nodes()) {
            if (node.isCalledBy(setup.name())) {
                var config =
                        new ChannelClientConfig(
                                node.channel(),
                                local,
                                identities,
                                verifier,
                                WireSender.NODE,
                                ChannelTiming.DEFAULT);
                Line line = new Line(control, executor);
                line.client = ChannelClient.start(thread, config, line);
                channels.lines.add(line);
            }
        }
        return channels;
    }

    @Override
    public void close() {
        lines.forEach(line -> line.client.close());
    }

    /** The channel to one node, one connection after the other. Called on the channel's thread. */
    private static final class Line implements ChannelListener {
        private final PopControl control;
        private final Executor executor;
        private ChannelClient client;
        private SiteConnection connection;

        private Line(PopControl control, Executor executor) {
            this.control = control;
            this.executor = executor;
        }

        @Override
        public void onConnected(PeerIdentity peer) {
            SiteConnection opened = new ToNode(peer, this);
            connection = opened;
            executor.execute(() -> control.onNodeConnected(opened));
        }

        @Override
        public void onFrame(Frame frame) {
            SiteConnection speaking = connection;
            executor.execute(() -> control.onFrame(speaking, frame));
        }

        @Override
        public void onDisconnected(String reason) {
            SiteConnection closed = connection;
            executor.execute(() -> control.onClosed(closed));
        }
    }

    private record ToNode(PeerIdentity peer, Line line) implements SiteConnection {
        @Override
        public boolean send(Frame frame) {
            return line.connection == this && line.client.send(frame);
        }

        @Override
        public boolean hasRoom() {
            return line.connection == this && line.client.hasRoom();
        }

        @Override
        public void close(String reason) {
            line.client.reconnect(reason);
        }
    }
}
