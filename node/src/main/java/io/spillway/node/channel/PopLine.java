package io.spillway.node.channel;

import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Ping;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.Welcome;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerRefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;

/** One connection at the site, from one attempt to connect. */
final class PopLine extends LineHandler {
    private final ChannelClient client;
    private final WireSender farSide;
    private final ChannelTiming timing;
    private final ChannelWay way;
    private Future<?> pinging;
    private long sequence;
    private PeerIdentity pop; // null until TLS stands
    private long securedNs;
    private boolean refused;

    PopLine(
            ChannelClient client,
            SocketChannel channel,
            ChannelClientConfig config,
            ChannelWay way) {
        super(channel, config.remote(), config.timing());
        this.client = client;
        this.farSide = config.farSide();
        this.timing = config.timing();
        this.way = way;
    }

    ChannelWay way() {
        return way;
    }

    /** What its packets leave with; null once it is closed. */
    InetAddress localAddress() {
        InetSocketAddress local = channel().localAddress();
        return local == null ? null : local.getAddress();
    }

    /** Null before TLS stood. */
    PeerIdentity pop() {
        return pop;
    }

    /** Whether it stood long enough to be tried again at once. */
    boolean wasStable() {
        boolean lasted = System.nanoTime() - securedNs >= timing.backoffMax().toNanos();
        return pop != null && lasted && !refused;
    }

    boolean wasRefused() {
        return refused;
    }

    @Override
    void onSecured(X509Certificate[] chain) {
        try {
            pop = client.pops().verify(chain);
        } catch (PeerRefusedException e) {
            line().abort(FailureText.of(e));
            return;
        }
        securedNs = System.nanoTime();
        readFrames(farSide, WireCodec.FRAME_LENGTH_MAX);
        long intervalMs = timing.pingInterval().toMillis();
        pinging =
                channel()
                        .eventLoop()
                        .scheduleAtFixedRate(
                                this::ping, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        client.onSecured(this);
    }

    @Override
    void onFrame(Frame frame) {
        client.onFrame(frame);
        if (frame.hasWelcome() && frame.getWelcome().getRefusal() != Refusal.REFUSAL_NONE) {
            refused = true;
            line().finish(refusalText(frame.getWelcome()));
        }
    }

    @Override
    void onEnded(String reason) {
        if (pinging != null) {
            pinging.cancel(false);
        }
    }

    void ping() {
        Ping ping = Ping.newBuilder().setSequence(++sequence).build();
        line().send(Frame.newBuilder().setPing(ping).build()); // full: silence will end it
    }

    private static String refusalText(Welcome welcome) {
        return "refused by the PoP: " + welcome.getRefusal() + ", " + welcome.getDetail();
    }
}
