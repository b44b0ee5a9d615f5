package io.spillway.crypto.handshake;

import static io.spillway.crypto.handshake.RecordBytes.uint16;
import static io.spillway.crypto.handshake.RecordBytes.uint24;

import io.spillway.crypto.record.RecordHeader;

/**
 * Looks at a datagram before Bouncy Castle does, which would
 *
 * <ul>
 *   <li>allocate the length that the first fragment of a handshake message announces, up to 16 MiB
 *       and for 16 messages ahead: a few forged datagrams would cost a handshake 256 MiB. No
 *       message of ours is longer than a certificate chain;
 *   <li>end the handshake over a record whose version is a reserved number.
 * </ul>
 */
final class FlightGuard {
    static final int MESSAGE_LENGTH_MAX = 16 * 1024;

    /** Carried by the first records, before a version is agreed on (RFC 6347, 4.2.1). */
    private static final int DTLS_1_0 = 0xfeff;

    private FlightGuard() {}

    /**
     * Whether every record in the datagram is whole and of a version we speak, and every
     * unprotected handshake message of a bearable length. Records of other epochs are sealed, so
     * that they cannot be forged; what stands behind one is not looked at, as its header may
     * contain a connection ID.
     */
    static boolean admits(byte[] datagram) {
        int offset = 0;
        while (offset < datagram.length) {
            int content = offset + RecordBytes.HEADER_LENGTH;
            if (content > datagram.length
                    || !isKnown(uint16(datagram, offset + RecordBytes.VERSION_OFFSET))) {
                return false;
            }
            if (uint16(datagram, offset + RecordBytes.EPOCH_OFFSET) != 0) {
                return true;
            }
            int end = content + uint16(datagram, offset + RecordBytes.LENGTH_OFFSET);
            boolean isHandshake = datagram[offset] == RecordHeader.HANDSHAKE;
            if (end > datagram.length || isHandshake && !admitsMessages(datagram, content, end)) {
                return false;
            }
            offset = end;
        }
        return offset > 0;
    }

    private static boolean isKnown(int version) {
        return version == RecordHeader.DTLS_1_2 || version == DTLS_1_0;
    }

    private static boolean admitsMessages(byte[] datagram, int start, int end) {
        int offset = start;
        while (offset + RecordBytes.MESSAGE_HEADER_LENGTH <= end) {
            int length = uint24(datagram, offset + RecordBytes.MESSAGE_LENGTH_OFFSET);
            if (length > MESSAGE_LENGTH_MAX) {
                return false;
            }
            offset +=
                    RecordBytes.MESSAGE_HEADER_LENGTH
                            + uint24(datagram, offset + RecordBytes.FRAGMENT_LENGTH_OFFSET);
        }
        return true;
    }
}
