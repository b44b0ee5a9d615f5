package io.spillway.routing.bgp;

import java.util.Arrays;

/**
 * The first message of each side (RFC 4271 section 4.2).
 *
 * <pre>
 *   version (1) | my AS (2) | hold time, s (2) | BGP identifier (4) | length (1) | parameters
 * </pre>
 *
 * @param as 1 to 2^32-1
 * @param holdTimeS 0 or at least 3
 * @param identifier never 0
 */
record OpenMessage(long as, int holdTimeS, int identifier, Capabilities capabilities) {
    /** Stands for an AS that two octets cannot say (RFC 6793 section 9). */
    static final int AS_TRANS = 23456;

    static final int TWO_OCTET_AS_MAX = 65535;
    static final int HOLD_TIME_MIN_S = 3;

    private static final int VERSION = 4;
    private static final int FIXED_LENGTH = 10;
    private static final int CAPABILITIES = 2;

    /** In place of type and length of the first parameter: both are longer (RFC 9072). */
    private static final int EXTENDED = 255;

    private static final int LENGTH_MAX = 128;

    /** The whole message. */
    static byte[] encode(long as, int holdTimeS, int identifier, boolean isIpv4, boolean isIpv6) {
        byte[] message = new byte[LENGTH_MAX];
        int parameters = MessageFramer.HEADER_LENGTH + FIXED_LENGTH;
        int end = Capabilities.put(message, parameters + 2, as, isIpv4, isIpv6);
        MessageFramer.putHeader(message, 0, end, MessageFramer.OPEN);
        int at = Wire.put8(message, MessageFramer.HEADER_LENGTH, VERSION);
        at = Wire.put16(message, at, as > TWO_OCTET_AS_MAX ? AS_TRANS : (int) as);
        at = Wire.put16(message, at, holdTimeS);
        at = Wire.put32(message, at, identifier);
        at = Wire.put8(message, at, end - parameters);
        at = Wire.put8(message, at, CAPABILITIES);
        Wire.put8(message, at, end - parameters - 2);
        return Arrays.copyOf(message, end);
    }

    /** The body of at least ten bytes. */
    static OpenMessage decode(byte[] bytes, int offset, int end) throws BgpException {
        if (Wire.u8(bytes, offset) != VERSION) {
            byte[] ours = {0, VERSION};
            throw new BgpException(Notification.OPEN, Notification.UNSUPPORTED_VERSION, ours);
        }
        Capabilities capabilities = parameters(bytes, offset + FIXED_LENGTH - 1, end);
        int twoOctetAs = Wire.u16(bytes, offset + 1);
        long as = capabilities.as() >= 0 ? capabilities.as() : twoOctetAs;
        int holdTimeS = Wire.u16(bytes, offset + 3);
        int identifier = Wire.i32(bytes, offset + 5);
        if (as == 0 || twoOctetAs == 0) {
            throw new BgpException(Notification.OPEN, Notification.BAD_PEER_AS);
        }
        if (holdTimeS != 0 && holdTimeS < HOLD_TIME_MIN_S) {
            throw new BgpException(Notification.OPEN, Notification.UNACCEPTABLE_HOLD_TIME);
        }
        if (identifier == 0) {
            throw new BgpException(Notification.OPEN, Notification.BAD_IDENTIFIER);
        }
        return new OpenMessage(as, holdTimeS, identifier, capabilities);
    }

    private static Capabilities parameters(byte[] bytes, int lengthAt, int end)
            throws BgpException {
        int at = lengthAt + 1;
        int length = Wire.u8(bytes, lengthAt);
        boolean isExtended = length != 0 && at < end && Wire.u8(bytes, at) == EXTENDED;
        if (isExtended) {
            require(end - at >= 3);
            length = Wire.u16(bytes, at + 1);
            at += 3;
        }
        require(length == end - at);
        Capabilities capabilities = Capabilities.none();
        int head = isExtended ? 3 : 2;
        while (at < end) {
            require(end - at >= head);
            int type = Wire.u8(bytes, at);
            int size = isExtended ? Wire.u16(bytes, at + 1) : Wire.u8(bytes, at + 1);
            at += head;
            require(size <= end - at);
            if (type != CAPABILITIES) {
                throw new BgpException(Notification.OPEN, Notification.UNSUPPORTED_PARAMETER);
            }
            capabilities = capabilities.read(bytes, at, at + size);
            at += size;
        }
        return capabilities;
    }

    private static void require(boolean isRight) throws BgpException {
        if (!isRight) {
            throw new BgpException(Notification.OPEN, 0);
        }
    }
}
