package io.spillway.dataplane.firewall;

import io.spillway.dataplane.firewall.PlainPacket.Part;
import io.spillway.dataplane.firewall.PlainRules.Kind;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Random policies, and random packets that have much to do with each other: few hosts and ports,
 * answers, fragments, errors about what was sent before.
 *
 * <pre>
 *   network N (0 to 2): 10.1.N.0/24, fd00:1:0:N::/64; behind a router in 2: 10.1.9.0/24
 *   the gateway 10.1.0.1; another site 10.2.0.0/16; nobody 10.9.0.0/16
 * </pre>
 */
final class RandomTraffic {
    static final int NETWORKS = 3;
    static final IpAddress GATEWAY = IpAddress.parse("10.1.0.1");
    static final IpAddress BEHIND_ROUTER = IpAddress.parse("10.1.9.9");
    static final int ROUTER_NETWORK = 2;

    private static final List<List<Prefix>> PREFIXES =
            IntStream.range(0, NETWORKS)
                    .mapToObj(
                            network ->
                                    List.of(
                                            Prefix.parse("10.1." + network + ".0/24"),
                                            Prefix.parse("fd00:1:0:" + network + "::/64")))
                    .toList();
    private static final IpAddress OTHER_SITE = IpAddress.parse("10.2.0.7");
    private static final IpAddress NOBODY = IpAddress.parse("10.9.0.7");
    private static final IpAddress NOBODY_6 = IpAddress.parse("fd00:9::1");
    static final int HOSTS = 4;
    static final int FIRST_HOST = 5;

    private static final int REMEMBERED = 64;
    private static final PlainRules.Scope EVERYTHING =
            new PlainRules.Scope(
                    List.of(new PlainRules.Anybody()),
                    List.of(new PlainRules.Anybody()),
                    false,
                    List.of(Kind.ANY));
    static final int[] PORTS = {53, 80, 123, 443, 5060, 40_000};
    private static final int[] ICMP_QUESTIONS = {8, 8, 13, 17};
    private static final int[] OTHER_TYPES = {9, 10};
    static final int[] ERRORS_4 = {3 << 8 | 1, 3 << 8 | 4, 11 << 8, 12 << 8};
    static final int[] ERRORS_6 = {1 << 8 | 4, 2 << 8, 3 << 8};

    private final SplittableRandom random;
    private final boolean hasCards;
    private final List<PlainPacket> sent = new ArrayList<>();

    /**
     * @param hasCards rules may ask for who sent the frame
     */
    RandomTraffic(SplittableRandom random, boolean hasCards) {
        this.random = random;
        this.hasCards = hasCards;
    }

    /** Prefixes of a network, without what is behind routers there. */
    static List<Prefix> prefixes(int network) {
        return PREFIXES.get(network);
    }

    /** The network whose prefixes hold the address, or negative. */
    static int network(IpAddress address) {
        for (int network = 0; network < NETWORKS; network++) {
            for (Prefix prefix : PREFIXES.get(network)) {
                if (prefix.contains(address)) {
                    return network;
                }
            }
        }
        return -1;
    }

    // ---- policies

    /** Most say of everything at last that it is allowed, or is not. */
    List<PlainRules.Network> policy() {
        List<PlainRules.Network> networks = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            boolean isHere = random.nextInt(5) > 0;
            List<PlainRules.Rule> rules = isHere ? rules() : List.of();
            networks.add(new PlainRules.Network("n" + i, scope(), isHere, rules));
        }
        if (random.nextInt(4) > 0) {
            networks.add(new PlainRules.Network("rest", EVERYTHING, true, rules()));
        }
        return networks;
    }

    private List<PlainRules.Rule> rules() {
        List<PlainRules.Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            rules.add(new PlainRules.Rule("r" + i, scope(), random.nextInt(3) > 0));
        }
        if (random.nextInt(4) > 0) {
            rules.add(new PlainRules.Rule("rest", EVERYTHING, random.nextInt(4) > 0));
        }
        return rules;
    }

    private PlainRules.Scope scope() {
        boolean isBothWays = random.nextInt(3) == 0;
        List<PlainRules.Side> from = some(() -> side(hasCards && !isBothWays));
        return new PlainRules.Scope(from, some(() -> side(false)), isBothWays, some(this::kind));
    }

    private <T> List<T> some(Supplier<T> each) {
        List<T> some = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            some.add(each.get());
        }
        return some;
    }

    private PlainRules.Side side(boolean mayBeCard) {
        return switch (random.nextInt(mayBeCard ? 7 : 6)) {
            case 0 -> new PlainRules.Anybody();
            case 1, 2 -> {
                int network = random.nextInt(NETWORKS);
                yield new PlainRules.Here(network, prefixes(network));
            }
            case 3 -> {
                IpAddress host = host(random.nextBoolean());
                yield new PlainRules.Between(host, host);
            }
            case 4, 5 -> {
                int network = random.nextInt(NETWORKS);
                boolean isIpv4 = random.nextInt(3) > 0;
                int first = random.nextInt(FIRST_HOST, FIRST_HOST + HOSTS);
                yield new PlainRules.Between(
                        host(isIpv4, network, first),
                        host(isIpv4, network, random.nextInt(first, FIRST_HOST + HOSTS + 1)));
            }
            default -> new PlainRules.Card(random.nextInt(1, HOSTS));
        };
    }

    private Kind kind() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> Kind.ANY;
            case 2 -> number(PlainPacket.ICMP, any(ICMP_QUESTIONS) << 8, 0xFF);
            case 3 -> number(PlainPacket.ICMPV6, 128 << 8, 0xFF);
            case 4 -> number(any(new int[] {PlainPacket.ICMP, PlainPacket.ESP}), 0, Kind.PORT_MAX);
            default -> {
                int protocol = random.nextBoolean() ? PlainPacket.TCP : PlainPacket.UDP;
                int first = random.nextInt(4) == 0 ? 0 : any(PORTS);
                int last = random.nextBoolean() ? first : random.nextInt(first, Kind.PORT_MAX + 1);
                int source = random.nextInt(4) == 0 ? any(PORTS) : 0;
                yield new Kind(protocol, first, last, source, source == 0 ? Kind.PORT_MAX : 50_000);
            }
        };
    }

    private static Kind number(int protocol, int first, int more) {
        return new Kind(protocol, first, first + more, 0, Kind.PORT_MAX);
    }

    // ---- packets

    PlainPacket packet() {
        PlainPacket packet = sent.isEmpty() || random.nextInt(3) == 0 ? first() : next();
        if (sent.size() == REMEMBERED) {
            sent.remove(random.nextInt(REMEMBERED));
        }
        sent.add(packet);
        return packet;
    }

    /** One that has to do with what was sent. */
    private PlainPacket next() {
        PlainPacket known = sent.get(random.nextInt(sent.size()));
        return switch (random.nextInt(10)) {
            case 0 -> error(known);
            case 1 -> known.withPart(Part.LATER, identification(known));
            case 2 -> known.withPart(Part.FIRST, random.nextInt(4));
            case 3 -> mayComeBack(known) ? known.from(PlainPacket.FROM_POP) : first();
            case 4, 5, 6 -> mayAnswer(known.destination()) ? answer(known) : first();
            default -> known.withFlags(flags());
        };
    }

    private static boolean mayComeBack(PlainPacket packet) {
        return packet.network() >= 0 && network(packet.source()) >= 0;
    }

    /** Not of those whose packets the source guard would not take. */
    private static boolean mayAnswer(IpAddress address) {
        return door(address) != PlainPacket.FROM_POP || address.equals(OTHER_SITE);
    }

    private int identification(PlainPacket of) {
        return of.part() == Part.WHOLE ? random.nextInt(4) : of.identification();
    }

    private PlainPacket first() {
        boolean isIpv4 = random.nextInt(3) > 0;
        int network = random.nextInt(NETWORKS);
        IpAddress source = host(isIpv4, network, random.nextInt(FIRST_HOST, FIRST_HOST + HOSTS));
        IpAddress destination = host(isIpv4);
        int door = network;
        switch (random.nextInt(12)) {
            case 0 -> destination = elsewhere(isIpv4);
            case 1 -> {
                source = isIpv4 ? OTHER_SITE : source;
                door = isIpv4 ? PlainPacket.FROM_POP : network;
            }
            case 2 -> {
                source = isIpv4 ? GATEWAY : source;
                door = isIpv4 ? PlainPacket.FROM_HOST : network;
            }
            default -> {}
        }
        return about(door, source, destination);
    }

    private PlainPacket about(int door, IpAddress source, IpAddress destination) {
        int mac = random.nextInt(1, HOSTS);
        boolean isIpv4 = source.isIpv4();
        int protocol =
                switch (random.nextInt(6)) {
                    case 0, 1 -> isIpv4 ? PlainPacket.ICMP : PlainPacket.ICMPV6;
                    case 2, 3 -> PlainPacket.UDP;
                    case 4 -> PlainPacket.TCP;
                    default -> PlainPacket.ESP;
                };
        int number = any(PORTS);
        int sourcePort = any(PORTS);
        if (protocol == PlainPacket.ICMP) {
            number = any(random.nextInt(8) == 0 ? OTHER_TYPES : ICMP_QUESTIONS) << 8;
            sourcePort = random.nextInt(2);
        } else if (protocol == PlainPacket.ICMPV6) {
            number = 128 << 8;
            sourcePort = random.nextInt(2);
        }
        return new PlainPacket(
                door,
                mac,
                source,
                destination,
                protocol,
                number,
                sourcePort,
                flags(),
                Part.WHOLE,
                0,
                null);
    }

    private PlainPacket answer(PlainPacket to) {
        boolean isQuestion = to.isIcmp() && !to.isError();
        int reply = to.source().isIpv4() ? replyOf(to.type()) : 129;
        return new PlainPacket(
                door(to.destination()),
                random.nextInt(1, HOSTS),
                to.destination(),
                to.source(),
                to.protocol(),
                isQuestion ? reply << 8 : to.isIcmp() ? to.number() : to.sourcePort(),
                to.isIcmp() ? to.sourcePort() : to.number(),
                flags(),
                random.nextInt(8) == 0 ? Part.FIRST : Part.WHOLE,
                random.nextInt(4),
                to.quoted());
    }

    private static int replyOf(int type) {
        return switch (type) {
            case 8 -> 0;
            case 13, 15, 17 -> type + 1;
            default -> type;
        };
    }

    /** Sometimes to another than who sent it, sometimes about what never was. */
    private PlainPacket error(PlainPacket about) {
        boolean isIpv4 = about.source().isIpv4();
        PlainPacket quoted =
                switch (random.nextInt(8)) {
                    case 0 -> null;
                    case 1 -> about(0, about.source(), about.destination());
                    default -> about;
                };
        boolean isStray = random.nextInt(6) == 0;
        IpAddress source = random.nextInt(4) == 0 ? host(isIpv4) : about.destination();
        return new PlainPacket(
                door(source),
                random.nextInt(1, HOSTS),
                source,
                isStray ? host(isIpv4) : about.source(),
                isIpv4 ? PlainPacket.ICMP : PlainPacket.ICMPV6,
                any(isIpv4 ? ERRORS_4 : ERRORS_6),
                0,
                0,
                Part.WHOLE,
                0,
                quoted != null && quoted.isError() ? null : quoted);
    }

    private int flags() {
        return switch (random.nextInt(4)) {
            case 0 -> PlainPacket.SYN | PlainPacket.ACK;
            case 1 -> PlainPacket.ACK;
            default -> PlainPacket.SYN;
        };
    }

    /** Where packets of that address come in. */
    private static int door(IpAddress source) {
        if (source.equals(GATEWAY)) {
            return PlainPacket.FROM_HOST;
        }
        if (source.equals(BEHIND_ROUTER)) {
            return ROUTER_NETWORK;
        }
        int network = network(source);
        return network < 0 ? PlainPacket.FROM_POP : network;
    }

    // ---- addresses

    private IpAddress host(boolean isIpv4) {
        int host = random.nextInt(FIRST_HOST, FIRST_HOST + HOSTS);
        return host(isIpv4, random.nextInt(NETWORKS), host);
    }

    static IpAddress host(boolean isIpv4, int network, int host) {
        return isIpv4
                ? IpAddress.ofIpv4(10 << 24 | 1 << 16 | network << 8 | host)
                : IpAddress.ofIpv6(0xFD00_0001_0000_0000L | network, host);
    }

    private IpAddress elsewhere(boolean isIpv4) {
        if (!isIpv4) {
            return NOBODY_6;
        }
        return switch (random.nextInt(4)) {
            case 0 -> BEHIND_ROUTER;
            case 1 -> OTHER_SITE;
            case 2 -> GATEWAY;
            default -> NOBODY;
        };
    }

    private int any(int[] values) {
        return values[random.nextInt(values.length)];
    }
}
