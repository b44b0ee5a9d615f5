package io.spillway.node.bfd;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.spillway.routing.bfd.BfdAction;
import io.spillway.routing.bfd.BfdSpeaker;
import io.spillway.routing.bfd.BfdView;
import io.spillway.routing.fib.IpAddress;
import io.spillway.tap.HopFilter;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * BFD over UDP (RFC 5881, RFC 5883), with a thread of its own: a session that has 300 ms to notice
 * a silence must not wait for what else control does. What waits in the sockets is read before
 * anybody is called silent.
 *
 * <p>Each session sends from a port of its own (RFC 5881 section 4). Single-hop packets that have
 * passed a router are dropped in the kernel.
 */
public final class BfdService implements AutoCloseable {
    static final int SINGLE_HOP_PORT = 3784;
    static final int MULTIHOP_PORT = 4784;

    private static final Logger LOG = LoggerFactory.getLogger(BfdService.class);

    // RFC 5881 section 4
    private static final int SOURCE_PORT_MIN = 49_152;
    private static final int SOURCE_PORTS = 65_536 - SOURCE_PORT_MIN;

    private static final int SOURCE_PORT_TRIES = 64;
    private static final long CLOSE_TIMEOUT_MS = 500;

    // include/uapi/linux/in.h, in6.h
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;

    /** Class selector 6, network control (RFC 4594 section 3.2). */
    private static final int CONTROL_CLASS = 0xC0;

    private static final IntegerUnixChannelOption IP_TOS =
            new IntegerUnixChannelOption("IP_TOS", IPPROTO_IP, 1);
    static final IntegerUnixChannelOption IP_TTL =
            new IntegerUnixChannelOption("IP_TTL", IPPROTO_IP, 2);
    private static final IntegerUnixChannelOption IPV6_UNICAST_HOPS =
            new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", IPPROTO_IPV6, 16);
    private static final IntegerUnixChannelOption IPV6_TCLASS =
            new IntegerUnixChannelOption("IPV6_TCLASS", IPPROTO_IPV6, 67);
    private static final RawUnixChannelOption NEAR_ONLY =
            new RawUnixChannelOption(
                    "SO_ATTACH_FILTER",
                    HopFilter.SOL_SOCKET,
                    HopFilter.SO_ATTACH_FILTER,
                    HopFilter.LENGTH);

    private final List<BfdNeighbour> neighbours;
    private final RandomGenerator random;
    private final BfdListener listener;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final List<Channel> sockets = new ArrayList<>();
    private final List<Channel> senders = new ArrayList<>(); // of them, by neighbour
    private final BfdSpeaker speaker;
    private ScheduledFuture<?> waking;

    private BfdService(
            List<BfdNeighbour> neighbours, RandomGenerator random, BfdListener listener) {
        this.neighbours = List.copyOf(neighbours);
        this.random = random;
        this.listener = listener;
        DefaultThreadFactory daemon = new DefaultThreadFactory("bfd", true);
        group = new MultiThreadIoEventLoopGroup(1, daemon, EpollIoHandler.newFactory());
        loop = group.next();
        speaker =
                new BfdSpeaker(
                        neighbours.stream().map(BfdNeighbour::session).toList(),
                        random,
                        this::act,
                        System.nanoTime());
    }

    /**
     * Opens the sockets; sessions begin at once.
     *
     * @throws IOException naming the endpoint that cannot be had
     */
    public static BfdService start(
            List<BfdNeighbour> neighbours, RandomGenerator random, BfdListener listener)
            throws IOException {
        BfdService service = new BfdService(neighbours, random, listener);
        try {
            service.open();
        } catch (IOException e) {
            service.close();
            throw e;
        }
        service.loop.execute(service::turn);
        return service;
    }

    /** One for each neighbour, in order. Any thread but BFD's; waits for it. */
    public List<BfdView> views() {
        return loop.submit(speaker::neighbours).syncUninterruptibly().getNow();
    }

    /** Tells the neighbours that this is on purpose (RFC 5880 section 6.8.16), and ends. */
    @Override
    public void close() {
        loop.submit(() -> speaker.stop(System.nanoTime())).awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
        }
        group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    }

    // ---- sockets

    /** Only those at BFD's ports are read, and only when there is all that answers. */
    private void open() throws IOException {
        Map<InetSocketAddress, Channel> heard = new LinkedHashMap<>();
        for (BfdNeighbour neighbour : neighbours) {
            InetSocketAddress local = new InetSocketAddress(neighbour.local(), port(neighbour));
            if (!heard.containsKey(local)) {
                heard.put(local, bind(local, reader(neighbour), !neighbour.isMultihop()));
            }
            senders.add(openSender(neighbour));
        }
        heard.values().forEach(channel -> channel.config().setAutoRead(true));
    }

    private Channel openSender(BfdNeighbour neighbour) throws IOException {
        int first = random.nextInt(SOURCE_PORTS);
        IOException refused = null;
        for (int i = 0; i < SOURCE_PORT_TRIES; i++) {
            int port = SOURCE_PORT_MIN + (first + i) % SOURCE_PORTS;
            try {
                return bind(
                        new InetSocketAddress(neighbour.local(), port), reader(neighbour), false);
            } catch (IOException e) {
                refused = e; // taken, most likely: the next one
            }
        }
        throw refused;
    }

    private Reader reader(BfdNeighbour neighbour) {
        return new Reader(neighbour.isMultihop());
    }

    private Channel bind(InetSocketAddress local, Reader reader, boolean isNearOnly)
            throws IOException {
        ChannelFuture bound =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(() -> socket(local.getAddress(), isNearOnly))
                        .option(ChannelOption.AUTO_READ, false)
                        .handler(reader)
                        .bind(local)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            String endpoint = local.getAddress().getHostAddress() + " UDP port " + local.getPort();
            throw new IOException("BFD: " + endpoint + ": " + bound.cause().getMessage());
        }
        sockets.add(bound.channel());
        return bound.channel();
    }

    /** What a bootstrap cannot set it logs, and goes on; these must hold. */
    private static EpollDatagramChannel socket(InetAddress local, boolean isNearOnly) {
        boolean isIpv4 = local instanceof Inet4Address;
        EpollDatagramChannel socket =
                new EpollDatagramChannel(
                        isIpv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
        EpollDatagramChannelConfig config = socket.config();
        config.setOption(isIpv4 ? IP_TTL : IPV6_UNICAST_HOPS, HopFilter.HOPS_MAX);
        config.setOption(isIpv4 ? IP_TOS : IPV6_TCLASS, CONTROL_CLASS);
        if (isNearOnly) {
            config.setOption(NEAR_ONLY, HopFilter.program(isIpv4));
        }
        return socket;
    }

    private static IpAddress address(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? IpAddress.ofIpv4(bytes.getInt())
                : IpAddress.ofIpv6(bytes.getLong(), bytes.getLong());
    }

    private static int port(BfdNeighbour neighbour) {
        return neighbour.isMultihop() ? MULTIHOP_PORT : SINGLE_HOP_PORT;
    }

    // ---- on BFD's thread

    /** Runs after the sockets were read. */
    private void turn() {
        long nowNs = System.nanoTime();
        speaker.poll(nowNs);
        if (waking != null) {
            waking.cancel(false);
        }
        long waitNs = speaker.deadlineNs(nowNs) - nowNs;
        waking = loop.schedule(this::turn, Math.max(waitNs, 0), TimeUnit.NANOSECONDS);
    }

    private void act(BfdAction action) {
        switch (action) {
            case BfdAction.Send send -> send(send);
            case BfdAction.Changed change -> {
                BfdNeighbour neighbour = neighbours.get(change.neighbour());
                LOG.info(
                        "BFD with {}: {}, {}",
                        neighbour.remote().getHostAddress(),
                        change.state(),
                        change.diagnostic());
                listener.onChanged(change);
            }
        }
    }

    private void send(BfdAction.Send send) {
        BfdNeighbour neighbour = neighbours.get(send.neighbour());
        InetSocketAddress remote = new InetSocketAddress(neighbour.remote(), port(neighbour));
        ByteBuf bytes = Unpooled.wrappedBuffer(send.bytes());
        Channel sender = senders.get(send.neighbour());
        sender.writeAndFlush(new DatagramPacket(bytes, remote)); // what is lost, the next replaces
    }

    /** Nobody speaks for a neighbour of one hop by the port that packets from afar may come to. */
    private boolean isNeighbour(IpAddress source, boolean isMultihop) {
        for (BfdNeighbour neighbour : neighbours) {
            if (neighbour.session().address().equals(source)) {
                return neighbour.isMultihop() == isMultihop;
            }
        }
        return false;
    }

    /** What arrives at one of BFD's ports. */
    private final class Reader extends SimpleChannelInboundHandler<DatagramPacket> {
        private final boolean isMultihop;

        Reader(boolean isMultihop) {
            this.isMultihop = isMultihop;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            IpAddress source = address(packet.sender().getAddress());
            if (!isNeighbour(source, isMultihop)) {
                return;
            }
            ByteBuf content = packet.content();
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            speaker.onPacket(source, bytes, 0, bytes.length, System.nanoTime());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            turn();
        }

        /** An ICMP error about a packet of ours: silence tells as much. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            LOG.debug("BFD: {}", thrown.toString());
        }
    }
}
