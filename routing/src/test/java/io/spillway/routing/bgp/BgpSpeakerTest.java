package io.spillway.routing.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class BgpSpeakerTest {
    private static final Prefix NET4 = Prefix.parse("10.1.0.0/16");
    private static final Prefix NET6 = Prefix.parse("fd00:1::/48");

    private final BgpWire wire = new BgpWire();

    private void pair(NeighbourConfig a, NeighbourConfig b) {
        wire.add(a);
        wire.add(b);
        wire.join(0, 0, 1, 0);
    }

    private static NeighbourConfig a() {
        return Neighbours.config(1, Neighbours.AS_A, 2, Neighbours.AS_B);
    }

    private static NeighbourConfig b() {
        return Neighbours.config(2, Neighbours.AS_B, 1, Neighbours.AS_A);
    }

    @Test
    void shouldTellRoutesOfBothFamiliesAndWithdrawThem() {
        pair(a(), b());
        wire.speaker(0).originate(NET4, 0);
        wire.speaker(0).originate(NET6, 0);
        wire.start();
        assertEquals("65001", wire.path(1, "10.1.0.0/16"));
        assertEquals(IpAddress.parse("192.0.2.1"), wire.nextHop(1, "10.1.0.0/16"));
        assertEquals(IpAddress.parse("2001:db8::1"), wire.nextHop(1, "fd00:1::/48"));

        wire.speaker(0).withdraw(NET4);
        wire.speaker(0).withdraw(NET6);
        wire.settle();

        assertTrue(wire.learnt.get(1).isEmpty());
        assertEquals(0, wire.speaker(1).prefixCount());
        assertEquals(0, wire.speaker(1).attributeSetCount());
    }

    @Test
    void shouldKeepOneOfTwoCallsThatCross() {
        pair(a(), b());

        wire.start();

        assertTrue(wire.isEstablished(0, 0) && wire.isEstablished(1, 0));
        long established =
                wire.told.get(0).stream().filter(BgpAction.Established.class::isInstance).count();
        assertEquals(1, established);
        wire.pass(100);
        assertTrue(wire.isEstablished(0, 0) && wire.isEstablished(1, 0));
    }

    @Test
    void shouldAgreeOnTheSmallerHoldTime() {
        pair(Neighbours.hold(a(), 9), b());

        wire.start();
        wire.pass(200);

        assertEquals(9, wire.view(1, 0).holdTimeS());
        assertTrue(wire.isEstablished(1, 0));
        assertTrue(wire.view(1, 0).counters().messagesReceived > 200 / 3);
    }

    @Test
    void shouldNeverTimeOutWithHoldTimeZero() {
        pair(Neighbours.hold(a(), 0), b());
        wire.start();
        long before = wire.view(0, 0).counters().messagesReceived;

        wire.isReachable = end -> false;
        wire.pass(1000);

        assertTrue(wire.isEstablished(0, 0));
        assertEquals(before, wire.view(0, 0).counters().messagesReceived);
    }

    @Test
    void shouldEndSessionOfSilentNeighbourAndComeBack() {
        pair(a(), b());
        wire.speaker(0).originate(NET4, 0);
        wire.start();

        wire.isReachable = end -> false;
        wire.pass(59);
        assertTrue(wire.isEstablished(1, 0));
        wire.pass(3);
        assertFalse(wire.isEstablished(1, 0));
        assertEquals("sent: hold timer expired", wire.view(1, 0).lastEnd());
        assertTrue(wire.learnt.get(1).isEmpty());

        wire.isReachable = end -> true;
        wire.pass(60);
        assertTrue(wire.isEstablished(1, 0));
        assertEquals("65001", wire.path(1, "10.1.0.0/16"));
    }

    @Test
    void shouldSayWhyItShutsDown() {
        pair(a(), b());
        wire.start();

        wire.speaker(0).stop(0, "maintenance until 06:00 – gr\u00fc\u00dfe", wire.nowNs);
        wire.settle();

        assertEquals(
                "received: cease, administrative shutdown: \"maintenance until 06:00 – grüße\"",
                wire.view(1, 0).lastEnd());
        assertEquals(BgpState.IDLE, wire.view(0, 0).state());
        wire.speaker(0).start(0, wire.nowNs);
        wire.pass(70);
        assertTrue(wire.isEstablished(0, 0));
    }

    @Test
    void shouldRefuseAnotherAs() {
        pair(a(), Neighbours.config(2, 65_077, 1, Neighbours.AS_A));

        wire.start();
        wire.pass(20);

        assertEquals("received: OPEN message error, bad peer AS", wire.view(1, 0).lastEnd());
        assertFalse(wire.isEstablished(0, 0));
    }

    @Test
    void shouldPassRoutesOnBetweenNeighboursAndNotBackToTheirTeller() {
        wire.add(a());
        wire.add(b(), Neighbours.config(2, Neighbours.AS_B, 3, 65_003));
        wire.add(Neighbours.config(3, 65_003, 2, Neighbours.AS_B));
        wire.join(0, 0, 1, 0);
        wire.join(1, 1, 2, 0);
        wire.speaker(0).originate(NET4, 0);

        wire.start();

        assertEquals("4200000002 65001", wire.path(2, "10.1.0.0/16"));
        assertNull(wire.path(0, "10.1.0.0/16"));
        assertEquals(IpAddress.parse("192.0.2.2"), wire.nextHop(2, "10.1.0.0/16"));
    }

    @Test
    void shouldTellWhatItOriginatesInsteadOfWhatItHears() {
        wire.add(a());
        wire.add(b(), Neighbours.config(2, Neighbours.AS_B, 3, 65_003));
        wire.add(Neighbours.config(3, 65_003, 2, Neighbours.AS_B));
        wire.join(0, 0, 1, 0);
        wire.join(1, 1, 2, 0);
        wire.speaker(0).originate(NET4, 0);
        wire.speaker(1).originate(NET4, 0);
        wire.start();
        assertEquals("65001", wire.path(1, "10.1.0.0/16"), "heard all the same");
        assertEquals("4200000002", wire.path(2, "10.1.0.0/16"));

        wire.speaker(1).withdraw(NET4);
        wire.settle();

        assertEquals("4200000002 65001", wire.path(2, "10.1.0.0/16"));
    }

    @Test
    void shouldKeepPathsThatItCannotUseAndTellNobody() {
        wire.add(a());
        wire.add(b(), Neighbours.config(2, Neighbours.AS_B, 3, 65_003));
        wire.add(Neighbours.config(3, 65_003, 2, Neighbours.AS_B));
        wire.join(0, 0, 1, 0);
        wire.join(1, 1, 2, 0);
        wire.fault = hop -> hop.equals(IpAddress.parse("192.0.2.1")) ? "not here" : "";
        wire.speaker(0).originate(NET4, 0);

        wire.start();

        LearntPath path = wire.paths(1).get(NET4).getFirst();
        assertFalse(path.isUsed());
        assertEquals("not here", path.reason());
        assertNull(wire.path(2, "10.1.0.0/16"));
        assertTrue(wire.isEstablished(0, 0));
    }

    @Test
    void shouldUseEquallyGoodPathsTogetherAndSayWhyOthersLost() {
        wire.add(
                Neighbours.config(1, 65_000, 2, 65_002),
                Neighbours.config(1, 65_000, 3, 65_003),
                Neighbours.config(1, 65_000, 4, 65_004));
        wire.add(Neighbours.config(2, 65_002, 1, 65_000));
        wire.add(Neighbours.config(3, 65_003, 1, 65_000));
        wire.add(Neighbours.config(4, 65_004, 1, 65_000), Neighbours.config(4, 65_004, 5, 65_005));
        wire.add(Neighbours.config(5, 65_005, 4, 65_004));
        wire.join(0, 0, 1, 0);
        wire.join(0, 1, 2, 0);
        wire.join(0, 2, 3, 0);
        wire.join(3, 1, 4, 0);
        for (int teller : new int[] {1, 2, 4}) {
            wire.speaker(teller).originate(NET4, 0);
        }

        wire.start();

        List<LearntPath> paths = wire.paths(0).get(NET4);
        assertEquals(List.of(0, 1, 2), paths.stream().map(LearntPath::neighbour).toList());
        assertEquals(
                List.of("", DecisionProcess.EQUALLY_GOOD, "another path has a shorter AS path"),
                paths.stream().map(LearntPath::reason).toList());
        assertEquals(2, paths.stream().filter(LearntPath::isUsed).count());
    }

    @Test
    void shouldNotTakeFromNeighbourWhatCameFromTheCloud() {
        wire.add(a(), Neighbours.config(1, Neighbours.AS_A, 3, 65_003));
        wire.add(b());
        wire.add(Neighbours.config(3, 65_003, 1, Neighbours.AS_A));
        wire.join(0, 0, 1, 0);
        wire.join(0, 1, 2, 0);
        wire.speaker(2).originate(NET4, 0);
        wire.speaker(2).originate(NET6, 9);

        wire.start();

        assertEquals("65003", wire.path(0, "10.1.0.0/16"));
        assertNull(wire.path(0, "fd00:1::/48"));
        assertEquals(1, wire.view(0, 1).counters().fromSites);
    }

    @Test
    void shouldTakeAndTellWhatTheListsSay() {
        PrefixList some =
                new PrefixList(
                        List.of(
                                new PrefixList.Entry(Prefix.parse("10.1.2.0/24"), 24, 32, false),
                                new PrefixList.Entry(Prefix.parse("10.1.0.0/16"), 20, 24, true)));
        pair(
                Neighbours.lists(a(), PrefixList.ANY, some, true),
                Neighbours.lists(b(), some, PrefixList.ANY, false));
        for (String prefix :
                List.of("10.1.0.0/16", "10.1.1.0/24", "10.1.2.0/24", "10.1.3.128/25", "fd00::/8")) {
            wire.speaker(0).originate(Prefix.parse(prefix), 0);
        }

        wire.start();

        assertEquals("[10.1.1.0/24]", wire.learnt.get(1).keySet().toString());
        assertEquals(2, wire.view(1, 0).counters().filtered, "the default routes");
        assertEquals(1, wire.view(0, 0).advertised());
    }

    @Test
    void shouldIgnoreRoutesOverTheLimitAndTakeThemWhenThereIsRoom() {
        pair(a(), Neighbours.limit(b(), 8, false));
        for (int i = 0; i < 10; i++) {
            wire.speaker(0).originate(Prefix.ofIpv4(10 << 24 | i << 8, 24), 0);
        }
        wire.start();
        assertEquals(8, wire.learnt.get(1).size());
        List<BgpAction.LimitReached> reached =
                wire.told.get(1).stream()
                        .filter(BgpAction.LimitReached.class::isInstance)
                        .map(BgpAction.LimitReached.class::cast)
                        .toList();
        assertEquals(
                List.of(
                        new BgpAction.LimitReached(0, 8, false),
                        new BgpAction.LimitReached(0, 8, true)),
                reached);

        for (int i = 0; i < 5; i++) {
            wire.speaker(0).withdraw(Prefix.ofIpv4(10 << 24 | i << 8, 24));
        }
        wire.settle();

        assertEquals(5, wire.learnt.get(1).size());
    }

    @Test
    void shouldEndSessionOverTheLimitWhereSoConfigured() {
        pair(a(), Neighbours.limit(b(), 8, true));
        for (int i = 0; i < 10; i++) {
            wire.speaker(0).originate(Prefix.ofIpv4(10 << 24 | i << 8, 24), 0);
        }

        wire.start();

        assertEquals(
                "received: cease, maximum number of prefixes reached", wire.view(0, 0).lastEnd());
        wire.pass(30);
        assertEquals(BgpState.IDLE, wire.view(1, 0).state());
        assertTrue(wire.learnt.get(1).isEmpty());
    }

    @Test
    void shouldRestLongAfterTheLimitHoweverLongAllWasWell() {
        pair(a(), Neighbours.limit(b(), 8, true));
        wire.start();
        wire.pass(70);
        for (int i = 0; i < 10; i++) {
            wire.speaker(0).originate(Prefix.ofIpv4(10 << 24 | i << 8, 24), 0);
        }
        wire.pass(30);

        long sessions =
                wire.told.get(1).stream().filter(BgpAction.Established.class::isInstance).count();
        assertEquals(1, sessions);
    }

    @Test
    void shouldEndSessionWhenBfdLosesTheNeighbour() {
        pair(a(), b());
        wire.start();

        wire.speaker(0).onBfdDown(0, wire.nowNs);
        wire.settle();

        assertEquals("received: cease, BFD down", wire.view(1, 0).lastEnd());
        wire.pass(70);
        assertTrue(wire.isEstablished(0, 0));
    }

    @Test
    void shouldTellEverythingAgainOnRefresh() {
        pair(a(), b());
        wire.speaker(0).originate(NET4, 0);
        wire.start();
        long before = wire.view(1, 0).counters().updatesReceived;

        assertTrue(wire.speaker(1).requestRefresh(0));
        wire.settle();

        assertEquals(before + 1, wire.view(1, 0).counters().updatesReceived);
        assertEquals("65001", wire.path(1, "10.1.0.0/16"));
    }

    @Test
    void shouldKeepNothingOfTenThousandRoutesAfterTheSession() {
        pair(a(), b());
        for (int i = 0; i < 10_000; i++) {
            wire.speaker(0).originate(Prefix.ofIpv4(10 << 24 | i << 8, 24), i % 100);
        }
        wire.start();
        assertEquals(100, wire.learnt.get(1).size(), "the site's own");
        assertTrue(wire.view(1, 0).counters().fromSites >= 99);
        assertTrue(wire.view(0, 0).counters().updatesSent < 300, "packed");

        wire.speaker(1).stop(0, "", wire.nowNs);
        wire.settle();

        assertEquals(0, wire.speaker(1).prefixCount());
        assertEquals(0, wire.speaker(1).attributeSetCount());
    }
}
