package io.spillway.node.bgp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.spillway.routing.bgp.Direction;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * BGP's TCP: listens on each gateway that neighbours know us by, and calls from there. One I/O
 * thread carries bytes; which connection is which neighbour's is kept on the control thread, and
 * news of a connection that is no longer the one are dropped there.
 */
public final class BgpSockets implements BgpTransport, AutoCloseable {
    public static final int PORT = 179;

    private static final Logger LOG = LoggerFactory.getLogger(BgpSockets.class);

    private static final int THREADS = 1;
    private static final int BACKLOG = 16;
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final long CLOSE_TIMEOUT_S = 2;
    private static final long SIGNATURE_INTERVAL_S = 10;

    /** Above the upper mark the speaker writes no more routes until it has sunk to the lower. */
    private static final WriteBufferWaterMark UNSENT =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private static final int TTL_OF_SECURED = 255; // RFC 5082

    // Linux: netinet/in.h.
    private static final ChannelOption<Integer> IP_TTL =
            new IntegerUnixChannelOption("IP_TTL", 0, 2);
    private static final ChannelOption<Integer> IP_MINTTL =
            new IntegerUnixChannelOption("IP_MINTTL", 0, 21);
    private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
            new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", 41, 16);
    private static final ChannelOption<Integer> IPV6_MINHOPCOUNT =
            new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", 41, 73);

    private final List<BgpEnds> neighbours;
    private final int port;
    private final Executor control;
    private final Supplier<Listener> listener;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final BgpLine[][] lines; // the control thread's
    private final Router router = new Router();

    private BgpSockets(
            List<BgpEnds> neighbours, int port, Executor control, Supplier<Listener> listener) {
        this.neighbours = List.copyOf(neighbours);
        this.port = port;
        this.control = control;
        this.listener = listener;
        lines = new BgpLine[neighbours.size()][Direction.values().length];
        DefaultThreadFactory daemon = new DefaultThreadFactory("bgp", true);
        group = new MultiThreadIoEventLoopGroup(THREADS, daemon, EpollIoHandler.newFactory());
        loop = group.next();
    }

    /**
     * Listens, and waits until it does.
     *
     * @param port on both sides, {@link #PORT} but in tests
     * @param control runs what is told on the control thread, in order
     * @throws IOException naming the address that cannot be listened on; nothing stays open
     */
    public static BgpSockets open(
            List<BgpEnds> neighbours, int port, Executor control, Supplier<Listener> listener)
            throws IOException {
        BgpSockets sockets = new BgpSockets(neighbours, port, control, listener);
        try {
            Set<InetAddress> locals = new LinkedHashSet<>();
            neighbours.forEach(neighbour -> locals.add(neighbour.local()));
            for (InetAddress local : locals) {
                sockets.listen(local);
            }
            if (neighbours.stream().anyMatch(neighbour -> neighbour.password() != null)) {
                sockets.watchSignatures();
            }
            return sockets;
        } catch (IOException e) {
            sockets.close();
            throw e;
        }
    }

    private void watchSignatures() {
        Runnable watch =
                new SignatureWatch(SignatureFaults::read, said -> LOG.warn("BGP: {}", said));
        loop.scheduleWithFixedDelay(
                watch, SIGNATURE_INTERVAL_S, SIGNATURE_INTERVAL_S, TimeUnit.SECONDS);
    }

    private void listen(InetAddress local) throws IOException {
        ServerBootstrap server =
                new ServerBootstrap()
                        .group(group)
                        .channelFactory(() -> listener(local))
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                        .childHandler(new Called());
        ChannelFuture bound = server.bind(local, port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            String where = "bgp: cannot listen on " + local.getHostAddress() + " port " + port;
            throw new IOException(where + ": " + BgpFailure.inWords(bound.cause()), bound.cause());
        }
    }

    /** What a bootstrap cannot set it logs, and goes on; these must hold. */
    private EpollServerSocketChannel listener(InetAddress local) {
        EpollServerSocketChannel channel = new EpollServerSocketChannel(family(local));
        channel.config().setTcpMd5Sig(passwords(local));
        channel.config().setOption(hops(local), TTL_OF_SECURED); // of the answer to a call, too
        return channel;
    }

    private Map<InetAddress, byte[]> passwords(InetAddress local) {
        Map<InetAddress, byte[]> passwords = new HashMap<>();
        for (BgpEnds neighbour : neighbours) {
            if (neighbour.local().equals(local) && neighbour.password() != null) {
                passwords.put(neighbour.remote(), neighbour.password());
            }
        }
        return passwords;
    }

    private static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address
                ? SocketProtocolFamily.INET
                : SocketProtocolFamily.INET6;
    }

    private static ChannelOption<Integer> hops(InetAddress address) {
        return address instanceof Inet4Address ? IP_TTL : IPV6_UNICAST_HOPS;
    }

    private static ChannelOption<Integer> hopsMin(InetAddress address) {
        return address instanceof Inet4Address ? IP_MINTTL : IPV6_MINHOPCOUNT;
    }

    private static void limitHops(Channel channel, BgpEnds ends) {
        if (ends.isTtlSecured()) {
            channel.config().setOption(hops(ends.remote()), TTL_OF_SECURED);
            channel.config().setOption(hopsMin(ends.remote()), TTL_OF_SECURED + 1 - ends.hops());
        } else if (ends.isExternal()) {
            channel.config().setOption(hops(ends.remote()), ends.hops());
        }
    }

    /** Somebody calls: closed at once unless it is a neighbour. */
    private final class Called extends ChannelInitializer<EpollSocketChannel> {
        @Override
        protected void initChannel(EpollSocketChannel channel) {
            int neighbour = neighbourAt(channel.remoteAddress(), channel.localAddress());
            if (neighbour < 0) {
                channel.close();
                return;
            }
            limitHops(channel, neighbours.get(neighbour));
            BgpLine line = new BgpLine(neighbour, Direction.INCOMING, channel, loop, router);
            channel.pipeline().addLast(line);
            control.execute(() -> onConnected(line, true));
        }
    }

    private int neighbourAt(InetSocketAddress remote, InetSocketAddress local) {
        for (int i = 0; i < neighbours.size(); i++) {
            BgpEnds ends = neighbours.get(i);
            if (ends.remote().equals(remote.getAddress())
                    && ends.local().equals(local.getAddress())) {
                return i;
            }
        }
        return -1;
    }

    // ---- the control thread

    @Override
    public void connect(int neighbour) {
        BgpEnds ends = neighbours.get(neighbour);
        EpollSocketChannel channel = null;
        try {
            channel = new EpollSocketChannel(family(ends.remote()));
            if (ends.password() != null) {
                channel.config().setTcpMd5Sig(Map.of(ends.remote(), ends.password()));
            }
            limitHops(channel, ends);
        } catch (ChannelException e) { // no descriptor is left, or the kernel cannot sign
            if (channel != null) {
                channel.unsafe().closeForcibly();
            }
            String why = BgpFailure.inWords(e);
            control.execute(() -> listener.get().onConnectFailed(neighbour, why));
            return;
        }
        BgpLine line = new BgpLine(neighbour, Direction.OUTGOING, channel, loop, router);
        replace(line);
        EpollSocketChannel made = channel;
        loop.execute(() -> call(ends, made, line));
    }

    private void call(BgpEnds ends, EpollSocketChannel channel, BgpLine line) {
        SignatureFaults before = SignatureFaults.read();
        new Bootstrap()
                .group(group)
                .channelFactory(() -> channel)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .handler(line)
                .connect(
                        new InetSocketAddress(ends.remote(), port),
                        new InetSocketAddress(ends.local(), 0))
                .addListener(outcome -> onOutcome(ends, line, outcome, before));
    }

    private void onOutcome(BgpEnds ends, BgpLine line, Future<?> outcome, SignatureFaults before) {
        if (outcome.isSuccess()) {
            control.execute(() -> onConnected(line, false));
            return;
        }
        boolean isSigned = ends.password() != null;
        String why =
                BgpFailure.ofConnect(outcome.cause(), isSigned, before, SignatureFaults.read());
        control.execute(() -> onConnectFailed(line, why));
    }

    private void replace(BgpLine line) {
        BgpLine before = lines[line.neighbour()][line.direction().ordinal()];
        lines[line.neighbour()][line.direction().ordinal()] = line;
        if (before != null) {
            before.close();
        }
    }

    private boolean isCurrent(BgpLine line) {
        return lines[line.neighbour()][line.direction().ordinal()] == line;
    }

    private void onConnected(BgpLine line, boolean isNew) {
        BgpLine before = lines[line.neighbour()][line.direction().ordinal()];
        if (!isNew && before != line) {
            return; // given up meanwhile
        }
        lines[line.neighbour()][line.direction().ordinal()] = line;
        if (listener.get().onConnected(line.neighbour(), line.direction())) {
            if (before != null && before != line) {
                before.close();
            }
            line.begin();
        } else {
            lines[line.neighbour()][line.direction().ordinal()] = isNew ? before : null;
            line.close();
        }
    }

    private void onConnectFailed(BgpLine line, String why) {
        if (isCurrent(line)) {
            lines[line.neighbour()][line.direction().ordinal()] = null;
            listener.get().onConnectFailed(line.neighbour(), why);
        }
    }

    @Override
    public void send(int neighbour, Direction direction, byte[] bytes) {
        BgpLine line = lines[neighbour][direction.ordinal()];
        if (line != null) {
            line.send(bytes);
        }
    }

    @Override
    public void close(int neighbour, Direction direction) {
        BgpLine line = lines[neighbour][direction.ordinal()];
        if (line != null) {
            lines[neighbour][direction.ordinal()] = null;
            line.close();
        }
    }

    /** From the I/O thread to the control thread. */
    private final class Router implements BgpLine.Owner {
        @Override
        public void onBytes(BgpLine line, byte[] bytes) {
            control.execute(
                    () -> {
                        if (isCurrent(line)) {
                            listener.get().onBytes(line.neighbour(), line.direction(), bytes);
                        }
                        line.taken(bytes.length);
                    });
        }

        @Override
        public void onClosed(BgpLine line, String why) {
            control.execute(
                    () -> {
                        if (isCurrent(line)) {
                            lines[line.neighbour()][line.direction().ordinal()] = null;
                            listener.get().onClosed(line.neighbour(), line.direction(), why);
                        }
                    });
        }

        @Override
        public void onWritable(BgpLine line, boolean isWritable) {
            control.execute(
                    () -> {
                        if (isCurrent(line)) {
                            listener.get()
                                    .onWritable(line.neighbour(), line.direction(), isWritable);
                        }
                    });
        }
    }

    /** What was sent last goes out first. Not to be called on the I/O thread. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
    }
}
