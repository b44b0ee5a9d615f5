package io.spillway.bench.micro;

import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.RuleMatch;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rules as an access list has them, and packets for them, the same each time: networks of 16 to 32
 * bits on both sides, one of three of them any; services of one port, some ranges, some any. Of the
 * packets nine of ten are a rule's, any of them, the others are none's.
 */
final class AccessList {
    static final int TCP = 6;
    static final int PACKETS = 1 << 16;
    static final int SOURCE_PORT = 40_000;

    private static final int UDP = 17;
    private static final int SEED = 1;
    private static final int NETWORK = 10 << 24;
    private static final int NETWORK_BITS = 24;
    private static final int PORTS = 1 << 16;
    private static final int[] KNOWN_PORTS = {22, 25, 53, 80, 123, 389, 443, 445, 3389, 5060, 8443};

    /**
     * @param protocol 0: any
     */
    record Rule(Prefix source, Prefix destination, int protocol, int port, int portMax) {
        RuleMatch match() {
            return new RuleMatch(
                    ValueSet.ANY,
                    set(source),
                    set(destination),
                    protocol == 0
                            ? ValueSet.ANY
                            : ValueSet.range(
                                    PacketKey.service(protocol, port),
                                    PacketKey.service(protocol, portMax)),
                    ValueSet.ANY,
                    ValueSet.ANY);
        }

        private static ValueSet set(Prefix prefix) {
            return prefix.isDefault() ? ValueSet.ANY : ValueSet.of(prefix);
        }
    }

    /** Of IPv4, in host order. */
    record Packet(int source, int destination, int protocol, int port) {}

    final List<Rule> rules = new ArrayList<>();
    final List<Packet> packets = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);

    AccessList(int ruleCount) {
        for (int i = 0; i < ruleCount; i++) {
            rules.add(rule());
        }
        for (int i = 0; i < PACKETS; i++) {
            boolean isNone = random.nextInt(10) == 0;
            Rule of = isNone ? rule() : rules.get(random.nextInt(ruleCount));
            int source = address(of.source);
            int destination = address(of.destination);
            packets.add(
                    new Packet(
                            source,
                            destination,
                            of.protocol == 0 ? TCP : of.protocol,
                            of.protocol == 0 ? random.nextInt(PORTS) : of.port));
        }
    }

    private Rule rule() {
        int kind = random.nextInt(10);
        int protocol = kind == 0 ? 0 : kind < 7 ? TCP : UDP;
        int port = KNOWN_PORTS[random.nextInt(KNOWN_PORTS.length)];
        int from = kind == 5 ? 1024 : kind == 6 ? random.nextInt(PORTS) : port;
        int to = kind == 5 ? PORTS - 1 : from;
        Prefix source = prefix(random.nextInt(3) == 0);
        Prefix destination = prefix(source.length() > 0 && random.nextInt(3) == 0);
        return new Rule(source, destination, protocol, from, to);
    }

    private Prefix prefix(boolean isAny) {
        int address = NETWORK | random.nextInt(1 << NETWORK_BITS);
        int length = isAny ? 0 : random.nextInt(16, 33);
        return Prefix.containing(IpAddress.ofIpv4(address), length);
    }

    private int address(Prefix prefix) {
        int hostBits = Prefix.IPV4_LENGTH_MAX - prefix.length();
        int host = (int) (random.nextLong() & (1L << hostBits) - 1);
        return prefix.address().toIpv4() | host;
    }
}
