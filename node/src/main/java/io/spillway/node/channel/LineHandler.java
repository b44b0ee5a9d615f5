package io.spillway.node.channel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.protobuf.ProtobufVarint32FrameDecoder;
import io.netty.handler.codec.protobuf.ProtobufVarint32LengthFieldPrepender;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Pong;
import io.spillway.control.wire.WireSender;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, either end: TLS, then frames, then one end. Owned by the channel's thread. */
abstract class LineHandler extends SimpleChannelInboundHandler<Frame> {
    private static final Logger LOG = LoggerFactory.getLogger(LineHandler.class);
    private static final long CLOSE_NOTIFY_TIMEOUT_MS = 500;

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final FrameLine line;
    private final ChannelTiming timing;
    private long heardNs = System.nanoTime();

    LineHandler(SocketChannel channel, InetSocketAddress remote, ChannelTiming timing) {
        super(Frame.class);
        this.channel = channel;
        this.remote = remote;
        this.line = new FrameLine(channel);
        this.timing = timing;
    }

    /** TLS stands; nothing has been read behind it yet. Calls {@link #readFrames}. */
    abstract void onSecured(X509Certificate[] chain);

    /** Any frame but Ping and Pong, until the connection ends. */
    abstract void onFrame(Frame frame);

    /** The TCP connection is closed. Called once, whatever state it had reached. */
    abstract void onEnded(String reason);

    final void start(SslContext tls) {
        SslHandler handler = tls.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(timing.handshakeTimeout().toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT_MS);
        channel.pipeline().addLast(handler, this);
    }

    final void readFrames(WireSender farSide, int lengthMax) {
        long idleMs = timing.idleTimeout().toMillis();
        String self = channel.pipeline().context(this).name();
        channel.pipeline()
                .addBefore(self, null, new IdleStateHandler(idleMs, 0, 0, TimeUnit.MILLISECONDS))
                .addBefore(self, null, new ProtobufVarint32FrameDecoder(lengthMax))
                .addBefore(self, null, new ProtobufVarint32LengthFieldPrepender())
                .addBefore(self, null, new WireDecoder(farSide));
    }

    final FrameLine line() {
        return line;
    }

    /** Since the last frame, or since TCP stood. */
    final long silentNs() {
        return System.nanoTime() - heardNs;
    }

    final SocketChannel channel() {
        return channel;
    }

    final InetSocketAddress remote() {
        return remote;
    }

    @Override
    protected final void channelRead0(ChannelHandlerContext context, Frame frame) {
        if (line.isEnding()) {
            return;
        }
        heardNs = System.nanoTime();
        switch (frame.getBodyCase()) {
            case PING -> answer(frame.getPing().getSequence());
            case PONG -> {} // it was heard, which is all it is for
            default -> onFrame(frame);
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent done when done.isSuccess() -> onSecured(chain());
            case SslHandshakeCompletionEvent failed -> line.abort(FailureText.of(failed.cause()));
            case SslCloseCompletionEvent _ -> onFarSideDone();
            case IdleStateEvent _ ->
                    line.abort("nothing heard for " + timing.idleTimeout().toMillis() + " ms");
            default -> {}
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (!FailureText.isExpected(thrown)) {
            LOG.error("channel with {}: our fault", remote, thrown);
        }
        onFailure(FailureText.of(thrown));
    }

    /** What the far side sent cannot be read, or the connection broke. */
    void onFailure(String reason) {
        line.abort(reason);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        onEnded(line.endReason(FailureText.CLOSED_BY_FAR_SIDE));
    }

    /** Also the answer to our own last words, after which there is nothing to wait for. */
    private void onFarSideDone() {
        line.abort(FailureText.CLOSED_BY_FAR_SIDE);
        channel.close();
    }

    private X509Certificate[] chain() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return ChannelTls.peerChain(tls.engine().getSession());
    }

    private void answer(long sequence) {
        Pong pong = Pong.newBuilder().setSequence(sequence).build();
        if (!line.send(Frame.newBuilder().setPong(pong).build())) {
            line.abort(slowReader());
        }
    }

    final String slowReader() {
        return "slow reader: " + line.waiting() + " bytes wait for it";
    }
}
