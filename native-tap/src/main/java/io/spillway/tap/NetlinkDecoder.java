package io.spillway.tap;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Decodes route netlink messages (rtnetlink(7)), native byte order. Never reads outside the given
 * bytes and never throws, whatever they hold.
 *
 * <pre>
 *   0          4      6      8          12         16
 *  +----------+------+------+----------+----------+--------------------+-------------------------
 *  | length   | type | flags| sequence | port     | fixed part by type | attributes, aligned to 4:
 *  +----------+------+------+----------+----------+--------------------+ length(2) type(2) value
 * </pre>
 */
final class NetlinkDecoder {
    /** What was found, in order. */
    interface Handler {
        void onLink(Link link, boolean isRemoved);

        void onAddress(LinkAddress address, boolean isRemoved);

        /** One per next hop. {@code isReplacing}: another route of this prefix went silently. */
        void onRoute(KernelRoute route, boolean isRemoved, boolean isReplacing);

        /** The answer to this request is not one consistent picture: things changed meanwhile. */
        void onInterrupted(int sequence);

        /** The answer to the request of this sequence is complete. */
        void onDone(int sequence);

        void onError(int sequence, int errno);

        /** A message that contradicts itself; what is behind it in this datagram is lost. */
        void onMalformed();
    }

    // include/uapi/linux/netlink.h
    static final int HEADER_LENGTH = 16;
    static final int FLAG_REQUEST = 0x001;
    static final int FLAG_DUMP = 0x300;
    static final int FLAG_DUMP_INTERRUPTED = 0x010;
    static final int FLAG_REPLACE = 0x100;
    static final int ERROR = 2;
    static final int DONE = 3;

    // include/uapi/linux/rtnetlink.h
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;

    private static final int TYPE_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int SEQUENCE_OFFSET = 8;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private NetlinkDecoder() {}

    static void decode(DirectBuffer buffer, int offset, int length, Handler handler) {
        int end = offset + length;
        int position = offset;
        while (position < end) {
            int messageLength = end - position < HEADER_LENGTH ? 0 : buffer.getInt(position, ORDER);
            boolean isWhole = messageLength >= HEADER_LENGTH && messageLength <= end - position;
            if (!isWhole || !decodeMessage(buffer, position, position + messageLength, handler)) {
                handler.onMalformed();
                return;
            }
            position += NetlinkAttributes.align(messageLength);
        }
    }

    /** Writes a request to list everything of this kind; returns its length. */
    static int encodeDump(MutableDirectBuffer buffer, int type, int fixedLength, int sequence) {
        int length = HEADER_LENGTH + fixedLength;
        buffer.setMemory(0, length, (byte) 0);
        buffer.putInt(0, length, ORDER);
        buffer.putShort(TYPE_OFFSET, (short) type, ORDER);
        buffer.putShort(FLAGS_OFFSET, (short) (FLAG_REQUEST | FLAG_DUMP), ORDER);
        buffer.putInt(SEQUENCE_OFFSET, sequence, ORDER);
        return length;
    }

    /** False when the message contradicts itself. Kinds that nobody asked for are passed over. */
    private static boolean decodeMessage(DirectBuffer buffer, int start, int end, Handler handler) {
        int type = buffer.getShort(start + TYPE_OFFSET, ORDER) & 0xFFFF;
        int flags = buffer.getShort(start + FLAGS_OFFSET, ORDER) & 0xFFFF;
        int sequence = buffer.getInt(start + SEQUENCE_OFFSET, ORDER);
        int body = start + HEADER_LENGTH;
        if ((flags & FLAG_DUMP_INTERRUPTED) != 0) {
            handler.onInterrupted(sequence);
        }
        return switch (type) {
            case NEW_LINK, DELETE_LINK ->
                    LinkDecoder.decode(buffer, body, end, type == DELETE_LINK, handler);
            case NEW_ADDRESS, DELETE_ADDRESS ->
                    AddressDecoder.decode(buffer, body, end, type == DELETE_ADDRESS, handler);
            case NEW_ROUTE -> {
                boolean isReplacing = (flags & FLAG_REPLACE) != 0;
                yield RouteDecoder.decode(buffer, body, end, false, isReplacing, handler);
            }
            case DELETE_ROUTE -> RouteDecoder.decode(buffer, body, end, true, false, handler);
            case ERROR -> decodeError(buffer, body, end, sequence, handler);
            case DONE -> {
                handler.onDone(sequence);
                yield true;
            }
            default -> true;
        };
    }

    /** An error of 0 is an acknowledgement. */
    private static boolean decodeError(
            DirectBuffer buffer, int body, int end, int sequence, Handler handler) {
        if (end - body < Integer.BYTES) {
            return false;
        }
        int errno = -buffer.getInt(body, ORDER);
        if (errno != 0) {
            handler.onError(sequence, errno);
        }
        return true;
    }
}
