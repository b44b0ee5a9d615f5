package io.spillway.node;

import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.node.AskedPacket.Part;
import io.spillway.routing.fib.IpAddress;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the options of {@code spillway explain} that speak of a packet. */
final class AskedOptions {
    private static final int SOURCE_PORT = 49_152; // the first that RFC 6335 leaves to clients
    private static final int PORT_MAX = 0xFFFF;
    private static final int OCTET_MAX = 0xFF;
    private static final int OCTET_BITS = 8;
    private static final int HEX = 16;
    private static final Pattern MAC = Pattern.compile("(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
    private static final Pattern ICMP =
            Pattern.compile("icmp(v6)?(?:/(\\d{1,3})(?:/(\\d{1,3}))?)?");
    private static final Pattern ERROR = Pattern.compile("(\\d{1,3})(?:/(\\d{1,3}))?");
    static final Map<String, Integer> PROTOCOLS =
            Map.of("tcp", TcpHeader.PROTOCOL, "udp", UdpHeader.PROTOCOL);
    private static final String[] OF_PACKETS = {
        "dport", "sport", "mac", "policy", "fragment", "icmpError"
    };

    /** As people type those that have two words. */
    private static final Map<String, String> NAMES =
            Map.of("icmpError", "icmp-error", "errorFrom", "error-from");

    private final JsonNode request;

    private AskedOptions(JsonNode request) {
        this.request = request;
    }

    /** As {@link AskedPacket#of}. */
    static AskedPacket read(JsonNode request) {
        return new AskedOptions(request).packet();
    }

    private AskedPacket packet() {
        check(!has("identification") || has("fragment"), "identification", "with --fragment");
        check(!has("errorFrom") || has("icmpError"), "errorFrom", "with --icmp-error");
        if (!has("proto")) {
            for (String option : OF_PACKETS) {
                check(!has(option), option, "with --proto");
            }
            return null;
        }
        check(has("src"), "proto", "with --src");
        IpAddress source = IpAddress.parse(text("src"));
        IpAddress destination = IpAddress.parse(text("dst"));
        boolean isIpv4 = destination.isIpv4();
        check(source.isIpv4() == isIpv4, "src", "of the family of " + destination);
        int protocol = protocol(text("proto"));
        boolean hasPorts = PROTOCOLS.containsValue(protocol);
        check(hasPorts == has("dport"), "dport", "with tcp or udp, and only there");
        check(hasPorts || !has("sport"), "sport", "with tcp or udp only");
        AskedPacket packet =
                new AskedPacket(
                        source,
                        destination,
                        protocol,
                        number(protocol, isIpv4),
                        hasPorts ? number("sport", SOURCE_PORT, PORT_MAX) : 0,
                        mac(),
                        part(),
                        identification(isIpv4),
                        null);
        return has("icmpError") ? error(packet) : packet;
    }

    private boolean has(String option) {
        return request.has(option);
    }

    private String text(String option) {
        return request.path(option).asString("");
    }

    private static void check(boolean holds, String option, String expected) {
        if (!holds) {
            String name = NAMES.getOrDefault(option, option);
            throw new IllegalArgumentException("--" + name + ": expected " + expected);
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
                "tcp, udp, icmp, icmp/TYPE, icmp/TYPE/CODE, icmpv6 or a number, is " + proto);
        int number = Integer.parseInt(proto);
        boolean hasName =
                PROTOCOLS.containsValue(number)
                        || number == IcmpHeader.PROTOCOL
                        || number == Icmpv6Header.PROTOCOL;
        check(number <= OCTET_MAX && !hasName, "proto", "0..255, or its name, is " + proto);
        return number;
    }

    /** Destination port, or ICMP type and code; 0 of other protocols. */
    private int number(int protocol, boolean isIpv4) {
        if (PROTOCOLS.containsValue(protocol)) {
            return number("dport", 0, PORT_MAX);
        }
        Matcher icmp = ICMP.matcher(text("proto"));
        if (!icmp.matches()) {
            return 0;
        }
        boolean isOfIpv4 = icmp.group(1) == null;
        check(isOfIpv4 == isIpv4, "proto", "icmp for IPv4, icmpv6 for IPv6");
        int echo = isIpv4 ? IcmpHeader.ECHO_REQUEST : Icmpv6Header.ECHO_REQUEST;
        int type = icmp.group(2) == null ? echo : Integer.parseInt(icmp.group(2));
        int number = typeAndCode("proto", type, icmp.group(3));
        check(!isError(type, isIpv4), "proto", "a question or an answer; errors: --icmp-error");
        return number;
    }

    private static int typeAndCode(String option, int type, String codeText) {
        int code = codeText == null ? 0 : Integer.parseInt(codeText);
        check(Math.max(type, code) <= OCTET_MAX, option, "types and codes 0..255");
        return type << OCTET_BITS | code;
    }

    private static boolean isError(int type, boolean isIpv4) {
        return isIpv4 ? IcmpHeader.isError(type) : Icmpv6Header.isError(type);
    }

    /** From where the packet goes, unless somebody else is said to send it. */
    private AskedPacket error(AskedPacket quoted) {
        boolean isIpv4 = quoted.source().isIpv4();
        check(!quoted.isPart(), "fragment", "without --icmp-error");
        Matcher error = ERROR.matcher(text("icmpError"));
        String expected = "TYPE or TYPE/CODE of an error, is " + text("icmpError");
        check(error.matches(), "icmpError", expected);
        int type = Integer.parseInt(error.group(1));
        int number = typeAndCode("icmpError", type, error.group(2));
        check(isError(type, isIpv4), "icmpError", expected);
        IpAddress sender =
                has("errorFrom") ? IpAddress.parse(text("errorFrom")) : quoted.destination();
        check(sender.isIpv4() == isIpv4, "errorFrom", "of the family of " + quoted.source());
        int protocol = isIpv4 ? IcmpHeader.PROTOCOL : Icmpv6Header.PROTOCOL;
        return new AskedPacket(
                sender, quoted.source(), protocol, number, 0, quoted.mac(), Part.WHOLE, 0, quoted);
    }

    private Part part() {
        String word = text("fragment");
        boolean isKnown = word.isEmpty() || word.equals("first") || word.equals("later");
        check(isKnown, "fragment", "first or later, is " + word);
        return switch (word) {
            case "first" -> Part.FIRST;
            case "later" -> has("identification") ? Part.LATER : Part.NEXT;
            default -> Part.WHOLE;
        };
    }

    private int identification(boolean isIpv4) {
        return (int) number("identification", 0L, isIpv4 ? PORT_MAX : 0xFFFF_FFFFL);
    }

    private int number(String option, int other, int most) {
        return (int) number(option, (long) other, most);
    }

    private long number(String option, long other, long most) {
        long number = request.path(option).asLong(other);
        check(number >= 0 && number <= most, option, "0.." + most + ", is " + number);
        return number;
    }

    private long mac() {
        String mac = text("mac");
        if (mac.isEmpty()) {
            return 0;
        }
        check(MAC.matcher(mac).matches(), "mac", "such as 02:00:00:00:00:07, is " + mac);
        return Long.parseLong(mac.replace(":", ""), HEX);
    }
}
