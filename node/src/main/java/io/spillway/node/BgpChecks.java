package io.spillway.node;

import io.spillway.node.BgpConfig.Family;
import io.spillway.node.BgpConfig.Neighbour;
import io.spillway.node.BgpConfig.Rule;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between the values of {@code bgp} and no schema can say. */
final class BgpChecks {
    private static final Duration HOLD_MIN = Duration.ofSeconds(3); // RFC 4271 section 4.2
    private static final Duration HOLD_MAX = Duration.ofSeconds(65535);

    private static final Duration BFD_MIN = Duration.ofMillis(100);
    private static final Duration BFD_MAX = Duration.ofMillis(1800);

    private static final long AS_TRANS = 23456; // RFC 6793
    private static final long LAST_SHORT_AS = 65535; // RFC 7300
    private static final long LAST_AS = 4294967295L; // RFC 7300
    private static final long RESERVED_AS_MIN = 65552; // of IANA
    private static final long RESERVED_AS_MAX = 131071;

    private final SiteConfig config;
    private final BgpConfig bgp;
    private final ConfigTree tree;
    private final Map<String, String> names = new HashMap<>();
    private final Map<IpAddress, String> addresses = new HashMap<>();

    BgpChecks(SiteConfig config, ConfigTree tree) {
        this.config = config;
        this.tree = tree;
        bgp = config.bgp();
    }

    void check() {
        if (!config.hostPort().enabled()) {
            tree.mistake("hostPort.enabled", "false: expected true, since bgp needs the host port");
        }
        as("bgp.as", bgp.as());
        routerId();
        summaries();
        for (int i = 0; i < bgp.neighbours().size(); i++) {
            neighbour("bgp.neighbours[" + i + "]", bgp.neighbours().get(i));
        }
    }

    private void as(String key, long as) {
        boolean isReserved = as >= RESERVED_AS_MIN && as <= RESERVED_AS_MAX;
        if (isReserved || as == AS_TRANS || as == LAST_SHORT_AS || as == LAST_AS) {
            tree.mistake(key, as + ": expected an AS number that is not reserved");
        }
    }

    private void routerId() {
        IpAddress given = bgp.routerId();
        if (given != null && !given.isIpv4()) {
            tree.mistake("bgp.routerId", given + ": expected an IPv4 address");
        } else if (given == null
                && config.networks().allMatch(lan -> lan.gateway(true).isEmpty())) {
            tree.mistake(
                    "bgp.routerId", "missing, expected one, since the LAN has no IPv4 gateway");
        }
    }

    private void summaries() {
        Map<Prefix, String> seen = new HashMap<>();
        for (int i = 0; i < bgp.summaries().size(); i++) {
            String key = "bgp.summaries[" + i + "]";
            unique(seen, bgp.summaries().get(i), key);
            if (bgp.summaries().get(i).isDefault()) {
                tree.mistake(
                        key,
                        bgp.summaries().get(i)
                                + ": expected defaultOriginate of a neighbour instead");
            }
        }
    }

    private void neighbour(String key, Neighbour neighbour) {
        unique(names, neighbour.name(), key + ".name");
        unique(addresses, neighbour.address(), key + ".address");
        as(key + ".as", neighbour.as());
        address(key, neighbour);
        hold(key + ".hold", neighbour.hold());
        if (neighbour.bfd() != null) {
            interval(key + ".bfd.minTx", neighbour.bfd().minTx());
            interval(key + ".bfd.minRx", neighbour.bfd().minRx());
        }
        rules(key + ".accept", neighbour.accept());
        rules(key + ".advertise", neighbour.advertise());
    }

    private void address(String key, Neighbour neighbour) {
        IpAddress address = neighbour.address();
        boolean isOurs =
                config.networks()
                        .flatMap(network -> network.gateways().stream())
                        .anyMatch(gateway -> gateway.address().equals(address));
        Optional<SiteConfig.Network> network =
                neighbour.isMultihop() ? config.networkTowards(address) : config.networkOf(address);
        if (isOurs) {
            tree.mistake(
                    key + ".address", address + ": expected another address than our gateway's");
        } else if (network.isEmpty()) {
            String expected =
                    neighbour.isMultihop()
                            ? ": expected an address that a static route of the LAN leads to"
                            : ": expected an address in one of the LAN networks, or hops above 1";
            tree.mistake(key + ".address", address + expected);
        } else if (neighbour.families() != null) {
            families(key + ".families", neighbour.families(), network.get());
        }
    }

    private void families(String key, List<Family> families, SiteConfig.Network network) {
        Set<Family> seen = new HashSet<>();
        for (int i = 0; i < families.size(); i++) {
            Family family = families.get(i);
            String shown = family.isIpv4() ? "ipv4" : "ipv6";
            if (!seen.add(family)) {
                tree.mistake(key + "[" + i + "]", shown + ": expected each family once");
            } else if (network.gateway(family.isIpv4()).isEmpty()) {
                tree.mistake(
                        key + "[" + i + "]",
                        shown + ": expected a gateway of that family in network " + network.name());
            }
        }
    }

    private void hold(String key, Duration hold) {
        boolean isInRange = hold.compareTo(HOLD_MIN) >= 0 && hold.compareTo(HOLD_MAX) <= 0;
        if (hold.toMillisPart() != 0 || !hold.isZero() && !isInRange) {
            tree.mistake(key, DurationText.of(hold) + ": expected 0s, or whole seconds 3s..65535s");
        }
    }

    private void interval(String key, Duration interval) {
        boolean isInRange = interval.compareTo(BFD_MIN) >= 0 && interval.compareTo(BFD_MAX) <= 0;
        if (!isInRange) {
            tree.mistake(key, DurationText.of(interval) + ": expected 100ms to 1800ms");
        }
    }

    private void rules(String key, List<Rule> rules) {
        for (int i = 0; rules != null && i < rules.size(); i++) {
            rule(key + "[" + i + "]", rules.get(i));
        }
    }

    private void rule(String key, Rule rule) {
        int length = rule.prefix().length();
        if (rule.ge() != null && (rule.ge() < length || rule.ge() > rule.addressLength())) {
            String range = length + ".." + rule.addressLength();
            tree.mistake(key + ".ge", rule.ge() + ": expected " + range);
        } else if (rule.le() != null
                && (rule.le() < rule.lengthMin() || rule.le() > rule.addressLength())) {
            String range = rule.lengthMin() + ".." + rule.addressLength();
            tree.mistake(key + ".le", rule.le() + ": expected " + range);
        }
    }

    private <V> void unique(Map<V, String> seen, V value, String key) {
        String first = seen.putIfAbsent(value, key);
        if (first != null) {
            tree.mistake(key, value + ": expected another value than " + first + " has");
        }
    }
}
