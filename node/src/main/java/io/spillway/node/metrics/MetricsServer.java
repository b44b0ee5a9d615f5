package io.spillway.node.metrics;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.spillway.node.channel.EndpointText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics} by HTTP/1.1, one request a connection, at one address. A connection
 * ends when it has had its time, whatever it is about then: so who is slow to ask or to read holds
 * nothing for long. Of more connections than {@link #CONNECTIONS_MAX} those that come last are
 * closed at once.
 *
 * <p>State is owned by its thread, which only reads requests; figures are gathered on a virtual
 * one.
 */
public final class MetricsServer implements AutoCloseable {
    static final int CONNECTIONS_MAX = 16;
    static final int HEADERS_LENGTH_MAX = 8 << 10;
    static final int LINE_LENGTH_MAX = 2 << 10;

    /** As long as Prometheus waits if nobody says otherwise. */
    private static final Duration CONNECTION_MAX = Duration.ofSeconds(10);

    private static final int THREADS = 1;
    private static final int BACKLOG = 16;
    private static final long CLOSE_TIMEOUT_S = 2;

    private final Supplier<Scrape> source;
    private final Duration connectionMax;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    THREADS,
                    new DefaultThreadFactory("metrics", true),
                    EpollIoHandler.newFactory());
    private Channel listening;
    private int connections;

    private MetricsServer(Supplier<Scrape> source, Duration connectionMax) {
        this.source = source;
        this.connectionMax = connectionMax;
    }

    /**
     * Listens until {@link #close}.
     *
     * @param source called by threads that may wait, several at once
     * @throws IOException naming the key, the endpoint and what is wrong with it
     */
    public static MetricsServer open(InetSocketAddress listen, Supplier<Scrape> source)
            throws IOException {
        return open(listen, source, CONNECTION_MAX);
    }

    static MetricsServer open(
            InetSocketAddress listen, Supplier<Scrape> source, Duration connectionMax)
            throws IOException {
        MetricsServer server = new MetricsServer(source, connectionMax);
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(server.group)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childHandler(server.new Arrivals())
                        .bind(listen)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            server.end();
            String why = bound.cause().getMessage();
            throw new IOException(
                    "metrics.listen: " + EndpointText.of(listen) + ": " + why, bound.cause());
        }
        server.listening = bound.channel();
        return server;
    }

    InetSocketAddress local() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Ends all connections. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        end();
    }

    private void end() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Gives each new connection its handlers and its time, as long as there is room. */
    private final class Arrivals extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            if (connections >= CONNECTIONS_MAX) {
                channel.close();
                return;
            }
            connections++;
            ScheduledFuture<?> end =
                    channel.eventLoop()
                            .schedule(
                                    () -> channel.close(),
                                    connectionMax.toNanos(),
                                    TimeUnit.NANOSECONDS);
            channel.closeFuture()
                    .addListener(
                            _ -> {
                                connections--;
                                end.cancel(false);
                            });
            HttpDecoderConfig limits =
                    new HttpDecoderConfig()
                            .setMaxInitialLineLength(LINE_LENGTH_MAX)
                            .setMaxHeaderSize(HEADERS_LENGTH_MAX);
            channel.pipeline()
                    .addLast(new HttpServerCodec(limits))
                    .addLast(new MetricsRequest(source));
        }
    }
}
