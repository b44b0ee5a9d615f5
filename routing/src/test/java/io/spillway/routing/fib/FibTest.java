package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FibTest {

    @Test
    void shouldHaveNoRouteWhenEmpty() {
        assertEquals(Fib.NO_ROUTE, Fib.EMPTY.lookup4(0));
        assertEquals(Fib.NO_ROUTE, Fib.EMPTY.lookup4(-1));
        assertEquals(Fib.NO_ROUTE, Fib.EMPTY.lookup6(-1, -1));
        assertEquals(NextHop.UNREACHABLE, Fib.EMPTY.nextHop(Fib.NO_ROUTE));
        assertEquals(0, Fib.EMPTY.routeCount());
    }

    @Test
    void shouldPreferTheLongestOfNestedPrefixes() {
        Fib fib = fib("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32");

        assertEquals(NextHop.site(0), hop(fib, "11.0.0.0"));
        assertEquals(NextHop.site(1), hop(fib, "10.255.255.255"));
        assertEquals(NextHop.site(2), hop(fib, "10.1.3.0"));
        assertEquals(NextHop.site(3), hop(fib, "10.1.2.2"));
        assertEquals(NextHop.site(4), hop(fib, "10.1.2.3"));
        assertEquals(NextHop.site(3), hop(fib, "10.1.2.4"));
        assertEquals(NextHop.UNREACHABLE, hop(fib, "::1"));
        assertEquals(5, fib.routeCount());
        assertEquals(7, fib.generation());
    }

    @Test
    void shouldPreferTheLongestOfNestedIpv6Prefixes() {
        Fib fib = fib("::/0", "fd00::/8", "fd00:1::/32", "fd00:1:0:1::/64", "fd00:1:0:1::7/128");

        assertEquals(NextHop.site(0), hop(fib, "2001:db8::1"));
        assertEquals(NextHop.site(1), hop(fib, "fd00:2::"));
        assertEquals(NextHop.site(2), hop(fib, "fd00:1::1"));
        assertEquals(NextHop.site(3), hop(fib, "fd00:1:0:1::6"));
        assertEquals(NextHop.site(4), hop(fib, "fd00:1:0:1::7"));
        assertEquals(NextHop.UNREACHABLE, hop(fib, "10.1.2.3"));
    }

    @Test
    void shouldKeepAdjacentPrefixesApart() {
        Fib fib = fib("10.0.0.0/17", "10.0.128.0/17", "10.1.0.0/31", "10.1.0.2/31");

        assertEquals(NextHop.site(0), hop(fib, "10.0.127.255"));
        assertEquals(NextHop.site(1), hop(fib, "10.0.128.0"));
        assertEquals(NextHop.site(2), hop(fib, "10.1.0.1"));
        assertEquals(NextHop.site(3), hop(fib, "10.1.0.2"));
        assertEquals(NextHop.UNREACHABLE, hop(fib, "10.1.0.4"));
    }

    @Test
    void shouldTakeLittleMemoryForASite() {
        FibWriter writer = new FibWriter();
        assertTrue(writer.usedLength() < 10 << 10, () -> writer.usedLength() + " bytes");
        for (int site = 0; site < 50; site++) {
            writer.put(Prefix.ofIpv4(10 << 24 | site << 8, 24), NextHopSet.of(NextHop.site(site)));
        }

        writer.publish(1);

        assertTrue(writer.touchedLength() < 100 << 10, () -> writer.touchedLength() + " bytes");
    }

    @Test
    void shouldRefuseAPrefixTwice() {
        assertThrows(IllegalArgumentException.class, () -> fib("10.0.0.0/8", "10.0.0.0/8"));
    }

    private static Fib fib(String... prefixes) {
        List<FibEntry> entries = new ArrayList<>();
        for (String prefix : prefixes) {
            entries.add(new FibEntry(Prefix.parse(prefix), NextHop.site(entries.size())));
        }
        return Fib.of(7, entries.reversed());
    }

    private static NextHop hop(Fib fib, String address) {
        return Lookups.hop(fib, IpAddress.parse(address));
    }
}
