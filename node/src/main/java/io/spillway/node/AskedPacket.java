package io.spillway.node;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.routing.fib.IpAddress;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import tools.jackson.databind.JsonNode;

/**
 * A packet that {@code spillway explain} is asked about: the first of a flow, without data.
 * Immutable.
 *
 * @param number destination port, or ICMP type and code, 8 bits each; else 0
 * @param mac of the card that sends it; 0: unknown
 */
public record AskedPacket(
        IpAddress source,
        IpAddress destination,
        int protocol,
        int number,
        int sourcePort,
        long mac) {
    private static final int SOURCE_PORT = 49_152; // the first that RFC 6335 leaves to clients
    private static final int PORT_MAX = 0xFFFF;
    private static final int OCTET_MAX = 0xFF;
    private static final int OCTET_BITS = 8;
    private static final int HEX = 16;
    private static final int HOP_LIMIT = 64;
    private static final int TCP_LENGTH_FIELD = 0x50; // five words
    private static final Pattern MAC = Pattern.compile("(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
    private static final Pattern ICMP =
            Pattern.compile("icmp(v6)?(?:/(\\d{1,3})(?:/(\\d{1,3}))?)?");
    private static final Map<String, Integer> PROTOCOLS =
            Map.of("tcp", TcpHeader.PROTOCOL, "udp", UdpHeader.PROTOCOL);

    /**
     * Null: the request tells of addresses only.
     *
     * @throws IllegalArgumentException naming the option and what was expected
     */
    public static AskedPacket of(JsonNode request) {
        String proto = text(request, "proto");
        if (proto.isEmpty()) {
            for (String key : new String[] {"dport", "sport", "mac", "policy"}) {
                check(!request.has(key), key, "expected with --proto");
            }
            return null;
        }
        check(request.has("src"), "proto", "expected with --src");
        IpAddress source = IpAddress.parse(text(request, "src"));
        IpAddress destination = IpAddress.parse(text(request, "dst"));
        check(
                source.isIpv4() == destination.isIpv4(),
                "src",
                "expected of the family of " + destination);
        int protocol = protocol(proto);
        boolean hasPorts = PROTOCOLS.containsValue(protocol);
        check(
                hasPorts == request.has("dport"),
                "dport",
                "expected with tcp or udp, and only there");
        check(hasPorts || !request.has("sport"), "sport", "expected with tcp or udp only");
        int number = hasPorts ? port(request, "dport", 0) : 0;
        Matcher icmp = ICMP.matcher(proto);
        if (icmp.matches()) {
            check(
                    (icmp.group(1) == null) == source.isIpv4(),
                    "proto",
                    "expected icmp for IPv4, icmpv6 for IPv6");
            number = question(icmp, source.isIpv4());
        }
        int sourcePort = hasPorts ? port(request, "sport", SOURCE_PORT) : 0;
        return new AskedPacket(source, destination, protocol, number, sourcePort, mac(request));
    }

    private static String text(JsonNode request, String key) {
        return request.path(key).asString("");
    }

    private static void check(boolean holds, String option, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("--" + option + ": " + expected);
        }
    }

    private static int protocol(String proto) {
        if (PROTOCOLS.containsKey(proto)) {
            return PROTOCOLS.get(proto);
        }
        Matcher icmp = ICMP.matcher(proto);
        if (icmp.matches()) {
            return icmp.group(1) == null ? IcmpHeader.PROTOCOL : Icmpv6Header.PROTOCOL;
        }
        check(
                proto.matches("\\d{1,3}"),
                "proto",
                proto + ": expected tcp, udp, icmp, icmp/TYPE, icmp/TYPE/CODE, icmpv6 or a number");
        int number = Integer.parseInt(proto);
        boolean hasName =
                PROTOCOLS.containsValue(number)
                        || number == IcmpHeader.PROTOCOL
                        || number == Icmpv6Header.PROTOCOL;
        check(number <= OCTET_MAX && !hasName, "proto", proto + ": expected 0..255, or its name");
        return number;
    }

    /** Type and code; an echo if none are said. */
    private static int question(Matcher icmp, boolean isIpv4) {
        int echo = isIpv4 ? IcmpHeader.ECHO_REQUEST : Icmpv6Header.ECHO_REQUEST;
        int type = icmp.group(2) == null ? echo : Integer.parseInt(icmp.group(2));
        int code = icmp.group(3) == null ? 0 : Integer.parseInt(icmp.group(3));
        check(Math.max(type, code) <= OCTET_MAX, "proto", "expected types and codes 0..255");
        boolean isError = isIpv4 ? IcmpHeader.isError(type) : Icmpv6Header.isError(type);
        check(
                !isError,
                "proto",
                "an ICMP error goes with the packet that it quotes: ask about that");
        return type << OCTET_BITS | code;
    }

    private static int port(JsonNode request, String option, int other) {
        int port = request.path(option).asInt(other);
        check(port >= 0 && port <= PORT_MAX, option, port + ": expected 0..65535");
        return port;
    }

    private static long mac(JsonNode request) {
        String mac = text(request, "mac");
        if (mac.isEmpty()) {
            return 0;
        }
        check(MAC.matcher(mac).matches(), "mac", mac + ": expected such as 02:00:00:00:00:07");
        return Long.parseLong(mac.replace(":", ""), HEX);
    }

    // ---- bytes

    /** As it comes behind the Ethernet header; checksums of TCP, UDP and ICMP are left out. */
    public byte[] bytes() {
        boolean isIpv4 = source.isIpv4();
        int header = isIpv4 ? Ipv4Header.LENGTH_MIN : Ipv6Header.LENGTH;
        UnsafeBuffer packet = new UnsafeBuffer(new byte[header + transportLength()]);
        if (isIpv4) {
            Ipv4Header.write(
                    packet,
                    0,
                    0,
                    packet.capacity(),
                    protocol,
                    source.toIpv4(),
                    destination.toIpv4());
        } else {
            Ipv6Header.write(packet, 0, transportLength(), protocol, HOP_LIMIT);
            Ipv6Header.writeSource(packet, 0, source.high(), source.low());
            Ipv6Header.writeDestination(packet, 0, destination.high(), destination.low());
        }
        writeTransport(packet, header);
        return packet.byteArray();
    }

    private int transportLength() {
        return switch (protocol) {
            case TcpHeader.PROTOCOL -> TcpHeader.LENGTH_MIN;
            case UdpHeader.PROTOCOL -> UdpHeader.LENGTH;
            default -> IcmpHeader.LENGTH;
        };
    }

    private void writeTransport(UnsafeBuffer packet, int at) {
        switch (protocol) {
            case TcpHeader.PROTOCOL, UdpHeader.PROTOCOL -> {
                packet.putShort(at, (short) sourcePort, BIG_ENDIAN);
                packet.putShort(at + Short.BYTES, (short) number, BIG_ENDIAN);
            }
            case IcmpHeader.PROTOCOL, Icmpv6Header.PROTOCOL ->
                    packet.putShort(at, (short) number, BIG_ENDIAN);
            default -> {}
        }
        if (protocol == TcpHeader.PROTOCOL) {
            packet.putByte(at + TcpHeader.DATA_OFFSET_OFFSET, (byte) TCP_LENGTH_FIELD);
            packet.putByte(at + TcpHeader.FLAGS_OFFSET, (byte) TcpHeader.SYN);
        } else if (protocol == UdpHeader.PROTOCOL) {
            int length = UdpHeader.LENGTH;
            packet.putShort(at + UdpHeader.LENGTH_OFFSET, (short) length, BIG_ENDIAN);
        }
    }

    /** In one line. */
    public String describe() {
        String name =
                PROTOCOLS.entrySet().stream()
                        .filter(each -> each.getValue() == protocol)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("");
        if (!name.isEmpty()) {
            return "%s %s port %d to %s port %d"
                    .formatted(name, source, sourcePort, destination, number);
        }
        boolean isIcmp = protocol == IcmpHeader.PROTOCOL || protocol == Icmpv6Header.PROTOCOL;
        return isIcmp
                ? "ICMP type %d code %d %s to %s"
                        .formatted(number >>> OCTET_BITS, number & OCTET_MAX, source, destination)
                : "protocol %d %s to %s".formatted(protocol, source, destination);
    }
}
