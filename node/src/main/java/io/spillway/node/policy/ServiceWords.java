package io.spillway.node.policy;

import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.ValueSet;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a policy's words for services mean: {@code any}, {@code tcp}, {@code tcp/443}, {@code
 * udp/5000-5999}, {@code udp/53 from 1024-65535}, {@code icmp}, {@code icmp/8} (type), {@code
 * icmp/3/4} (type and code), {@code protocol 89}.
 */
final class ServiceWords {
    static final String EXPECTED =
            "any, tcp/443, udp/5000-5999, udp/53 from 1024-65535, icmp, icmp/8, icmp/3/4, protocol 89,"
                    + " or a service's name";

    private static final int NUMBER_MAX = 0xFFFF;
    private static final int OCTET_MAX = 0xFF;
    private static final int OCTET_BITS = 8;

    private static final Map<String, Integer> WITH_PORTS = Map.of("tcp", 6, "udp", 17);
    private static final Map<String, Integer> OF_ICMP = Map.of("icmp", 1, "icmpv6", 58);

    private static final Pattern PORTS =
            Pattern.compile(
                    "(tcp|udp)(?:/(\\d{1,5})(?:-(\\d{1,5}))?)?(?: from (\\d{1,5})(?:-(\\d{1,5}))?)?");
    private static final Pattern ICMP =
            Pattern.compile("(icmp|icmpv6)(?:/(\\d{1,3})(?:/(\\d{1,3}))?)?");
    private static final Pattern PROTOCOL = Pattern.compile("protocol (\\d{1,3})");

    private ServiceWords() {}

    /** Null: it is none of these, so perhaps a name. */
    static Service of(String word) throws WordException {
        if (word.equals("any")) {
            return Service.ANY;
        }
        Matcher ports = PORTS.matcher(word);
        if (ports.matches()) {
            ValueSet numbers =
                    numbers(WITH_PORTS.get(ports.group(1)), range(ports.group(2), ports.group(3)));
            return new Service(numbers, set(range(ports.group(4), ports.group(5))));
        }
        Matcher icmp = ICMP.matcher(word);
        if (icmp.matches()) {
            int protocol = OF_ICMP.get(icmp.group(1));
            return new Service(
                    numbers(protocol, types(icmp.group(2), icmp.group(3))), ValueSet.ANY);
        }
        Matcher protocol = PROTOCOL.matcher(word);
        if (protocol.matches()) {
            int number = octet(protocol.group(1));
            return new Service(numbers(number, new int[] {0, NUMBER_MAX}), ValueSet.ANY);
        }
        return null;
    }

    private static ValueSet numbers(int protocol, int[] range) {
        int[] all = range == null ? new int[] {0, NUMBER_MAX} : range;
        return ValueSet.range(
                PacketKey.service(protocol, all[0]), PacketKey.service(protocol, all[1]));
    }

    private static ValueSet set(int[] range) {
        return range == null ? ValueSet.ANY : ValueSet.range(range[0], range[1]);
    }

    /** Null: none is given. */
    private static int[] range(String first, String last) throws WordException {
        if (first == null) {
            return null;
        }
        int from = Integer.parseInt(first);
        int to = last == null ? from : Integer.parseInt(last);
        if (from > to || to > NUMBER_MAX) {
            throw new WordException("ports 0..65535, the lower one first");
        }
        return new int[] {from, to};
    }

    private static int[] types(String type, String code) throws WordException {
        if (type == null) {
            return null;
        }
        int first = octet(type) << OCTET_BITS;
        return code == null
                ? new int[] {first, first | OCTET_MAX}
                : new int[] {first | octet(code), first | octet(code)};
    }

    private static int octet(String text) throws WordException {
        int number = Integer.parseInt(text);
        if (number > OCTET_MAX) {
            throw new WordException("a number 0..255");
        }
        return number;
    }
}
