package io.spillway.node.channel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The sending half of one connection, and its end, which has one reason. Any thread. */
final class FrameLine {
    /** Encoded frames that wait for the far side to read; several whole states of a big account. */
    static final int WAITING_LENGTH_MAX = 4 << 20;

    /** Counted for each frame besides its bytes, so that small frames are bounded too. */
    private static final int FRAME_OVERHEAD = 256;

    /** How long the far side may take to read our last words. */
    private static final long LINGER_MS = 1000;

    private final Channel channel;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicReference<String> endReason = new AtomicReference<>();

    FrameLine(Channel channel) {
        this.channel = channel;
    }

    /**
     * @return whether it was queued; false when the queue is full or the connection ends
     * @throws IllegalArgumentException when the far side would refuse the frame
     */
    boolean send(Frame frame) {
        byte[] bytes = WireCodec.encode(frame);
        int length = bytes.length + FRAME_OVERHEAD;
        if (isEnding() || !reserve(length)) {
            return false;
        }
        write(bytes, length);
        return true;
    }

    /** The last frame, then the end. */
    void finish(Frame lastWords, String reason) {
        if (end(reason)) {
            byte[] bytes = WireCodec.encode(lastWords);
            int length = bytes.length + FRAME_OVERHEAD;
            waiting.addAndGet(length);
            write(bytes, length);
            linger();
        }
    }

    /** Ends when all that was queued has been sent, or the far side does not read it. */
    void finish(String reason) {
        if (end(reason)) {
            linger();
        }
    }

    /** Ends at once. */
    void abort(String reason) {
        if (end(reason)) {
            channel.close();
        }
    }

    boolean isEnding() {
        return endReason.get() != null;
    }

    /** The first reason given, or {@code otherwise}, which becomes it. */
    String endReason(String otherwise) {
        end(otherwise);
        return endReason.get();
    }

    long waiting() {
        return waiting.get();
    }

    private boolean end(String reason) {
        return endReason.compareAndSet(null, reason);
    }

    private boolean reserve(int length) {
        if (waiting.addAndGet(length) > WAITING_LENGTH_MAX) {
            waiting.addAndGet(-length);
            return false;
        }
        return true;
    }

    private void write(byte[] bytes, int length) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes))
                .addListener(_ -> waiting.addAndGet(-length));
    }

    /**
     * Closing with unread bytes would reset the connection, and our last words might be lost with
     * it: so says we are done, and goes on reading until the far side closes.
     */
    private void linger() {
        channel.eventLoop().execute(this::closeOutbound); // behind all writes of this thread
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    private void closeOutbound() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        }
    }
}
