package io.spillway.node.channel;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.spillway.control.wire.Frame;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Role;
import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calling end of the channel to one PoP, a site's or another PoP's: connects, and connects
 * again, until closed. State is owned by the channel's thread; the public methods may be called by
 * any.
 */
public final class ChannelClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelClient.class);

    private final ChannelClientConfig config;
    private final ChannelListener listener;
    private final EventLoop loop;
    private final PeerVerifier pops;
    private final Backoff backoff;
    private Identity shown; // by tls
    private SslContext tls;
    private PopLine attempt; // the one of now, null between attempts
    private int failures; // since it was last connected
    private String lastFailure = "";
    private boolean closed;
    private volatile PopLine connected; // null while TLS does not stand

    private ChannelClient(
            ChannelThread thread, ChannelClientConfig config, ChannelListener listener) {
        this.config = config;
        this.listener = listener;
        this.loop = thread.loop();
        this.pops = config.verifier().accepting(Role.POP);
        this.shown = config.identities().get();
        this.tls = ChannelTls.client(shown, pops);
        ChannelTiming timing = config.timing();
        this.backoff =
                new Backoff(timing.backoffFirst(), timing.backoffMax(), new SplittableRandom());
    }

    /** Starts to connect, and returns. */
    public static ChannelClient start(
            ChannelThread thread, ChannelClientConfig config, ChannelListener listener) {
        ChannelClient client = new ChannelClient(thread, config, listener);
        client.loop.execute(client::connect);
        return client;
    }

    /**
     * @return whether it was queued; false when not connected, or when too much waits already
     * @throws IllegalArgumentException when the PoP would refuse the frame: a programmer's error
     */
    public boolean send(Frame frame) {
        PopLine line = connected;
        return line != null && line.line().send(frame);
    }

    /** Connected, and little waits for the PoP to read it. */
    public boolean hasRoom() {
        PopLine line = connected;
        return line != null && line.line().waiting() < FrameLine.WAITING_LENGTH_MAX / 4;
    }

    public boolean isConnected() {
        return connected != null;
    }

    /** By which it is connected; null while it is not. Any thread. */
    public ChannelWay way() {
        PopLine line = connected;
        return line == null ? null : line.way();
    }

    /** Sends what is queued, ends, and connects no more. Its listener is told. Never waits. */
    @Override
    public void close() {
        loop.execute(this::stop);
    }

    /** Ends the connection there is, and connects again. Any thread. */
    public void reconnect(String reason) {
        loop.execute(
                () -> {
                    if (attempt != null) {
                        attempt.line().abort(reason);
                    }
                });
    }

    /**
     * The machine has that address no longer: a connection from it would be silent until its
     * time-out. Any thread.
     */
    public void onAddressGone(InetAddress gone) {
        loop.execute(
                () -> {
                    if (attempt != null && gone.equals(attempt.localAddress())) {
                        attempt.line().abort("its address is gone: " + gone.getHostAddress());
                    }
                });
    }

    /** Sends a Ping before its time, where there is a connection. Any thread. */
    public void ask() {
        loop.execute(
                () -> {
                    if (attempt != null && attempt.pop() != null) {
                        attempt.ping();
                    }
                });
    }

    /** Other ways are wanted: ends a connection or an attempt by one that is not. Any thread. */
    public void onWays() {
        loop.execute(
                () -> {
                    if (attempt != null && !config.ways().get().contains(attempt.way())) {
                        attempt.line().abort("by " + wayText(attempt.way()) + " no longer");
                    }
                });
    }

    PeerVerifier pops() {
        return pops;
    }

    void onSecured(PopLine line) {
        LOG.info(
                "channel to PoP {} at {} by {}: up",
                line.pop().name(),
                remoteText(),
                wayText(line.way()));
        failures = 0;
        connected = line;
        listener.onConnected(line.pop());
    }

    void onFrame(Frame frame) {
        listener.onFrame(frame);
    }

    private void connect() {
        if (closed) {
            return;
        }
        List<ChannelWay> ways = config.ways().get();
        ChannelWay way = ways.get(failures++ % ways.size());
        int timeoutMs = (int) config.timing().handshakeTimeout().toMillis();
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
                        .option(
                                EpollChannelOption.TCP_USER_TIMEOUT,
                                (int) config.timing().idleTimeout().toMillis())
                        .handler(new Attempt(way))
                        .connect(config.remote(), way.local());
        connecting.addListener(done -> onTcp(connecting.channel(), done.cause()));
    }

    /** The one place from which every attempt's end is awaited, whether it ever stood or not. */
    private void onTcp(Channel channel, Throwable failure) {
        if (failure == null) {
            channel.closeFuture().addListener(_ -> onEnded(FailureText.CLOSED_BY_FAR_SIDE));
        } else {
            onEnded(FailureText.of(failure));
        }
    }

    private void onEnded(String otherwise) {
        PopLine ended = attempt;
        attempt = null;
        boolean hadSocket = ended != null;
        String reason = hadSocket ? ended.line().endReason(otherwise) : otherwise;
        boolean wasStable = hadSocket && ended.wasStable();
        if (connected != null) {
            connected = null;
            listener.onDisconnected(reason);
        }
        log(reason, wasStable);
        if (wasStable) {
            backoff.reset();
        } else if (hadSocket && ended.wasRefused()) {
            backoff.exhaust();
        }
        connectLater();
    }

    private void connectLater() {
        if (!closed) {
            loop.schedule(this::connect, backoff.nextMs(), TimeUnit.MILLISECONDS);
        }
    }

    /** The same failure again and again is one line. */
    private void log(String reason, boolean isNews) {
        if (closed) {
            LOG.info("channel to {}: {}", remoteText(), reason);
        } else if (isNews || !reason.equals(lastFailure)) {
            LOG.warn("channel to {}: {}", remoteText(), reason);
        }
        lastFailure = reason;
    }

    private void stop() {
        closed = true;
        if (attempt != null) {
            attempt.line().finish("closed by this site");
        }
    }

    /** Anew where the identity was renewed. */
    private SslContext tls() {
        Identity current = config.identities().get();
        if (current != shown) {
            shown = current;
            tls = ChannelTls.client(current, pops);
        }
        return tls;
    }

    private static String wayText(ChannelWay way) {
        return way.isBound() ? way.device() : "the kernel's routes";
    }

    private String remoteText() {
        return EndpointText.of(config.remote());
    }

    private final class Attempt extends ChannelInitializer<SocketChannel> {
        private final ChannelWay way;

        private Attempt(ChannelWay way) {
            this.way = way;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            attempt = new PopLine(ChannelClient.this, channel, config, way);
            attempt.start(tls());
            try {
                way.bind(channel);
            } catch (ChannelException e) {
                attempt.line().abort("bound to " + way.device() + ": " + FailureText.of(e));
            }
        }
    }
}
