package io.spillway.dataplane.firewall;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.List;

/** A policy in plain words, which is walked through, and the same as the firewall takes it. */
final class PlainRules {
    private PlainRules() {}

    /** What is asked about: a packet, or the one that an answer answers. */
    record Question(
            int network,
            long mac,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int number,
            int sourcePort) {}

    /** Which rules decided; null: none. */
    record Answer(Network network, Rule rule) {
        boolean staysHere() {
            return network != null && network.isHere;
        }

        boolean isAllowed() {
            return rule != null && rule.isAllowed;
        }

        String name() {
            return (network == null ? "-" : network.name) + " " + (rule == null ? "-" : rule.name);
        }
    }

    record Network(String name, Scope scope, boolean isHere, List<Rule> rules) {}

    record Rule(String name, Scope scope, boolean isAllowed) {}

    record Scope(List<Side> from, List<Side> to, boolean isBothWays, List<Kind> kinds) {
        boolean holds(Question asked) {
            boolean isThere = isSource(from, asked) && isDestination(to, asked);
            boolean isBack = isBothWays && isSource(to, asked) && isDestination(from, asked);
            return (isThere || isBack) && kinds.stream().anyMatch(kind -> kind.holds(asked));
        }

        private static boolean isSource(List<Side> sides, Question asked) {
            return sides.stream().anyMatch(side -> side.isSource(asked));
        }

        private static boolean isDestination(List<Side> sides, Question asked) {
            return sides.stream().anyMatch(side -> side.isDestination(asked.destination));
        }
    }

    /** Of whom a rule speaks. */
    sealed interface Side {
        boolean isSource(Question asked);

        boolean isDestination(IpAddress address);

        Party party();
    }

    record Anybody() implements Side {
        @Override
        public boolean isSource(Question asked) {
            return true;
        }

        @Override
        public boolean isDestination(IpAddress address) {
            return true;
        }

        @Override
        public Party party() {
            return Party.ANYBODY;
        }
    }

    record Between(IpAddress first, IpAddress last) implements Side {
        @Override
        public boolean isSource(Question asked) {
            return isDestination(asked.source);
        }

        @Override
        public boolean isDestination(IpAddress address) {
            return address.isIpv4() == first.isIpv4()
                    && compare(first, address) <= 0
                    && compare(address, last) <= 0;
        }

        private static int compare(IpAddress one, IpAddress other) {
            int high = Long.compareUnsigned(one.high(), other.high());
            return high == 0 ? Long.compareUnsigned(one.low(), other.low()) : high;
        }

        @Override
        public Party party() {
            return Party.at(ValueSet.between(first, last));
        }
    }

    /** A network here, known by its door as a source and by its prefixes as a destination. */
    record Here(int number, List<Prefix> prefixes) implements Side {
        @Override
        public boolean isSource(Question asked) {
            return asked.network == number;
        }

        @Override
        public boolean isDestination(IpAddress address) {
            return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
        }

        @Override
        public Party party() {
            ValueSet there = ValueSet.anyOf(prefixes.stream().map(ValueSet::of).toList());
            return new Party(ValueSet.NONE, ValueSet.range(number, number), there, ValueSet.NONE);
        }
    }

    record Card(long mac) implements Side {
        @Override
        public boolean isSource(Question asked) {
            return asked.mac == mac;
        }

        @Override
        public boolean isDestination(IpAddress address) {
            return false;
        }

        @Override
        public Party party() {
            return new Party(ValueSet.NONE, ValueSet.NONE, ValueSet.NONE, ValueSet.range(mac, mac));
        }
    }

    /**
     * Of what a rule speaks.
     *
     * @param protocol negative: any
     */
    record Kind(int protocol, int first, int last, int firstSource, int lastSource) {
        static final int PORT_MAX = 0xFFFF;
        static final Kind ANY = new Kind(-1, 0, PORT_MAX, 0, PORT_MAX);

        boolean holds(Question asked) {
            return protocol < 0
                    || asked.protocol == protocol
                            && first <= asked.number
                            && asked.number <= last
                            && firstSource <= asked.sourcePort
                            && asked.sourcePort <= lastSource;
        }

        boolean asksForSource() {
            return firstSource > 0 || lastSource < PORT_MAX;
        }

        Service service() {
            if (protocol < 0) {
                return Service.ANY;
            }
            ValueSet numbers =
                    ValueSet.range(
                            PacketKey.service(protocol, first), PacketKey.service(protocol, last));
            return new Service(
                    numbers,
                    asksForSource() ? ValueSet.range(firstSource, lastSource) : ValueSet.ANY);
        }
    }

    /** The first that holds, of both levels. */
    static Answer walk(List<Network> networks, Question asked) {
        for (Network network : networks) {
            if (network.scope.holds(asked)) {
                for (Rule rule : network.rules) {
                    if (rule.scope.holds(asked)) {
                        return new Answer(network, rule);
                    }
                }
                return new Answer(network, null);
            }
        }
        return new Answer(null, null);
    }

    // ---- the same for the firewall

    static CompiledPolicy compile(List<Network> networks) throws PolicyTooLargeException {
        return new CompiledPolicy(networks.stream().map(PlainRules::real).toList());
    }

    private static NetworkRule real(Network network) {
        return new NetworkRule(
                network.name,
                real(network.scope),
                network.isHere ? NetworkRule.Transport.LAN : NetworkRule.Transport.WAN,
                network.rules.stream().map(PlainRules::real).toList());
    }

    private static FirewallRule real(Rule rule) {
        return new FirewallRule(
                rule.name,
                real(rule.scope),
                rule.isAllowed ? FirewallRule.Action.ALLOW : FirewallRule.Action.BLOCK);
    }

    private static RuleScope real(Scope scope) {
        return new RuleScope(
                Party.anyOf(scope.from.stream().map(Side::party).toList()),
                Party.anyOf(scope.to.stream().map(Side::party).toList()),
                scope.isBothWays,
                scope.kinds.stream().map(Kind::service).toList());
    }
}
