package io.spillway.control.wire;

import com.google.protobuf.ByteString;

/** Bounds of single fields. Each check returns in silence or throws with the field's name. */
final class FieldCheck {
    static final int NAME_LENGTH_MAX = 128;
    static final int TEXT_LENGTH_MAX = 16 * 1024; // the IDs of 500 sites
    static final int LINKS_MAX = 4; // R116
    static final int PRECEDENCE_MAX = 3; // active, passive, last resort
    static final int MTU_MIN = 576; // RFC 791: what every host must accept
    static final int MTU_MAX = 65535;

    private FieldCheck() {}

    static void siteId(long siteId) throws WireException {
        require(siteId != 0, "site ID is 0");
    }

    static void count(String field, int count, int countMax) throws WireException {
        require(count <= countMax, field + ": " + count + " entries, at most " + countMax);
    }

    static void name(String field, String name) throws WireException {
        require(!name.isEmpty(), field + " is empty");
        text(field, name, NAME_LENGTH_MAX);
    }

    static void text(String field, String text, int lengthMax) throws WireException {
        require(text.length() <= lengthMax, field + " is longer than " + lengthMax);
        boolean printable = text.chars().noneMatch(Character::isISOControl);
        require(printable, field + " holds control characters");
    }

    static void bytes(String field, ByteString bytes, int lengthMax) throws WireException {
        require(bytes.size() <= lengthMax, field + " is longer than " + lengthMax + " bytes");
    }

    static void link(int index, String name, int precedence) throws WireException {
        linkIndex(index);
        name("link name", name);
        require(precedence >= 1 && precedence <= PRECEDENCE_MAX, "link precedence " + precedence);
    }

    static void linkIndex(int index) throws WireException {
        require(index >= 0 && index < LINKS_MAX, "link index " + Integer.toUnsignedString(index));
    }

    static void mtu(int mtu) throws WireException {
        require(mtu >= MTU_MIN && mtu <= MTU_MAX, "MTU " + Integer.toUnsignedString(mtu));
    }

    static void endpoint(Endpoint endpoint) throws WireException {
        address(endpoint.getAddress());
        int port = endpoint.getPort();
        require(port > 0 && port <= 65535, "port " + Integer.toUnsignedString(port));
        require(WireAddress.isUnicast(endpoint.getAddress()), "endpoint is no unicast address");
    }

    static void require(boolean holds, String reason) throws WireException {
        if (!holds) {
            throw new WireException(reason);
        }
    }

    private static void address(ByteString address) throws WireException {
        boolean known = address.size() == 4 || address.size() == 16;
        require(known, "address of " + address.size() + " bytes");
        // The JDK turns these into IPv4: an address would change its family on the way.
        require(!WireAddress.isIpv4Mapped(address), "IPv4-mapped IPv6 address");
    }
}
