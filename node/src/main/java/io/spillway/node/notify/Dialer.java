package io.spillway.node.notify;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.spillway.node.channel.ChannelWay;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to targets by whichever way leads there: the one that did last, else each there
 * is, one after the other. Any thread that may wait.
 */
final class Dialer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final int CONNECT_MAX_MS = 2000;
    private static final long SECURE_MAX_MS = 5000;
    private static final long CLOSE_TIMEOUT_S = 1;
    private static final int THREADS = 1;

    /** Of one name; more are not tried. */
    private static final int ADDRESSES_MAX = 4;

    private final Supplier<List<ChannelWay>> ways;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    THREADS, new DefaultThreadFactory("notify", true), EpollIoHandler.newFactory());
    private volatile ChannelWay last = ChannelWay.ANY;

    /**
     * Whom to call.
     *
     * @param tls null: none
     */
    record Remote(String host, int port, SslContext tls) {}

    /**
     * @param ways that there are at the moment, beside what the kernel's routes say
     */
    Dialer(Supplier<List<ChannelWay>> ways) {
        this.ways = ways;
    }

    /**
     * Returns when the connection stands, secured if it is to be.
     *
     * @param handlers puts those of the protocol into its pipeline
     * @throws IOException saying why the last way failed
     */
    Channel open(Remote remote, Consumer<ChannelPipeline> handlers) throws IOException {
        IOException failure = new UnknownHostException(remote.host + ": no address");
        InetAddress[] addresses = addresses(remote.host);
        for (ChannelWay way : inOrder()) {
            for (int i = 0; i < Math.min(addresses.length, ADDRESSES_MAX); i++) {
                try {
                    Channel channel = open(remote, addresses[i], way, handlers);
                    last = way;
                    return channel;
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
        throw failure;
    }

    private static InetAddress[] addresses(String host) throws IOException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException(host + ": no such name", e);
        }
    }

    private Set<ChannelWay> inOrder() {
        Set<ChannelWay> all = new LinkedHashSet<>();
        List<ChannelWay> now = ways.get();
        if (now.contains(last)) {
            all.add(last);
        }
        all.add(ChannelWay.ANY);
        all.addAll(now);
        return all;
    }

    private Channel open(
            Remote remote, InetAddress address, ChannelWay way, Consumer<ChannelPipeline> handlers)
            throws IOException {
        Call call = new Call(remote, way, handlers);
        ChannelFuture connecting =
                new Bootstrap()
                        .group(group)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MAX_MS)
                        .handler(call)
                        .connect(new InetSocketAddress(address, remote.port), way.local());
        try {
            await(connecting, SECURE_MAX_MS, "no connection");
            call.awaitSecurity();
            return connecting.channel();
        } catch (IOException e) {
            connecting.channel().close();
            throw e;
        }
    }

    /** One attempt to reach a remote end. */
    private static final class Call extends ChannelInitializer<SocketChannel> {
        private final Remote remote;
        private final ChannelWay way;
        private final Consumer<ChannelPipeline> handlers;
        private volatile SslHandler tls; // null: none

        private Call(Remote remote, ChannelWay way, Consumer<ChannelPipeline> handlers) {
            this.remote = remote;
            this.way = way;
            this.handlers = handlers;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            way.bind(channel);
            if (remote.tls != null) {
                tls = remote.tls.newHandler(channel.alloc(), remote.host, remote.port);
                channel.pipeline().addLast(tls);
            }
            handlers.accept(channel.pipeline());
            channel.pipeline().addLast(new Fault());
        }

        private void awaitSecurity() throws IOException {
            if (tls != null) {
                await(tls.handshakeFuture(), SECURE_MAX_MS, "TLS handshake not finished");
            }
        }
    }

    /** What nobody else in a pipeline takes ends the connection; who waits for it is told. */
    private static final class Fault extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            LOG.debug("notices: {}", thrown.toString());
            context.close();
        }
    }

    /**
     * @param late what to say when it has not come in time
     * @throws IOException when it failed, or has not come in time
     */
    static void await(Future<?> future, long maxMs, String late) throws IOException {
        try {
            if (!future.await(maxMs, TimeUnit.MILLISECONDS)) {
                throw new IOException(late + " in " + maxMs + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        Throwable cause = future.cause();
        if (cause instanceof ChannelException || cause instanceof IOException) {
            throw new IOException(cause.getMessage(), cause);
        }
        if (cause != null) {
            throw new IOException(cause.toString(), cause);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
    }
}
