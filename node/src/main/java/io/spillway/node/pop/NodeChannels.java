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
import io.spillway.node.channel.ChannelWay;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The channels to other PoP nodes that this one opens: to those whose names are greater. */
final class NodeChannels implements AutoCloseable {
    private final List<ChannelClient> clients = new ArrayList<>();

    private NodeChannels() {}

    /**
     * Starts to connect, and returns.
     *
     * @param local this node's own address
     * @param executor of control, which runs already
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
                                () -> List.of(ChannelWay.from(local)),
                                identities,
                                verifier,
                                WireSender.NODE,
                                ChannelTiming.DEFAULT);
                Line line = new Line(control, executor);
                channels.clients.add(
                        CompletableFuture.supplyAsync(() -> line.open(thread, config), executor)
                                .join());
            }
        }
        return channels;
    }

    @Override
    public void close() {
        clients.forEach(ChannelClient::close);
    }

    /** The channel to one node, one connection after the other. Owned by control. */
    private static final class Line implements ChannelListener {
        private final PopControl control;
        private final Executor executor;
        private ChannelClient client;
        private SiteConnection connection;

        private Line(PopControl control, Executor executor) {
            this.control = control;
            this.executor = executor;
        }

        /** On control's thread, so that it has the client before the channel says anything. */
        private ChannelClient open(ChannelThread thread, ChannelClientConfig config) {
            client = ChannelClient.start(thread, config, this);
            return client;
        }

        @Override
        public void onConnected(PeerIdentity peer) {
            executor.execute(
                    () -> {
                        connection = new ToNode(peer, this);
                        control.onNodeConnected(connection);
                    });
        }

        @Override
        public void onFrame(Frame frame) {
            executor.execute(() -> control.onFrame(connection, frame));
        }

        @Override
        public void onDisconnected(String reason) {
            executor.execute(
                    () -> {
                        control.onClosed(connection);
                        connection = null;
                    });
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
