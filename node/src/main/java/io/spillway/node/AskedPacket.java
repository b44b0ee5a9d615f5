package io.spillway.node;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.routing.fib.IpAddress;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import tools.jackson.databind.JsonNode;

/**
 * A packet that {@code spillway explain} is asked about: the first of a flow, a fragment of it, or
 * an ICMP error about it. Immutable.
 *
 * @param number destination port, or ICMP type and code, 8 bits each; else 0
 * @param mac of the card that sends it; 0: unknown
 * @param identification that its fragments have in common, if it comes in such
 * @param quoted what it is an error about; null: it is none
 */
public record AskedPacket(
        IpAddress source,
        IpAddress destination,
        int protocol,
        int number,
        int sourcePort,
        long mac,
        Part part,
        int identification,
        AskedPacket quoted) {
    private static final int OCTET_MAX = 0xFF;
    private static final int OCTET_BITS = 8;
    private static final int HOP_LIMIT = 64;
    private static final int TCP_LENGTH_FIELD = 0x50; // five words
    private static final int FRAGMENT_HEADER_LENGTH = 8; // RFC 8200 section 4.5
    private static final int FRAGMENT_UNIT = 8;
    private static final int FIRST_LENGTH = 24; // of the transport's bytes: a TCP header, in units
    private static final int WHOLE_LENGTH = 40;

    /** What of a packet it is. */
    public enum Part {
        WHOLE,
        /** The first of its fragments. */
        FIRST,
        /** Another, whose first has come lately, or has not. */
        LATER,
        /** Another, whose first comes a moment before it. */
        NEXT
    }

    /**
     * Null: the request tells of addresses only.
     *
     * @throws IllegalArgumentException naming the option and what was expected
     */
    public static AskedPacket of(JsonNode request) {
        return AskedOptions.read(request);
    }

    /** It is judged as another: what it quotes, or its first fragment. */
    public boolean isPart() {
        return quoted != null || isLater();
    }

    private boolean isLater() {
        return part == Part.LATER || part == Part.NEXT;
    }

    /** The first fragment, which is to come before it; null: what has come, has come. */
    AskedPacket first() {
        return part != Part.NEXT
                ? null
                : new AskedPacket(
                        source,
                        destination,
                        protocol,
                        number,
                        sourcePort,
                        mac,
                        Part.FIRST,
                        identification,
                        null);
    }

    // ---- bytes

    /** As it comes behind the Ethernet header; checksums of TCP, UDP and ICMP are left out. */
    public byte[] bytes() {
        byte[] content = content();
        boolean isIpv4 = source.isIpv4();
        int header = isIpv4 ? Ipv4Header.LENGTH_MIN : Ipv6Header.LENGTH;
        UnsafeBuffer packet = new UnsafeBuffer(new byte[header + content.length]);
        if (isIpv4) {
            writeIpv4(packet);
        } else {
            int next = part == Part.WHOLE ? protocol : Ipv6Extensions.FRAGMENT;
            Ipv6Header.write(packet, 0, content.length, next, HOP_LIMIT);
            Ipv6Header.writeSource(packet, 0, source.high(), source.low());
            Ipv6Header.writeDestination(packet, 0, destination.high(), destination.low());
        }
        packet.putBytes(header, content);
        return packet.byteArray();
    }

    private void writeIpv4(UnsafeBuffer packet) {
        int length = packet.capacity();
        Ipv4Header.write(packet, 0, 0, length, protocol, source.toIpv4(), destination.toIpv4());
        if (part != Part.WHOLE) {
            int field = isLater() ? FIRST_LENGTH / FRAGMENT_UNIT : Ipv4Header.MORE_FRAGMENTS;
            packet.putShort(Ipv4Header.IDENTIFICATION_OFFSET, (short) identification, BIG_ENDIAN);
            packet.putShort(Ipv4Header.FRAGMENT_OFFSET, (short) field, BIG_ENDIAN);
            Ipv4Header.writeChecksum(packet, 0);
        }
    }

    /** What stands behind the IP header. */
    private byte[] content() {
        byte[] data = isLater() ? new byte[WHOLE_LENGTH - FIRST_LENGTH] : transport();
        if (source.isIpv4() || part == Part.WHOLE) {
            return data;
        }
        UnsafeBuffer content = new UnsafeBuffer(new byte[FRAGMENT_HEADER_LENGTH + data.length]);
        content.putByte(0, (byte) protocol);
        int field = isLater() ? FIRST_LENGTH : 1; // the lowest three bits are not the offset's
        content.putShort(Short.BYTES, (short) field, BIG_ENDIAN);
        content.putInt(Integer.BYTES, identification, BIG_ENDIAN);
        content.putBytes(FRAGMENT_HEADER_LENGTH, data);
        return content.byteArray();
    }

    private byte[] transport() {
        byte[] about = quoted == null ? new byte[0] : quoted.bytes();
        int length = part == Part.FIRST ? FIRST_LENGTH : headerLength() + about.length;
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        if (isIcmp()) {
            bytes.putShort(0, (short) number, BIG_ENDIAN);
            bytes.putBytes(IcmpHeader.LENGTH, about);
        } else if (AskedOptions.PROTOCOLS.containsValue(protocol)) {
            bytes.putShort(0, (short) sourcePort, BIG_ENDIAN);
            bytes.putShort(Short.BYTES, (short) number, BIG_ENDIAN);
        }
        if (protocol == TcpHeader.PROTOCOL) {
            bytes.putByte(TcpHeader.DATA_OFFSET_OFFSET, (byte) TCP_LENGTH_FIELD);
            bytes.putByte(TcpHeader.FLAGS_OFFSET, (byte) TcpHeader.SYN);
        } else if (protocol == UdpHeader.PROTOCOL) {
            int whole = part == Part.WHOLE ? length : WHOLE_LENGTH;
            bytes.putShort(UdpHeader.LENGTH_OFFSET, (short) whole, BIG_ENDIAN);
        }
        return bytes.byteArray();
    }

    private int headerLength() {
        return switch (protocol) {
            case TcpHeader.PROTOCOL -> TcpHeader.LENGTH_MIN;
            case UdpHeader.PROTOCOL -> UdpHeader.LENGTH;
            default -> IcmpHeader.LENGTH;
        };
    }

    private boolean isIcmp() {
        return protocol == (source.isIpv4() ? IcmpHeader.PROTOCOL : Icmpv6Header.PROTOCOL);
    }

    // ---- words

    /** In one line. */
    public String describe() {
        String about = quoted == null ? "" : ", about " + quoted.describe();
        return switch (part) {
            case WHOLE -> ends() + about;
            case FIRST -> ends() + ", its first fragment";
            case LATER -> ends() + ", a later fragment, identification " + named();
            case NEXT -> ends() + ", a later fragment, the first came before";
        };
    }

    private String named() {
        return Integer.toUnsignedString(identification);
    }

    private String ends() {
        String name =
                AskedOptions.PROTOCOLS.entrySet().stream()
                        .filter(each -> each.getValue() == protocol)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("");
        if (!name.isEmpty()) {
            return "%s %s port %d to %s port %d"
                    .formatted(name, source, sourcePort, destination, number);
        }
        return isIcmp()
                ? "ICMP type %d code %d %s to %s"
                        .formatted(number >>> OCTET_BITS, number & OCTET_MAX, source, destination)
                : "protocol %d %s to %s".formatted(protocol, source, destination);
    }
}
