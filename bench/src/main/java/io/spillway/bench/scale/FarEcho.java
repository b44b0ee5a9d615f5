package io.spillway.bench.scale;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.forward.ContentType;
import org.agrona.MutableDirectBuffer;

/** Echoes that prove tunnels, behind their type byte, as far ends answer them over IPv4. */
final class FarEcho {
    private static final int ANSWER_BIT = 0x80;
    private static final int IP = ContentType.LENGTH;
    private static final int SOURCE_OFFSET = IP + 12;
    private static final int DESTINATION_OFFSET = IP + 16;
    private static final int ICMP = IP + 20;
    private static final int CHECKSUM_OFFSET = ICMP + 2;
    private static final int LENGTH_MIN = ICMP + 8;
    private static final byte ECHO_REQUEST = 8;
    private static final byte ECHO_REPLY = 0;

    private FarEcho() {}

    static boolean isRequest(MutableDirectBuffer bytes, int offset, int length) {
        return length >= LENGTH_MIN
                && (bytes.getByte(offset) & ~ANSWER_BIT) == ContentType.PROOF
                && bytes.getByte(offset + ICMP) == ECHO_REQUEST;
    }

    /** Turns it round; the sum of addresses stays, that of the message is one type less. */
    static void answer(MutableDirectBuffer bytes, int offset) {
        int source = bytes.getInt(offset + SOURCE_OFFSET, BIG_ENDIAN);
        int destination = bytes.getInt(offset + DESTINATION_OFFSET, BIG_ENDIAN);
        bytes.putInt(offset + SOURCE_OFFSET, destination, BIG_ENDIAN);
        bytes.putInt(offset + DESTINATION_OFFSET, source, BIG_ENDIAN);
        bytes.putByte(offset + ICMP, ECHO_REPLY);
        int sum = bytes.getShort(offset + CHECKSUM_OFFSET, BIG_ENDIAN) & 0xFFFF;
        sum += ECHO_REQUEST << Byte.SIZE;
        short folded = (short) (sum + (sum >>> Short.SIZE));
        bytes.putShort(offset + CHECKSUM_OFFSET, folded, BIG_ENDIAN);
    }
}
