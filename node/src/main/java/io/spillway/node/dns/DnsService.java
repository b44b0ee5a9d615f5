package io.spillway.node.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.spillway.node.dns.DnsCounters.Count;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers DNS queries by UDP and TCP with what others know: each goes to the servers of its zone,
 * and their answer comes back as they gave it. Nothing is remembered, so that nothing can be
 * poisoned.
 *
 * <pre>
 *   host ──&gt; service address ──&gt; DnsZones: of which zone is the name?
 *                                 ├─ corp.example ──&gt; its servers, from a gateway address
 *                                 └─ all others ────&gt; resolvers of the Internet
 * </pre>
 *
 * <p>Bounds: {@link #OUTSTANDING_MAX} queries at once, each with one socket, and {@link
 * #CALLERS_MAX} TCP connections. What is beyond is told so at once, or closed.
 *
 * <p>One I/O thread does all.
 */
public final class DnsService implements AutoCloseable {
    public static final int PORT = 53;

    static final int OUTSTANDING_MAX = 256;
    static final int CALLERS_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(DnsService.class);

    private static final int THREADS = 1;
    private static final int BACKLOG = 16;
    private static final int IDLE_MAX_S = 10; // RFC 7766 section 6.2.3: a few seconds
    private static final long CLOSE_TIMEOUT_S = 2;

    private static final int DISCARD_PORT = 9; // RFC 863
    private static final byte[] ROOT_QUERY = {
        0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1 // of type NS
    };

    private final RandomGenerator random;
    private final List<DnsZone> zones;
    private final DnsZones index;
    private final List<DnsCounters> byZone;
    private final DnsCounters others = new DnsCounters();
    private final EventLoopGroup group;
    private final EventLoop loop;
    private int callers;
    private volatile int outstanding; // the I/O thread's

    private DnsService(List<DnsZone> zones, RandomGenerator random) {
        this.random = random;
        this.zones = List.copyOf(zones);
        index = new DnsZones(zones);
        byZone = zones.stream().map(zone -> new DnsCounters()).toList();
        DefaultThreadFactory daemon = new DefaultThreadFactory("dns", true);
        group = new MultiThreadIoEventLoopGroup(THREADS, daemon, EpollIoHandler.newFactory());
        loop = group.next();
    }

    /**
     * Listens, and waits until it does.
     *
     * @param address ours, with {@link #PORT} but in tests
     * @param zones one of all names among them
     * @param random unknown to others
     * @throws IOException naming the address that cannot be had; nothing stays open
     */
    public static DnsService open(
            InetSocketAddress address, List<DnsZone> zones, RandomGenerator random)
            throws IOException {
        DnsService service = new DnsService(zones, random);
        try {
            service.listen(address);
            service.loop.execute(service::rehearse);
            return service;
        } catch (IOException e) {
            service.close();
            throw e;
        }
    }

    private void listen(InetSocketAddress address) throws IOException {
        await(
                new Bootstrap()
                        .group(loop)
                        .channelFactory(
                                () ->
                                        new EpollDatagramChannel(
                                                DnsSockets.family(address.getAddress())))
                        .option(ChannelOption.RECVBUF_ALLOCATOR, DnsSockets.wholeDatagrams())
                        .handler(new Datagrams())
                        .bind(address),
                "UDP",
                address);
        await(
                new ServerBootstrap()
                        .group(group)
                        .channelFactory(
                                () ->
                                        new EpollServerSocketChannel(
                                                DnsSockets.family(address.getAddress())))
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(new Called())
                        .bind(address),
                "TCP",
                address);
    }

    private static void await(ChannelFuture bound, String protocol, InetSocketAddress address)
            throws IOException {
        if (!bound.awaitUninterruptibly().isSuccess()) {
            String endpoint = address.getAddress().getHostAddress() + " port " + address.getPort();
            throw new IOException(
                    "dns: cannot listen on %s %s: %s"
                            .formatted(endpoint, protocol, bound.cause().getMessage()),
                    bound.cause());
        }
    }

    /** As they were given. */
    public List<DnsZone> zones() {
        return zones;
    }

    /** Of the zone of that number. Any thread. */
    public DnsCounters counters(int zone) {
        return byZone.get(zone);
    }

    /** Of what belongs to no zone: refused or malformed. Any thread. */
    public DnsCounters others() {
        return others;
    }

    /** Queries that wait for an answer. Any thread. */
    public int outstanding() {
        return outstanding;
    }

    /** What waits is not answered any more. Not to be called on the I/O thread. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
    }

    // ---- on the I/O thread

    /**
     * The first query comes when the cloud is lost and much else is to be done: what answers it is
     * loaded by then. This one is refused by a port where nobody listens.
     */
    private void rehearse() {
        ByteBuf query = Unpooled.wrappedBuffer(ROOT_QUERY);
        InetSocketAddress nobody =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), DISCARD_PORT);
        DnsZone zone = new DnsZone(DnsMessage.name(query), List.of(new DnsZone.Ends(null, nobody)));
        DnsExchange.Client client =
                (answer, isOfServer) -> LOG.debug("dns: ready for zone {}", index.find(""));
        new DnsExchange(loop, random, zone, new DnsCounters(), false, query, client).begin();
    }

    /** Where an answer goes. */
    private interface Host {
        void answer(ByteBuf message);
    }

    private void onMessage(ByteBuf message, boolean isTcp, Host host) {
        if (!DnsMessage.wantsAnswer(message)) {
            others.increment(Count.MALFORMED);
            return;
        }
        ByteBuf query = Unpooled.copiedBuffer(message);
        if (!DnsMessage.isQuery(query)) {
            refuse(query, Count.MALFORMED, DnsResponseCode.NOTIMP, host);
        } else if (DnsMessage.questionEnd(query) == DnsMessage.NO_QUESTION) {
            refuse(query, Count.MALFORMED, DnsResponseCode.FORMERR, host);
        } else if (outstanding == OUTSTANDING_MAX) {
            refuse(query, Count.REFUSED, DnsResponseCode.SERVFAIL, host);
        } else {
            begin(query, isTcp, host);
        }
    }

    private void refuse(ByteBuf query, Count count, DnsResponseCode code, Host host) {
        others.increment(count);
        host.answer(DnsMessage.failure(query, code));
    }

    private void begin(ByteBuf query, boolean isTcp, Host host) {
        int zone = index.find(DnsMessage.name(query));
        DnsCounters counters = byZone.get(zone);
        outstanding++;
        DnsExchange.Client client =
                (answer, isOfServer) -> {
                    outstanding--;
                    counters.increment(isOfServer ? Count.ANSWERED : Count.FAILED);
                    host.answer(answer);
                };
        new DnsExchange(loop, random, zones.get(zone), counters, isTcp, query, client).begin();
    }

    /** Queries that fit a datagram. */
    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            InetSocketAddress sender = packet.sender();
            Channel channel = context.channel();
            onMessage(
                    packet.content(),
                    false,
                    answer -> channel.writeAndFlush(new DatagramPacket(answer, sender)));
        }

        /** An ICMP error about an answer of ours: nobody waits for it any more. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            LOG.debug("dns: {}", thrown.toString());
        }
    }

    /** Somebody calls by TCP. */
    private final class Called extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            if (callers == CALLERS_MAX) {
                others.increment(Count.REFUSED);
                channel.close();
                return;
            }
            callers++;
            channel.closeFuture().addListener(_ -> callers--);
            DnsSockets.frame(channel.pipeline());
            channel.pipeline().addLast(new ReadTimeoutHandler(IDLE_MAX_S), new Caller());
        }
    }

    /** One connection, with as many queries as it likes. */
    private final class Caller extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            Channel channel = context.channel();
            onMessage(message, true, answer -> answer(channel, answer));
        }

        /** Who does not read what was asked for is left. */
        private static void answer(Channel channel, ByteBuf answer) {
            if (channel.isWritable()) {
                channel.writeAndFlush(answer);
            } else {
                channel.close();
            }
        }

        /** Also after a silence. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            context.close();
        }
    }
}
