package io.spillway.node.channel;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.spillway.control.wire.Frame;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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
    private String lastFailure = "";
    private boolean closed;
    private volatile FrameLine connected; // null while TLS does not stand

    private ChannelClient(
            ChannelThread thread, ChannelClientConfig config, ChannelListener listener) {
        this.config = config;
        this.listener = listener;
        this.loop = thread.loop();
        this.pops = config.verifier().accepting(Role.POP);
        this.shown = config.identities().get();
        this.tls = ChannelTls.client(shown, pops);
        this.backoff = new Backoff(config.timing(), new SplittableRandom());
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
        FrameLine line = connected;
        return line != null && line.send(frame);
    }

    /** Connected, and little waits for the PoP to read it. */
    public boolean hasRoom() {
        FrameLine line = connected;
        return line != null && line.waiting() < FrameLine.WAITING_LENGTH_MAX / 4;
    }

    public boolean isConnected() {
        return connected != null;
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

    PeerVerifier pops() {
        return pops;
    }

    void onSecured(PopLine line) {
        LOG.info("channel to PoP {} at {}: up", line.pop().name(), remoteText());
        connected = line.line();
        listener.onConnected(line.pop());
    }

    void onFrame(Frame frame) {
        listener.onFrame(frame);
    }

    private void connect() {
        if (closed) {
            return;
        }
        SocketAddress local =
                config.local() == null ? null : new InetSocketAddress(config.local(), 0);
        int timeoutMs = (int) config.timing().handshakeTimeout().toMillis();
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
                        .handler(new Attempt())
                        .connect(config.remote(), local);
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

    private String remoteText() {
        return EndpointText.of(config.remote());
    }

    private final class Attempt extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            attempt = new PopLine(ChannelClient.this, channel, config);
            attempt.start(tls());
        }
    }
}
