package io.spillway.control.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.TunnelPlan;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HolePunchTest {
    private static final long MS = 1_000_000L;
    private static final byte[] KEY = new byte[32];
    private static final InetSocketAddress OUTSIDE = new InetSocketAddress("192.0.2.2", 20060);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("192.168.1.2", 20060);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.2", 40000);
    private static final InetSocketAddress OWN = new InetSocketAddress("192.0.2.1", 20060);
    private static final TunnelPlan.Key TUNNEL = new TunnelPlan.Key(0, 1002, 0);

    private record Sent(InetSocketAddress to, StunMessage message, int hops) {}

    private final List<Sent> sent = new ArrayList<>();
    private final HolePunch.Sender sender =
            (to, bytes, hops) -> sent.add(new Sent(to, StunMessage.parse(bytes), hops));
    private long nowNs = Long.MAX_VALUE - 40 * MS; // nanoseconds may begin anywhere

    private HolePunch punch(boolean isFixed, InetSocketAddress local) {
        var order = new PunchOrder(0xabcdL, KEY, TUNNEL, OUTSIDE, isFixed, local);
        return new HolePunch(order, new SplittableRandom(1), nowNs);
    }

    private void run(HolePunch punch, long ms) {
        for (long end = nowNs + ms * MS; end - nowNs > 0; nowNs += MS) {
            punch.poll(nowNs, sender);
        }
    }

    /** Past the openers, which are forgotten. */
    private HolePunch opened(boolean isFixed, InetSocketAddress local) {
        HolePunch punch = punch(isFixed, local);
        run(punch, HolePunch.LEAD_NS / MS);
        sent.clear();
        return punch;
    }

    /** Both NATs must be open before a probe reaches one. */
    @Test
    void shouldOpenOurNatBeforeAProbeReachesTheOther() {
        run(punch(false, LOCAL), HolePunch.LEAD_NS / MS);

        assertEquals(List.of(OUTSIDE, OUTSIDE), sent.stream().map(Sent::to).toList());
        assertEquals(List.of(2, 2), sent.stream().map(Sent::hops).toList());
    }

    private StunMessage answerTo(Sent probe) {
        return StunMessage.parse(StunMessage.response(probe.message(), OWN, KEY));
    }

    private static StunMessage probe(int number) {
        byte[] id = new byte[12];
        id[0] = (byte) number;
        return StunMessage.parse(StunMessage.request(id, OWN, "000000000000abcd", KEY));
    }

    /** D05: p, p+1, p-1, ... each to a different port, one per 5 ms. */
    @Test
    void shouldProbe32PortsAroundTheAnnouncedOne() {
        HolePunch punch = opened(false, null);
        run(punch, 20);
        assertEquals(4, sent.size());
        run(punch, 200);

        List<Integer> ports = sent.stream().map(it -> it.to().getPort()).toList();
        assertEquals(List.of(20060, 20061, 20059, 20062, 20058), ports.subList(0, 5));
        assertEquals(32, ports.stream().distinct().count());
        assertEquals(32 + 1, ports.size()); // p once more after 100 ms
        assertEquals(20045, ports.stream().min(Integer::compare).orElseThrow());
        assertEquals(20076, ports.stream().max(Integer::compare).orElseThrow());
        assertTrue(sent.stream().allMatch(it -> it.message().isAuthentic(KEY)));
        assertTrue(sent.stream().allMatch(it -> it.hops() == HolePunch.ALL_THE_WAY));
    }

    @Test
    void shouldStayWithinThePortsThatUsersHave() {
        var order =
                new PunchOrder(
                        1, KEY, TUNNEL, new InetSocketAddress("192.0.2.2", 1026), false, null);
        run(new HolePunch(order, new SplittableRandom(1), nowNs), 300);

        assertTrue(sent.stream().allMatch(it -> it.to().getPort() >= 1024));
    }

    @Test
    void shouldProbeNothingAroundAStaticEnd() {
        run(opened(true, null), 1_500);

        assertEquals(1 + 4, sent.size());
        assertTrue(sent.stream().allMatch(it -> it.to().equals(OUTSIDE)));
    }

    /** The other site's order may come later than ours, or a probe be lost. */
    @Test
    void shouldFindTheWayOfARepeatedProbe() {
        HolePunch punch = punch(true, null);
        run(punch, 600);
        punch.onStun(OUTSIDE, answerTo(sent.getLast()), nowNs, sender);
        run(punch, 1);

        assertEquals(OUTSIDE, punch.way());
    }

    @Test
    void shouldFindTheWayOfAnAnsweredProbeAndStop() {
        HolePunch punch = opened(false, null);
        run(punch, 30);
        assertTrue(punch.onStun(OUTSIDE, answerTo(sent.getFirst()), nowNs, sender));
        run(punch, 200);

        assertEquals(HolePunch.State.FOUND, punch.state());
        assertEquals(OUTSIDE, punch.way());
        assertEquals(6, sent.size());
    }

    @Test
    void shouldAnswerAProbeAndProbeWhereItCameFrom() {
        HolePunch punch = punch(false, null);
        assertTrue(punch.onStun(ELSEWHERE, probe(1), nowNs, sender));

        assertEquals(List.of(ELSEWHERE, ELSEWHERE), sent.stream().map(Sent::to).toList());
        assertEquals(ELSEWHERE, sent.getFirst().message().mapped());
        assertTrue(sent.getLast().message().isRequest());
        assertTrue(punch.onStun(ELSEWHERE, answerTo(sent.getLast()), nowNs, sender));
        run(punch, 1);
        assertEquals(ELSEWHERE, punch.way());
    }

    /** A way on the LAN is the better one, and worth a moment. */
    @Test
    void shouldPreferTheWayBehindTheNat() {
        HolePunch punch = opened(false, LOCAL);
        run(punch, 10);
        assertEquals(List.of(LOCAL, OUTSIDE), sent.stream().map(Sent::to).toList());
        punch.onStun(OUTSIDE, answerTo(sent.get(1)), nowNs, sender);
        run(punch, 10);
        assertEquals(HolePunch.State.PROBING, punch.state());

        punch.onStun(LOCAL, answerTo(sent.get(0)), nowNs, sender);
        run(punch, 1);
        assertEquals(LOCAL, punch.way());
    }

    @Test
    void shouldNotWaitForLongForABetterWay() {
        HolePunch punch = opened(false, LOCAL);
        run(punch, 10);
        punch.onStun(OUTSIDE, answerTo(sent.get(1)), nowNs, sender);
        run(punch, 60);

        assertEquals(OUTSIDE, punch.way());
    }

    @Test
    void shouldFailWhenNothingIsAnswered() {
        HolePunch punch = opened(false, null);
        run(punch, 1_550);
        assertEquals(HolePunch.State.PROBING, punch.state());
        run(punch, 100);

        assertEquals(HolePunch.State.FAILED, punch.state());
        assertNull(punch.way());
        assertFalse(punch.isOver(nowNs));
        nowNs += 5_000 * MS;
        assertTrue(punch.isOver(nowNs));
    }

    /** A captured probe that is sent again with another sender must not make us write to it. */
    @Test
    void shouldAnswerACopyOfAProbeWithNothing() {
        HolePunch punch = punch(false, null);
        punch.onStun(OUTSIDE, probe(1), nowNs, sender);
        sent.clear();

        assertFalse(punch.onStun(ELSEWHERE, probe(1), nowNs, sender));

        assertEquals(List.of(), sent);
        assertEquals(OUTSIDE, punch.heardFrom());
    }

    @Test
    void shouldAnswerNothingThatIsForged() {
        HolePunch punch = punch(false, null);
        run(punch, 10);
        Sent probe = sent.getFirst();
        sent.clear();
        byte[] otherKey = {1};
        byte[] id = new byte[12];
        byte[] forged = StunMessage.request(id, OWN, "000000000000abcd", otherKey);
        byte[] forgedAnswer = StunMessage.response(probe.message(), OWN, otherKey);
        byte[] plainAnswer = StunMessage.response(probe.message(), OWN);

        for (byte[] bytes : List.of(forged, forgedAnswer, plainAnswer)) {
            assertFalse(punch.onStun(OUTSIDE, StunMessage.parse(bytes), nowNs, sender));
        }
        assertFalse(punch.onStun(ELSEWHERE, answerTo(probe), nowNs, sender)); // not where we asked

        run(punch, 1);
        assertEquals(HolePunch.State.PROBING, punch.state());
        assertNull(punch.heardFrom());
        assertTrue(sent.stream().allMatch(it -> it.to().getAddress().equals(OUTSIDE.getAddress())));
    }

    @Test
    void shouldNotFollowManyStrangeSenders() {
        HolePunch punch = punch(true, null);
        for (int i = 0; i < 100; i++) {
            InetSocketAddress from = new InetSocketAddress("198.51.100." + i, 1);
            punch.onStun(from, probe(i), nowNs, sender);
        }

        assertEquals(8, sent.stream().filter(it -> it.message().isRequest()).count());
    }
}
