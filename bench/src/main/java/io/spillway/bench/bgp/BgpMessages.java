package io.spillway.bench.bgp;

import java.nio.ByteBuffer;

/** What feeder and sink say (RFC 4271 section 4), as bytes. */
final class BgpMessages {
    static final int HEADER_LENGTH = 19;
    static final int LENGTH_MAX = 4096;
    static final int OPEN = 1;
    static final int UPDATE = 2;
    static final int NOTIFICATION = 3;
    static final int KEEPALIVE = 4;

    private static final int MARKER_LENGTH = 16;
    private static final int VERSION = 4;
    private static final int HOLD_S = 180;
    private static final int OPTIONAL_CAPABILITIES = 2;
    private static final int MULTIPROTOCOL = 1;
    private static final int FOUR_OCTET_AS = 65;
    private static final int AFI_IPV4 = 1;
    private static final int SAFI_UNICAST = 1;

    private static final int ORIGIN = 1;
    private static final int AS_PATH = 2;
    private static final int NEXT_HOP = 3;
    private static final int MED = 4;
    private static final int TRANSITIVE = 0x40;
    private static final int OPTIONAL = 0x80;
    private static final int AS_SEQUENCE = 2;
    private static final int OTHER_ASES = 64_000;
    private static final int PREFIX_LENGTH = 24;
    private static final int PREFIX_OCTETS = 4; // the length and three of the address

    private BgpMessages() {}

    /**
     * @param routerId as an address
     */
    static byte[] open(int as, int routerId) {
        ByteBuffer capabilities =
                ByteBuffer.allocate(12)
                        .put((byte) MULTIPROTOCOL)
                        .put((byte) 4)
                        .putShort((short) AFI_IPV4)
                        .put((byte) 0)
                        .put((byte) SAFI_UNICAST)
                        .put((byte) FOUR_OCTET_AS)
                        .put((byte) 4)
                        .putInt(as);
        ByteBuffer body =
                ByteBuffer.allocate(10 + 2 + capabilities.capacity())
                        .put((byte) VERSION)
                        .putShort((short) as)
                        .putShort((short) HOLD_S)
                        .putInt(routerId)
                        .put((byte) (2 + capabilities.capacity()))
                        .put((byte) OPTIONAL_CAPABILITIES)
                        .put((byte) capabilities.capacity())
                        .put(capabilities.flip());
        return message(OPEN, body.flip());
    }

    static byte[] keepAlive() {
        return message(KEEPALIVE, ByteBuffer.allocate(0));
    }

    /**
     * One attribute set and its prefixes, which are /24s one after the other.
     *
     * @param set its number: no two have the same AS path and MED
     */
    static byte[] announcement(int as, int nextHop, int set, int firstPrefix, int count) {
        ByteBuffer attributes =
                ByteBuffer.allocate(64)
                        .put((byte) TRANSITIVE)
                        .put((byte) ORIGIN)
                        .put((byte) 1)
                        .put((byte) 0)
                        .put((byte) TRANSITIVE)
                        .put((byte) AS_PATH)
                        .put((byte) (2 + 3 * Integer.BYTES))
                        .put((byte) AS_SEQUENCE)
                        .put((byte) 3)
                        .putInt(as)
                        .putInt(1 + set % OTHER_ASES)
                        .putInt(1 + set / 7 % OTHER_ASES)
                        .put((byte) TRANSITIVE)
                        .put((byte) NEXT_HOP)
                        .put((byte) 4)
                        .putInt(nextHop)
                        .put((byte) OPTIONAL)
                        .put((byte) MED)
                        .put((byte) 4)
                        .putInt(set);
        attributes.flip();
        ByteBuffer body =
                ByteBuffer.allocate(4 + attributes.limit() + PREFIX_OCTETS * count)
                        .putShort((short) 0)
                        .putShort((short) attributes.limit())
                        .put(attributes);
        putPrefixes(body, firstPrefix, count);
        return message(UPDATE, body.flip());
    }

    static byte[] withdrawal(int firstPrefix, int count) {
        ByteBuffer body =
                ByteBuffer.allocate(4 + PREFIX_OCTETS * count)
                        .putShort((short) (PREFIX_OCTETS * count));
        putPrefixes(body, firstPrefix, count);
        body.putShort((short) 0);
        return message(UPDATE, body.flip());
    }

    private static void putPrefixes(ByteBuffer body, int first, int count) {
        for (int prefix = first; prefix < first + count; prefix++) {
            int address = PrefixSet.address(prefix);
            body.put((byte) PREFIX_LENGTH)
                    .put((byte) (address >>> 24))
                    .put((byte) (address >>> 16))
                    .put((byte) (address >>> 8));
        }
    }

    private static byte[] message(int type, ByteBuffer body) {
        byte[] bytes = new byte[HEADER_LENGTH + body.remaining()];
        ByteBuffer message = ByteBuffer.wrap(bytes);
        for (int i = 0; i < MARKER_LENGTH; i++) {
            message.put((byte) 0xFF);
        }
        message.putShort((short) bytes.length).put((byte) type).put(body);
        return bytes;
    }
}
