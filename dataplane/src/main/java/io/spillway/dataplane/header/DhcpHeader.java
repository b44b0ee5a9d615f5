package io.spillway.dataplane.header;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * View of the fixed part of a DHCP message (RFC 2131 section 2). Accessors rely on {@link
 * #isValid}. Addresses are the four bytes as a big-endian {@code int}.
 *
 * <pre>
 * +---------------+---------------+---------------+---------------+
 * |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |
 * +---------------+---------------+---------------+---------------+
 * |                     transaction ID (4)                        |
 * +-------------------------------+-------------------------------+
 * |           secs (2)            | B        flags (2)            |
 * +-------------------------------+-------------------------------+
 * |        ciaddr (4): the address that the client has            |
 * |        yiaddr (4): the one that it is given                   |
 * |        siaddr (4): of the next server                         |
 * |        giaddr (4): of the relay                               |
 * |        chaddr (16): the client's hardware address             |
 * |        sname (64), file (128), cookie (4), options            |
 * </pre>
 */
public final class DhcpHeader {
    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    /** Up to the options. */
    public static final int LENGTH_MIN = 240;

    private static final int HARDWARE_TYPE_OFFSET = 1;
    private static final int HARDWARE_LENGTH_OFFSET = 2;
    private static final int HOPS_OFFSET = 3;
    private static final int FLAGS_OFFSET = 10;
    private static final int CLIENT_ADDRESS_OFFSET = 12;
    private static final int YOUR_ADDRESS_OFFSET = 16;
    private static final int RELAY_ADDRESS_OFFSET = 24;
    private static final int HARDWARE_ADDRESS_OFFSET = 28;
    private static final int COOKIE_OFFSET = 236;

    private static final int ETHERNET = 1;
    private static final int COOKIE = 0x6382_5363;
    private static final int BROADCAST = 0x8000;

    private DhcpHeader() {}

    /** A whole message of a client, or to one, with an Ethernet address. */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= LENGTH_MIN
                && (operation(buffer, offset) == REQUEST || operation(buffer, offset) == REPLY)
                && buffer.getByte(offset + HARDWARE_TYPE_OFFSET) == ETHERNET
                && buffer.getByte(offset + HARDWARE_LENGTH_OFFSET) == MacAddress.LENGTH
                && buffer.getInt(offset + COOKIE_OFFSET, BIG_ENDIAN) == COOKIE;
    }

    /** {@link #REQUEST} or {@link #REPLY}. */
    public static int operation(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset);
    }

    /** How many relays have handed it on. */
    public static int hops(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + HOPS_OFFSET) & 0xFF;
    }

    public static void hops(MutableDirectBuffer buffer, int offset, int hops) {
        buffer.putByte(offset + HOPS_OFFSET, (byte) hops);
    }

    /** The client takes no answer to an address that it does not have yet. */
    public static boolean wantsBroadcast(DirectBuffer buffer, int offset) {
        return (buffer.getShort(offset + FLAGS_OFFSET, BIG_ENDIAN) & BROADCAST) != 0;
    }

    public static int clientAddress(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + CLIENT_ADDRESS_OFFSET, BIG_ENDIAN);
    }

    public static int yourAddress(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + YOUR_ADDRESS_OFFSET, BIG_ENDIAN);
    }

    /** 0: no relay has seen it. */
    public static int relayAddress(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + RELAY_ADDRESS_OFFSET, BIG_ENDIAN);
    }

    public static void relayAddress(MutableDirectBuffer buffer, int offset, int address) {
        buffer.putInt(offset + RELAY_ADDRESS_OFFSET, address, BIG_ENDIAN);
    }

    public static long clientMac(DirectBuffer buffer, int offset) {
        return MacAddress.read(buffer, offset + HARDWARE_ADDRESS_OFFSET);
    }
}
