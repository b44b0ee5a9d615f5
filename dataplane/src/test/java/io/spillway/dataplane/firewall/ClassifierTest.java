package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClassifierTest {
    private static final boolean IS_LONG = Boolean.getBoolean("spillway.long");
    private static final int POLICIES = IS_LONG ? 1_000 : 40;
    private static final int PACKETS = 10_000;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final PacketKey key = new PacketKey();

    /** Policies of every size, with few values, so that rules overlap. */
    @Test
    void shouldFindWhatAWalkThroughAllFinds() throws Exception {
        for (int policy = 0; policy < POLICIES; policy++) {
            List<RuleMatch> rules = rules(random.nextInt(1 << random.nextInt(1, 12)));
            Classifier classifier = new Classifier(rules);
            for (int packet = 0; packet < PACKETS; packet++) {
                fill(rules);
                assertEquals(walk(rules), classifier.classify(key), () -> "seed " + seed);
            }
        }
    }

    @Test
    void shouldFindNothingWithoutRules() throws Exception {
        assertEquals(Classifier.NONE, new Classifier(List.of()).classify(key));
        assertEquals(0, new Classifier(List.of(RuleMatch.ANY)).classify(key));
    }

    @Test
    void shouldRefuseWhatWouldTakeTooMuchMemory() {
        List<RuleMatch> nested = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            nested.add(from(ValueSet.range(ValueSet.mapped(i), ValueSet.mapped(-1 - i))));
        }

        assertThrows(PolicyTooLargeException.class, () -> new Classifier(nested));
    }

    @Test
    void shouldHoldAHundredThousandRules() throws Exception {
        List<RuleMatch> rules = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            rules.add(from(ValueSet.of(Prefix.ofIpv4(10 << 24 | i << 4, 28))));
        }

        Classifier classifier = new Classifier(rules);

        key.sourceLow = ValueSet.mapped(10 << 24 | 99_999 << 4 | 3);
        assertEquals(99_999, classifier.classify(key));
    }

    private static RuleMatch from(ValueSet source) {
        return new RuleMatch(
                ValueSet.ANY, source, ValueSet.ANY, ValueSet.ANY, ValueSet.ANY, ValueSet.ANY);
    }

    private int walk(List<RuleMatch> rules) {
        for (int i = 0; i < rules.size(); i++) {
            RuleMatch rule = rules.get(i);
            if (rule.side().contains(0, key.side)
                    && rule.source().contains(key.sourceHigh, key.sourceLow)
                    && rule.destination().contains(key.destinationHigh, key.destinationLow)
                    && rule.service().contains(0, key.service)
                    && rule.sourcePort().contains(0, key.sourcePort)
                    && rule.mac().contains(0, key.mac)) {
                return i;
            }
        }
        return Classifier.NONE;
    }

    // ---- random rules

    private List<RuleMatch> rules(int count) {
        boolean hasMacs = random.nextInt(4) == 0;
        boolean hasSides = random.nextBoolean();
        boolean hasSourcePorts = random.nextInt(3) == 0;
        List<RuleMatch> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(
                    new RuleMatch(
                            some(hasSides, 3, () -> range(8)),
                            some(true, 4, this::addresses),
                            some(true, 4, this::addresses),
                            some(true, 3, this::services),
                            some(hasSourcePorts, 8, () -> range(1 << 16)),
                            some(hasMacs, 8, () -> range(1 << 20))));
        }
        return rules;
    }

    /** Any, but one of so many times not. */
    private ValueSet some(boolean isAsked, int times, java.util.function.Supplier<ValueSet> set) {
        if (!isAsked || random.nextInt(times) == 0) {
            return ValueSet.ANY;
        }
        List<ValueSet> sets = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            sets.add(set.get());
        }
        return ValueSet.anyOf(sets);
    }

    private ValueSet range(int bound) {
        int first = random.nextInt(bound);
        return ValueSet.range(first, first + random.nextInt(bound - first));
    }

    private ValueSet addresses() {
        return switch (random.nextInt(4)) {
            case 0 -> ValueSet.of(Prefix.containing(ipv6(), random.nextInt(129)));
            case 1 -> {
                int first = ipv4();
                yield ValueSet.range(
                        ValueSet.mapped(first), ValueSet.mapped(first) + random.nextInt(300));
            }
            default -> ValueSet.of(Prefix.containing(IpAddress.ofIpv4(ipv4()), random.nextInt(33)));
        };
    }

    private int ipv4() {
        return 10 << 24 | random.nextInt(4) << 16 | random.nextInt(4) << 8 | random.nextInt(256);
    }

    private IpAddress ipv6() {
        long high = 0xFD00L << 48 | random.nextInt(4) << 16 | random.nextInt(4);
        return IpAddress.ofIpv6(high, (long) random.nextInt(4) << 62 | random.nextInt(4));
    }

    private ValueSet services() {
        int protocol =
                random.nextInt(3) == 0 ? random.nextInt(256) : random.nextBoolean() ? TCP : UDP;
        int first = random.nextInt(4) == 0 ? 0 : random.nextInt(1 << 16);
        int last = random.nextBoolean() ? first : first + random.nextInt((1 << 16) - first);
        return ValueSet.range(
                PacketKey.service(protocol, first), PacketKey.service(protocol, last));
    }

    // ---- random packets, most of them near a rule

    private void fill(List<RuleMatch> rules) {
        RuleMatch near = rules.isEmpty() ? RuleMatch.ANY : rules.get(random.nextInt(rules.size()));
        key.side = (int) value(near.side(), 8)[1];
        long[] source = address(near.source());
        key.sourceHigh = source[0];
        key.sourceLow = source[1];
        long[] destination = address(near.destination());
        key.destinationHigh = destination[0];
        key.destinationLow = destination[1];
        key.service = (int) value(near.service(), 1 << 24)[1];
        key.sourcePort = (int) value(near.sourcePort(), 1 << 16)[1];
        key.mac = value(near.mac(), 1 << 20)[1];
    }

    private long[] address(ValueSet set) {
        if (random.nextInt(4) > 0 && !set.isAny()) {
            return value(set, 0);
        }
        IpAddress address = ipv6();
        return random.nextBoolean()
                ? new long[] {0, ValueSet.mapped(ipv4())}
                : new long[] {address.high(), address.low()};
    }

    /** Of the set, or right beside it. */
    private long[] value(ValueSet set, int bound) {
        if (set.isAny() || bound > 0 && random.nextInt(8) == 0) {
            return new long[] {0, random.nextInt(bound)};
        }
        int range = random.nextInt(set.size());
        boolean isFirst = random.nextBoolean();
        long high = isFirst ? set.firstHigh(range) : set.lastHigh(range);
        long low = isFirst ? set.firstLow(range) : set.lastLow(range);
        long step = random.nextInt(3) == 0 ? isFirst ? -1 : 1 : 0;
        boolean isInBounds = bound == 0 || low + step >= 0 && low + step < bound;
        return new long[] {high, isInBounds ? low + step : low};
    }
}
