package io.spillway.routing.bgp;

import java.util.Arrays;

/**
 * Cuts a stream into messages (RFC 4271 section 4.1).
 *
 * <pre>
 *   0                16        18     19
 *  +------------------+---------+------+------
 *  | marker, all ones | length  | type | body
 *  +------------------+---------+------+------
 * </pre>
 *
 * <p>Keeps at most one incomplete message besides what {@link #append} brought last.
 */
final class MessageFramer {
    // RFC 4271 section 4.1; 5: RFC 2918; the greater length: RFC 8654.
    static final int OPEN = 1;
    static final int UPDATE = 2;
    static final int NOTIFICATION = 3;
    static final int KEEPALIVE = 4;
    static final int ROUTE_REFRESH = 5;
    static final int HEADER_LENGTH = 19;
    static final int MARKER_LENGTH = 16;
    static final int LENGTH_MAX = 4096;
    static final int EXTENDED_LENGTH_MAX = 65535;

    private static final int[] LENGTH_MIN = {0, 29, 23, 21, 19, 23};

    private byte[] bytes = new byte[LENGTH_MAX];
    private int start;
    private int end;
    private int lengthMax = LENGTH_MAX;
    private int messageOffset;
    private int messageLength;

    /** Longer UPDATEs and NOTIFICATIONs are allowed from now on. */
    void extend() {
        lengthMax = EXTENDED_LENGTH_MAX;
    }

    void append(byte[] source, int offset, int length) {
        if (bytes.length - end < length) {
            compact(length);
        }
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    private void compact(int length) {
        int kept = end - start;
        byte[] target =
                kept + length > bytes.length
                        ? new byte[Math.max(kept + length, 2 * bytes.length)]
                        : bytes;
        System.arraycopy(bytes, start, target, 0, kept);
        bytes = target;
        start = 0;
        end = kept;
    }

    /** Whether there is a whole message; the accessors below then speak of it. */
    boolean next() throws BgpException {
        if (end - start < HEADER_LENGTH) {
            return false;
        }
        for (int i = start; i < start + MARKER_LENGTH; i++) {
            if (bytes[i] != -1) {
                throw new BgpException(Notification.MESSAGE_HEADER, Notification.NOT_SYNCHRONIZED);
            }
        }
        int length = Wire.u16(bytes, start + MARKER_LENGTH);
        checkLength(length, Wire.u8(bytes, start + MARKER_LENGTH + 2));
        if (end - start < length) {
            return false;
        }
        messageOffset = start;
        messageLength = length;
        start += length;
        return true;
    }

    private void checkLength(int length, int type) throws BgpException {
        if (length < HEADER_LENGTH || length > lengthMax) {
            throw badLength();
        }
        if (type == 0 || type >= LENGTH_MIN.length) {
            byte[] data = {(byte) type};
            throw new BgpException(Notification.MESSAGE_HEADER, Notification.BAD_TYPE, data);
        }
        boolean isFixed = type == KEEPALIVE || type == ROUTE_REFRESH;
        boolean isShort = length < LENGTH_MIN[type];
        if (isShort
                || isFixed && length > LENGTH_MIN[type]
                || type == OPEN && length > LENGTH_MAX) {
            throw badLength();
        }
    }

    private BgpException badLength() {
        int at = start + MARKER_LENGTH;
        byte[] data = Arrays.copyOfRange(bytes, at, at + 2);
        return new BgpException(Notification.MESSAGE_HEADER, Notification.BAD_LENGTH, data);
    }

    int type() {
        return Wire.u8(bytes, messageOffset + MARKER_LENGTH + 2);
    }

    /** The message lies here until the next {@link #append}. */
    byte[] bytes() {
        return bytes;
    }

    int bodyOffset() {
        return messageOffset + HEADER_LENGTH;
    }

    int bodyEnd() {
        return messageOffset + messageLength;
    }

    /** Writes a header of that type; the length is the caller's to know. */
    static int putHeader(byte[] target, int at, int length, int type) {
        Arrays.fill(target, at, at + MARKER_LENGTH, (byte) -1);
        Wire.put16(target, at + MARKER_LENGTH, length);
        return Wire.put8(target, at + MARKER_LENGTH + 2, type);
    }
}
