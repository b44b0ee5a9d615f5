package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ValueSetTest {
    private static final int ROUNDS = 2_000;
    private static final int DOMAIN = 64; // numbers from it are spread over the ends of halves

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldDoAsPlainSetsDo() {
        for (int round = 0; round < ROUNDS; round++) {
            BitSet oneTwin = new BitSet();
            BitSet otherTwin = new BitSet();
            ValueSet one = random(oneTwin);
            ValueSet other = random(otherTwin);
            BitSet both = (BitSet) oneTwin.clone();
            both.and(otherTwin);

            check(oneTwin, one);
            check(both, one.and(other));
            check(both, other.and(one));
            BitSet alone = (BitSet) oneTwin.clone();
            alone.andNot(otherTwin);
            check(alone, one.without(other));
            assertEquals(!both.isEmpty(), one.meets(other), () -> "seed " + seed);
            assertEquals(one, one.and(ValueSet.ANY));
            assertTrue(ValueSet.ANY.without(ValueSet.ANY).isEmpty());
        }
    }

    private ValueSet random(BitSet twin) {
        List<ValueSet> ranges = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            int first = random.nextInt(DOMAIN);
            int last = first + random.nextInt(DOMAIN - first);
            twin.set(first, last + 1);
            ranges.add(between(first, last));
        }
        return ValueSet.anyOf(ranges);
    }

    /** Numbers around 2^64, so that ranges cross from the lower half to the upper. */
    private static long high(int number) {
        return number < DOMAIN / 2 ? 6 : 7;
    }

    private static long low(int number) {
        return number - DOMAIN / 2;
    }

    private static ValueSet between(int first, int last) {
        return ValueSet.between(
                IpAddress.ofIpv6(high(first), low(first)), IpAddress.ofIpv6(high(last), low(last)));
    }

    private void check(BitSet twin, ValueSet set) {
        for (int i = 0; i < DOMAIN; i++) {
            int number = i;
            assertEquals(
                    twin.get(i), set.contains(high(i), low(i)), () -> number + ", seed " + seed);
        }
        assertEquals(twin.isEmpty(), set.isEmpty());
        for (int i = 1; i < set.size(); i++) {
            long gapLow = set.lastLow(i - 1) + 1;
            long gapHigh = set.lastHigh(i - 1) + (gapLow == 0 ? 1 : 0);
            int order = ValueSet.compare(gapHigh, gapLow, set.firstHigh(i), set.firstLow(i));
            assertTrue(order < 0, () -> "ranges touch, seed " + seed);
        }
    }

    @Test
    void shouldHoldPrefixesOfBothFamilies() {
        ValueSet set =
                ValueSet.anyOf(
                        List.of(
                                ValueSet.of(Prefix.parse("10.1.0.0/16")),
                                ValueSet.of(Prefix.parse("fd00:1::/64"))));

        assertTrue(set.contains(0, ValueSet.mapped(0x0A01FFFF)));
        assertFalse(set.contains(0, ValueSet.mapped(0x0A020000)));
        assertFalse(set.contains(0, 0x0A010000), "an IPv6 address of the same bits");
        assertTrue(set.contains(0xFD00_0001_0000_0000L, -1));
        assertFalse(set.contains(0xFD00_0001_0000_0001L, 0));
        assertEquals(set, set.and(ValueSet.ANY));
        assertTrue(ValueSet.anyOf(List.of(set, ValueSet.ANY)).isAny());
        ValueSet allIpv6 = ValueSet.of(Prefix.parse("::/0"));
        ValueSet allIpv4 = ValueSet.of(Prefix.parse("0.0.0.0/0"));
        assertTrue(allIpv6.and(allIpv4).isEmpty());
        assertTrue(ValueSet.anyOf(List.of(allIpv6, allIpv4)).isAny());
    }

    @Test
    void shouldHoldPrefixesOfEveryLength() {
        for (int length = 0; length <= 128; length++) {
            Prefix prefix =
                    Prefix.containing(IpAddress.parse("2001:db8:5a5a:a5a5:5a5a:a5a5:1:2"), length);
            ValueSet set = ValueSet.of(prefix);
            for (int i = 0; i < 200; i++) {
                int bits = random.nextInt(129);
                IpAddress near = flip(prefix.address(), bits);
                boolean isMapped = near.high() == 0 && near.low() >>> 32 == 0xFFFF; // IPv4
                assertEquals(
                        prefix.contains(near) && !isMapped,
                        set.contains(near.high(), near.low()),
                        () -> prefix + " " + near);
            }
        }
        for (int length = 0; length <= 32; length++) {
            Prefix prefix = Prefix.containing(IpAddress.parse("203.165.90.60"), length);
            ValueSet set = ValueSet.of(prefix);
            for (int bit = 0; bit < 32; bit++) {
                int near = prefix.address().toIpv4() ^ 1 << bit;
                assertEquals(
                        prefix.contains(IpAddress.ofIpv4(near)),
                        set.contains(0, ValueSet.mapped(near)));
            }
        }
    }

    /** All bits from one on are the other way. */
    private static IpAddress flip(IpAddress address, int from) {
        long high = from >= 64 ? 0 : -1L >>> from;
        long low = from <= 64 ? -1 : from == 128 ? 0 : -1L >>> from - 64;
        return IpAddress.ofIpv6(address.high() ^ high, address.low() ^ low);
    }

    @Test
    void shouldRefuseRangesThatAreNone() {
        IpAddress one = IpAddress.parse("10.0.0.1");
        IpAddress other = IpAddress.parse("10.0.0.2");

        assertThrows(IllegalArgumentException.class, () -> ValueSet.between(other, one));
        assertThrows(
                IllegalArgumentException.class,
                () -> ValueSet.between(one, IpAddress.parse("fd00::1")));
    }
}
