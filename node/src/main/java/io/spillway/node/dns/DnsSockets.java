package io.spillway.node.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.spillway.node.dns.DnsZone.Ends;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The ways to one server, and how messages stand in a TCP connection (RFC 1035 section 4.2). */
final class DnsSockets {
    private static final int LENGTH_FIELD = 2;

    private DnsSockets() {}

    /** A UDP socket that hears only that server, with a port of the kernel's choice. */
    static ChannelFuture associate(EventLoop loop, Ends ends, ChannelHandler handler) {
        return open(
                new Bootstrap()
                        .group(loop)
                        .channelFactory(() -> new EpollDatagramChannel(family(ends)))
                        .option(ChannelOption.RECVBUF_ALLOCATOR, wholeDatagrams())
                        .handler(handler),
                ends);
    }

    static ChannelFuture connect(EventLoop loop, Ends ends, int timeoutMs, ChannelHandler handler) {
        return open(
                new Bootstrap()
                        .group(loop)
                        .channelFactory(() -> new EpollSocketChannel(family(ends)))
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
                        .handler(framed(handler)),
                ends);
    }

    private static ChannelFuture open(Bootstrap bootstrap, Ends ends) {
        return ends.local() == null
                ? bootstrap.connect(ends.server())
                : bootstrap.connect(ends.server(), new InetSocketAddress(ends.local(), 0));
    }

    private static SocketProtocolFamily family(Ends ends) {
        return family(ends.server().getAddress());
    }

    static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address
                ? SocketProtocolFamily.INET
                : SocketProtocolFamily.INET6;
    }

    /** Netty's own takes 2048 bytes of each, and says nothing of the rest. */
    static FixedRecvByteBufAllocator wholeDatagrams() {
        return new FixedRecvByteBufAllocator(DnsMessage.LENGTH_MAX);
    }

    private static ChannelInitializer<SocketChannel> framed(ChannelHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                frame(channel.pipeline());
                channel.pipeline().addLast(handler);
            }
        };
    }

    /** From here on one message each, without its length. */
    static void frame(ChannelPipeline pipeline) {
        int lengthMax = LENGTH_FIELD + DnsMessage.LENGTH_MAX;
        pipeline.addLast(
                new LengthFieldBasedFrameDecoder(lengthMax, 0, LENGTH_FIELD, 0, LENGTH_FIELD));
        pipeline.addLast(new LengthFieldPrepender(LENGTH_FIELD));
    }
}
