package io.spillway.node.channel;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one thread on which all channels of a process live and call their listeners. */
public final class ChannelThread implements AutoCloseable {
    private static final int THREADS = 1;
    private static final long CLOSE_TIMEOUT_S = 2;

    private final EventLoopGroup group;

    private ChannelThread(EventLoopGroup group) {
        this.group = group;
    }

    public static ChannelThread start() {
        DefaultThreadFactory daemon = new DefaultThreadFactory("channel", true);
        return new ChannelThread(
                new MultiThreadIoEventLoopGroup(THREADS, daemon, EpollIoHandler.newFactory()));
    }

    EventLoop loop() {
        return group.next();
    }

    /** Ends what still runs on it. Not to be called by a listener. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
    }
}
