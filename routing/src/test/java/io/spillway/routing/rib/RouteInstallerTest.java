package io.spillway.routing.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteInstallerTest {
    private static final int TABLE_LENGTH = 6 << 20;

    /** Each in a node of its own: more than the tables hold. */
    private static final int ROUTE_COUNT = 60_000;

    private final Rib rib = new Rib();
    private final RouteInstaller installer =
            new RouteInstaller(rib, TABLE_LENGTH, Integer.MAX_VALUE);
    private final List<Prefix> many = many();
    private long generation;

    private static List<Prefix> many() {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < ROUTE_COUNT; i++) {
            prefixes.add(Prefix.containing(IpAddress.ofIpv4(10 << 24 | i << 8), 25));
        }
        return prefixes;
    }

    private Fib install() {
        Fib fib = installer.install(++generation, site -> (int) site);
        fib.adopt();
        return fib;
    }

    private static long reached(Fib fib, List<Prefix> prefixes) {
        return prefixes.stream()
                .filter(prefix -> fib.lookup4(prefix.address().toIpv4()) != Fib.NO_ROUTE)
                .count();
    }

    @Test
    void shouldLeaveOutWhatTheTablesHaveNoRoomFor() {
        rib.replaceRemote(7, 1, many);

        Fib fib = install();

        assertTrue(installer.leftOutCount() > 1_000, () -> "left out " + installer.leftOutCount());
        assertEquals(ROUTE_COUNT - installer.leftOutCount(), reached(fib, many));
        assertEquals(ROUTE_COUNT - installer.leftOutCount(), fib.routeCount());
    }

    @Test
    void shouldPublishNothingUntilAllThatChangedIsThere() {
        RouteInstaller slow = new RouteInstaller(rib, TABLE_LENGTH, 100);
        List<Prefix> some = many.subList(0, 1_000);
        rib.replaceRemote(7, 1, some.subList(0, 50));
        Fib before = slow.install(1, site -> 0);
        assertEquals(50, reached(before, some));

        rib.replaceRemote(7, 2, some);
        for (int call = 1; call <= 9; call++) {
            assertSame(before, slow.install(2, site -> 0));
            assertTrue(slow.isBehind());
        }
        Fib after = slow.install(3, site -> 0);

        assertEquals(1_000, reached(after, some));
        assertFalse(slow.isBehind());
    }

    @Test
    void shouldDoAllAtOnceWhereAnotherSiteMayHaveTheIndex() {
        RouteInstaller slow = new RouteInstaller(rib, TABLE_LENGTH, 100);
        rib.replaceRemote(7, 1, many.subList(0, 1_000));
        rib.replaceRemote(8, 1, many.subList(1_000, 1_010));
        while (slow.isBehind()) {
            slow.install(1, site -> (int) site);
        }

        rib.forget(7);
        Fib fib = slow.install(2, site -> (int) site);
        assertEquals(10, reached(fib, many));

        rib.replaceRemote(8, 2, many.subList(0, 1_000));
        assertSame(fib, slow.install(3, site -> (int) site));
        assertEquals(1_000, reached(slow.install(4, site -> 9), many));
    }

    @Test
    void shouldInstallWhatWasLeftOutWhenRoomComesBack() {
        rib.replaceRemote(7, 1, many);
        install();
        List<Prefix> few = many.subList(ROUTE_COUNT - 2_000, ROUTE_COUNT);

        rib.replaceRemote(7, 2, few);
        Fib fib = install();

        assertEquals(0, installer.leftOutCount());
        assertEquals(2_000, reached(fib, few));
        assertEquals(2_000, fib.routeCount());
    }

    @Test
    void shouldChangeAndTakeOutRoutesOfFullTables() {
        rib.replaceRemote(7, 1, many);
        int held = install().routeCount();

        for (int round = 0; round < 10; round++) {
            int count = ROUTE_COUNT - round * 100;
            rib.replaceRemote(7, 2 + round, many.subList(0, count));
            int index = 100 + round;
            Fib fib = installer.install(++generation, site -> index);
            assertEquals(count - installer.leftOutCount(), fib.routeCount(), "round " + round);
            assertTrue(fib.routeCount() > held / 2, fib.routeCount() + " of " + held);
            assertEquals(fib.routeCount(), leadingTo(index, fib), "round " + round);
        }
    }

    private long leadingTo(int index, Fib fib) {
        return many.stream()
                .map(prefix -> fib.nextHop(fib.lookup4(prefix.address().toIpv4())))
                .filter(NextHop.site(index)::equals)
                .count();
    }

    @Test
    void shouldCountNoRouteThatIsGoneAsLeftOut() {
        rib.replaceRemote(7, 1, many);
        int before = install().routeCount();
        Prefix lost = lost();
        int leftOut = installer.leftOutCount();

        List<Prefix> others = new ArrayList<>(many);
        others.remove(lost);
        rib.replaceRemote(7, 2, others);
        install();

        assertEquals(leftOut - 1, installer.leftOutCount());
        assertEquals(ROUTE_COUNT - leftOut, before);
    }

    private Prefix lost() {
        Fib fib = installer.install(++generation, site -> (int) site);
        return many.stream()
                .filter(prefix -> fib.lookup4(prefix.address().toIpv4()) == Fib.NO_ROUTE)
                .findFirst()
                .orElseThrow();
    }
}
