package io.spillway.node.channel;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Refusal;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerRefusedException;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.RenewalWindow;
import io.spillway.crypto.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PoP's end of all channels. State is owned by the channel's thread; the public methods may be
 * called by any other.
 */
public final class ChannelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelServer.class);
    private static final int BACKLOG = 128;

    private static final String STOPPING = "the PoP stops";

    private final ChannelServerConfig config;
    private final ChannelServerListener listener;
    private final PeerVerifier peers;
    private final PeerVerifier sites;
    private final PeerVerifier lapsedSites;
    private Identity shown; // by tls
    private SslContext tls;
    private final LogLimit refusals = new LogLimit();
    private final Set<SiteLine> lines = new HashSet<>();
    private final Map<Holder, ChannelConnection> connections = new HashMap<>();
    private Channel listening;

    private ChannelServer(ChannelServerConfig config, ChannelServerListener listener) {
        this.config = config;
        this.listener = listener;
        this.peers = config.verifier().accepting(Role.SITE, Role.POP);
        this.sites = config.verifier().accepting(Role.SITE);
        this.lapsedSites = sites.with(ChannelServer::mayRenew);
        this.shown = config.identity();
        this.tls = ChannelTls.server(shown);
    }

    /**
     * Listens. A port left in TIME_WAIT by a killed PoP is taken over.
     *
     * @throws IOException naming the endpoint and what is wrong with it
     */
    public static ChannelServer open(
            ChannelThread thread, ChannelServerConfig config, ChannelServerListener listener)
            throws IOException {
        ChannelServer server = new ChannelServer(config, listener);
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(thread.loop())
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(server.new Arrivals())
                        .bind(config.local())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "channel port "
                            + EndpointText.of(config.local())
                            + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        server.listening = bound.channel();
        return server;
    }

    public InetSocketAddress local() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Stops listening and ends all connections; their listener is told. Not for a listener. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        listening.eventLoop().submit(this::closeLines).awaitUninterruptibly();
    }

    /**
     * A site, or one of the other PoP nodes.
     *
     * @throws PeerRefusedException as for a PoP where a site was expected, if it is none of them
     */
    PeerIdentity verify(X509Certificate... chain) throws PeerRefusedException {
        PeerIdentity peer = peers.verify(chain);
        boolean isExpected = peer.role() == Role.SITE || config.nodes().contains(peer.name());
        return isExpected ? peer : sites.verify(chain);
    }

    PeerVerifier sites() {
        return sites;
    }

    /** Accepts also those whose certificates have ended of late: for renewal. */
    PeerVerifier lapsedSites() {
        return lapsedSites;
    }

    private static boolean mayRenew(CertifiedName name, X509Certificate expired, Instant now) {
        boolean isOwn = expired.getBasicConstraints() < 0; // an authority's end is everybody's
        return isOwn && !now.isAfter(expired.getNotAfter().toInstant().plus(RenewalWindow.GRACE));
    }

    /**
     * Makes way for a peer's new connection, unless two machines use its ID at once: a connection
     * that was shown another key and has been heard of late is not taken away.
     */
    boolean admit(ChannelConnection candidate) {
        ChannelConnection older = connections.get(Holder.of(candidate));
        if (older != null && isRival(older, candidate)) {
            candidate
                    .site()
                    .refuse(
                            Refusal.REFUSAL_DUPLICATE_SITE_ID,
                            "another machine uses this ID: " + older);
            return false;
        }
        if (older != null) {
            boolean isSite = candidate.peer().role() == Role.SITE;
            String whose = isSite ? "site" : "node";
            String reason = "replaced by a newer connection of this " + whose;
            older.site().line().abort(reason);
            onClosed(older, reason);
        }
        connections.put(Holder.of(candidate), candidate);
        return true;
    }

    void onAccepted(ChannelConnection connection) {
        LOG.info("channel with {}: up", connection);
        listener.onAccepted(connection);
    }

    void onFrame(ChannelConnection connection, Frame frame) {
        listener.onFrame(connection, frame);
    }

    void onEnded(SiteLine line, String reason) {
        lines.remove(line);
        ChannelConnection connection = line.connection();
        if (connection != null) {
            onClosed(connection, reason);
        } else if (!line.wasEnrolled()) {
            refusals.warn(LOG, "channel with " + EndpointText.of(line.remote()) + ": " + reason);
        }
    }

    private void onClosed(ChannelConnection connection, String reason) {
        if (connections.remove(Holder.of(connection), connection)) {
            LOG.info("channel with {}: down, {}", connection, reason);
            listener.onClosed(connection, reason);
        }
    }

    private boolean isRival(ChannelConnection older, ChannelConnection candidate) {
        boolean isSame = older.peer().isSameHolder(candidate.peer());
        long lateNs = 2 * config.timing().pingInterval().toNanos();
        return !isSame && older.site().silentNs() < lateNs && !older.site().line().isEnding();
    }

    /** Anew where the identity was renewed. */
    private SslContext tls() {
        Identity current = config.identity();
        if (current != shown) {
            shown = current;
            tls = ChannelTls.server(current);
        }
        return tls;
    }

    private void closeLines() {
        List<SiteLine> all = new ArrayList<>(lines);
        all.forEach(line -> line.line().abort(STOPPING));
        List.copyOf(connections.values()).forEach(connection -> onClosed(connection, STOPPING));
    }

    /** Whose connection it is; of each there is one. */
    private record Holder(Role role, long siteId, String popName) {
        static Holder of(ChannelConnection connection) {
            PeerIdentity peer = connection.peer();
            boolean isPop = peer.role() == Role.POP;
            return new Holder(peer.role(), peer.siteId(), isPop ? peer.name() : "");
        }
    }

    /** Gives each new TCP connection its handlers, as long as there is room. */
    private final class Arrivals extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            if (lines.size() >= config.connectionsMax()) {
                refusals.warn(
                        LOG,
                        "channel with "
                                + EndpointText.of(channel.remoteAddress())
                                + ": refused, all "
                                + config.connectionsMax()
                                + " connections are in use");
                channel.close();
                return;
            }
            SiteLine line = new SiteLine(ChannelServer.this, channel, config);
            lines.add(line);
            line.start(tls());
        }
    }
}
