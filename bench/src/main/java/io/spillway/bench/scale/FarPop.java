package io.spillway.bench.scale;

import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.wire.Clock;
import io.spillway.control.wire.Directory;
import io.spillway.control.wire.EndOfState;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Welcome;
import io.spillway.crypto.Identity;
import io.spillway.node.channel.ChannelConnection;
import io.spillway.node.channel.ChannelServer;
import io.spillway.node.channel.ChannelServerConfig;
import io.spillway.node.channel.ChannelServerListener;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import io.spillway.node.channel.Enroller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The channel of a PoP that says one site of so many others; its tunnels are {@link FarTunnel}s.
 */
final class FarPop implements ChannelServerListener, AutoCloseable {
    private static final long GENERATION = 1;

    private final List<Site> sites = new ArrayList<>();
    private final int peerCount;
    private final ChannelThread thread = ChannelThread.start();
    private final ChannelServer server;

    FarPop(Identity identity, int peerCount, int linkCount) throws IOException {
        this.peerCount = peerCount;
        for (int number = 0; number < peerCount; number++) {
            List<java.net.InetSocketAddress> ends = new ArrayList<>();
            for (int link = 0; link < linkCount; link++) {
                ends.add(FarSites.end(number, link));
            }
            sites.add(FarSites.site(FarSites.id(number), FarSites.name(number), ends));
        }
        server =
                ChannelServer.open(
                        thread,
                        new ChannelServerConfig(
                                FarSites.farPop(),
                                identity,
                                FarAccount.verifier(identity),
                                Set.of(),
                                Enroller.UNAVAILABLE,
                                ChannelServerConfig.CONNECTIONS_MAX,
                                ChannelTiming.DEFAULT),
                        this);
    }

    @Override
    public void onAccepted(ChannelConnection connection) {}

    @Override
    public void onClosed(ChannelConnection connection, String reason) {}

    @Override
    public void onFrame(ChannelConnection connection, Frame frame) {
        if (frame.hasHello()) {
            Welcome.Builder welcome =
                    Welcome.newBuilder().setPopName(FarAccount.POP).setGeneration(GENERATION);
            connection.send(Frame.newBuilder().setWelcome(welcome).build());
            Clock.Builder clock = Clock.newBuilder().setTimeMs(System.currentTimeMillis());
            connection.send(Frame.newBuilder().setClock(clock).build());
            sendState(connection, frame.getHello().getRequest());
        } else if (frame.hasStateRequest()) {
            sendState(connection, frame.getStateRequest().getRequest());
        }
    }

    private void sendState(ChannelConnection connection, long request) {
        Directory.Builder directory = Directory.newBuilder().setGeneration(GENERATION);
        sites.forEach(site -> directory.addSites(SiteMessages.entry(site)));
        connection.send(Frame.newBuilder().setDirectory(directory).build());
        for (int number = 0; number < peerCount; number++) {
            connection.send(FarSites.routes(GENERATION, number));
        }
        EndOfState.Builder end =
                EndOfState.newBuilder().setGeneration(GENERATION).setRequest(request);
        connection.send(Frame.newBuilder().setEndOfState(end).build());
    }

    @Override
    public void close() {
        server.close();
        thread.close();
    }
}
