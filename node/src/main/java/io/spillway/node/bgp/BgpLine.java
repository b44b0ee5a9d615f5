package io.spillway.node.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.spillway.routing.bgp.Direction;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection, owned by the I/O thread: it carries bytes and judges nothing. What is
 * received is handed over in pieces; when more than {@value #UNTAKEN_MAX} bytes wait at control, no
 * more are read until it has caught up.
 */
final class BgpLine extends ChannelInboundHandlerAdapter {
    private static final int UNTAKEN_MAX = 1 << 20;

    /** For a last NOTIFICATION to arrive before the connection is torn down. */
    private static final long CLOSE_MAX_MS = 2_000;

    /** Where a line's news go; called on the I/O thread. */
    interface Owner {
        void onBytes(BgpLine line, byte[] bytes);

        void onClosed(BgpLine line, String why);

        void onWritable(BgpLine line, boolean isWritable);
    }

    private final int neighbour;
    private final Direction direction;
    private final Channel channel;
    private final EventLoop loop;
    private final Owner owner;
    private int untaken;
    private boolean isClosing;
    private String why = "closed by the neighbour";

    /**
     * @param loop that the channel is registered with, or will be
     */
    BgpLine(int neighbour, Direction direction, Channel channel, EventLoop loop, Owner owner) {
        this.loop = loop;
        this.neighbour = neighbour;
        this.direction = direction;
        this.channel = channel;
        this.owner = owner;
    }

    int neighbour() {
        return neighbour;
    }

    Direction direction() {
        return direction;
    }

    // ---- any thread

    /** Nothing is read before. */
    void begin() {
        channel.config().setAutoRead(true);
    }

    void send(byte[] bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
    }

    /** So many of the bytes that were handed over are dealt with. */
    void taken(int length) {
        loop.execute(() -> onTaken(length));
    }

    /** When all is sent. */
    void close() {
        loop.execute(this::closeGently);
    }

    // ---- the I/O thread

    private void onTaken(int length) {
        untaken -= length;
        if (untaken <= UNTAKEN_MAX / 2 && channel.isActive()) {
            channel.config().setAutoRead(true);
        }
    }

    /** What the neighbour still sends is read and dropped: a reset would destroy our last word. */
    private void closeGently() {
        if (isClosing) {
            return;
        }
        isClosing = true;
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        (ChannelFutureListener) _ -> ((DuplexChannel) channel).shutdownOutput());
        loop.schedule(() -> channel.close(), CLOSE_MAX_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        try {
            if (!isClosing) {
                byte[] bytes = new byte[received.readableBytes()];
                received.readBytes(bytes);
                untaken += bytes.length;
                if (untaken > UNTAKEN_MAX) {
                    channel.config().setAutoRead(false);
                }
                owner.onBytes(this, bytes);
            }
        } finally {
            received.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        owner.onWritable(this, channel.isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        owner.onClosed(this, why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        why = BgpFailure.inWords(cause);
        channel.close();
    }
}
