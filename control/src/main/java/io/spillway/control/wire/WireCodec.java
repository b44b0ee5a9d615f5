package io.spillway.control.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;

/**
 * Frames of the channel to bytes and back; the length prefix belongs to the transport. Stateless,
 * any thread.
 *
 * <p>Every decoded frame has passed all bounds: its receiver need not check sizes, addresses,
 * prefixes or IDs again. Bytes from outside never cause anything but a {@link WireException}.
 */
public final class WireCodec {
    /** Of one frame without its length prefix. A transport refuses longer ones unread. */
    public static final int FRAME_LENGTH_MAX = 1 << 20;

    /** Of the prefixes in one part of a change of routes, in bytes. */
    public static final int ROUTE_PART_LENGTH_MAX = 64 << 10;

    private WireCodec() {}

    /**
     * Decodes the remaining bytes as one frame that {@code sender} may send.
     *
     * @throws WireException naming the reason; the channel is to be closed
     */
    public static Frame decode(ByteBuffer bytes, WireSender sender) throws WireException {
        if (bytes.remaining() > FRAME_LENGTH_MAX) {
            throw new WireException("frame of " + bytes.remaining() + " bytes is too long");
        }
        Frame frame = parse(bytes);
        Frame.BodyCase body = frame.getBodyCase();
        if (body == Frame.BodyCase.BODY_NOT_SET) {
            throw new WireException("frame without a body that is known here");
        }
        if (!sender.maySend(body)) {
            throw new WireException("a " + sender + " may not send " + body);
        }
        FrameCheck.check(frame);
        return frame;
    }

    public static Frame decode(byte[] bytes, WireSender sender) throws WireException {
        return decode(ByteBuffer.wrap(bytes), sender);
    }

    /**
     * Encodes one of our own frames.
     *
     * @throws IllegalArgumentException when the far side would refuse it: a programmer's error
     */
    public static byte[] encode(Frame frame) {
        byte[] bytes = frame.toByteArray();
        if (bytes.length > FRAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    frame.getBodyCase() + " of " + bytes.length + " bytes is too long");
        }
        try {
            FrameCheck.check(frame);
        } catch (WireException e) {
            throw new IllegalArgumentException(frame.getBodyCase() + ": " + e.getMessage(), e);
        }
        return bytes;
    }

    private static Frame parse(ByteBuffer bytes) throws WireException {
        try {
            return Frame.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new WireException("not a frame: " + e.getMessage());
        }
    }
}
