package io.spillway.node.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.util.concurrent.ScheduledFuture;
import io.spillway.node.dns.DnsCounters.Count;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One query on its way: the servers of its zone are asked in turn, until one answers. Each time
 * with another random ID and from a port of its own, which hears that server only (RFC 5452): what
 * comes back is taken if ID and question are ours.
 *
 * <p>Over TCP if the client came so, which it does when an answer was too long for a datagram.
 *
 * <p>Owned by the I/O thread.
 */
final class DnsExchange {
    /**
     * With {@link #ATTEMPT_MS} 4.5 s in all: the usual resolver of a host waits for 5 s before it
     * asks its next server.
     */
    static final int ATTEMPTS_MAX = 3;

    static final int ATTEMPT_MS = 1_500;

    private static final int IDS = 1 << 16;

    /** Takes the answer, and whether a server gave it. */
    interface Client {
        void onAnswer(ByteBuf answer, boolean isOfServer);
    }

    private final EventLoop loop;
    private final RandomGenerator random;
    private final DnsZone zone;
    private final DnsCounters counters;
    private final boolean isTcp;
    private final ByteBuf query;
    private final Client client;
    private int attempt;
    private int id;
    private Channel channel;
    private ScheduledFuture<?> timeout;

    /**
     * @param query with a question; not to be changed any more
     */
    DnsExchange(
            EventLoop loop,
            RandomGenerator random,
            DnsZone zone,
            DnsCounters counters,
            boolean isTcp,
            ByteBuf query,
            Client client) {
        this.loop = loop;
        this.random = random;
        this.zone = zone;
        this.counters = counters;
        this.isTcp = isTcp;
        this.query = query;
        this.client = client;
    }

    /** The client hears at once where there is nobody to ask. */
    void begin() {
        if (zone.servers().isEmpty() || attempt == ATTEMPTS_MAX) {
            client.onAnswer(DnsMessage.failure(query, DnsResponseCode.SERVFAIL), false);
            return;
        }
        DnsZone.Ends ends = zone.servers().get(attempt % zone.servers().size());
        attempt++;
        id = random.nextInt(IDS);
        ChannelFuture opened =
                isTcp
                        ? DnsSockets.connect(loop, ends, ATTEMPT_MS, new Reader())
                        : DnsSockets.associate(loop, ends, new Reader());
        channel = opened.channel();
        timeout = loop.schedule(this::onTimeout, ATTEMPT_MS, TimeUnit.MILLISECONDS);
        opened.addListener(outcome -> onOpened(opened));
    }

    private void onOpened(ChannelFuture opened) {
        if (opened.channel() != channel) {
            return; // too late
        }
        if (opened.isSuccess()) {
            channel.writeAndFlush(DnsMessage.withId(query, id));
        } else {
            next(); // no way there, or no descriptor is left
        }
    }

    private void onTimeout() {
        counters.increment(Count.TIMEOUT);
        next();
    }

    private void next() {
        release();
        begin();
    }

    private void release() {
        timeout.cancel(false);
        Channel used = channel;
        channel = null;
        used.close();
    }

    private void onMessage(ByteBuf message) {
        if (!DnsMessage.isAnswer(message, query, id)) {
            counters.increment(Count.MISMATCHED);
        } else if (DnsMessage.isFailure(message) && attempt < zone.servers().size()) {
            next();
        } else {
            release();
            client.onAnswer(DnsMessage.withId(message, DnsMessage.id(query)), true);
        }
    }

    /** What comes from the server of one attempt. */
    private final class Reader extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Object message) {
            if (context.channel() == channel) {
                boolean isDatagram = message instanceof DatagramPacket;
                onMessage(isDatagram ? ((DatagramPacket) message).content() : (ByteBuf) message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            onLost(context);
        }

        /** Among others an ICMP error: nobody listens there. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            onLost(context);
        }

        private void onLost(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                next();
            }
        }
    }
}
