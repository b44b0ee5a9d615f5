package io.spillway.routing.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class BfdSpeakerTest {
    private static final IpAddress A = IpAddress.parse("192.0.2.1");
    private static final IpAddress B = IpAddress.parse("192.0.2.2");
    private static final long MS = 1_000_000L;

    private final List<BfdAction> queueA = new ArrayList<>();
    private final List<BfdAction> queueB = new ArrayList<>();
    private final List<BfdAction.Changed> changesA = new ArrayList<>();
    private final List<BfdAction.Changed> changesB = new ArrayList<>();
    private final Random random = new Random(1);
    private BfdSpeaker a;
    private BfdSpeaker b;
    private Predicate<BfdSpeaker> isHeard = speaker -> true;
    private long sentByA;
    private long nowNs = -MS;

    private void pair(BfdConfig ofA, BfdConfig ofB) {
        a = new BfdSpeaker(List.of(ofA), random, queueA::add, nowNs);
        b = new BfdSpeaker(List.of(ofB), random, queueB::add, nowNs);
    }

    private static BfdConfig fast(IpAddress neighbour, boolean isPassive) {
        return new BfdConfig(neighbour, isPassive, 100_000, 100_000, 3);
    }

    private void pass(long ms) {
        for (long i = 0; i < ms; i++) {
            nowNs += MS;
            a.poll(nowNs);
            b.poll(nowNs);
            deliver(queueA, changesA, A, b);
            deliver(queueB, changesB, B, a);
        }
    }

    private void deliver(
            List<BfdAction> queue,
            List<BfdAction.Changed> changes,
            IpAddress source,
            BfdSpeaker to) {
        for (BfdAction action : List.copyOf(queue)) {
            switch (action) {
                case BfdAction.Changed changed -> changes.add(changed);
                case BfdAction.Send send -> {
                    sentByA += to == b ? 1 : 0;
                    if (isHeard.test(to)) {
                        to.onPacket(source, send.bytes(), 0, send.bytes().length, nowNs);
                    }
                }
            }
        }
        queue.clear();
    }

    private static BfdState state(BfdSpeaker speaker) {
        return speaker.neighbours().getFirst().state();
    }

    @Test
    void shouldComeUpWithOnePassiveSide() {
        pair(fast(B, true), fast(A, false));

        pass(3000);

        assertEquals(BfdState.UP, state(a));
        assertEquals(BfdState.UP, state(b));
        assertEquals(300_000, a.neighbours().getFirst().detectionUs());
    }

    @Test
    void shouldStaySilentWhenBothArePassive() {
        pair(fast(B, true), fast(A, true));

        pass(5000);

        assertEquals(0, sentByA);
        assertEquals(BfdState.DOWN, state(a));
    }

    @Test
    void shouldNoticeSilenceWithinThreeIntervals() {
        pair(fast(B, true), fast(A, false));
        pass(3000);

        isHeard = speaker -> false;
        pass(350);

        assertEquals(BfdState.DOWN, state(a));
        assertEquals(
                new BfdAction.Changed(0, BfdState.DOWN, BfdDiagnostic.DETECTION_TIME_EXPIRED, true),
                changesA.getLast());
        isHeard = speaker -> true;
        pass(4000);
        assertEquals(BfdState.UP, state(a));
    }

    @Test
    void shouldNotFlapForAnHourOfOneLostPacketInTwo() {
        pair(fast(B, true), fast(A, false));
        pass(3000);
        Map<BfdSpeaker, Boolean> isOdd = new HashMap<>();
        isHeard = speaker -> isOdd.merge(speaker, true, (before, _) -> !before);

        pass(3_600_000);

        assertEquals(1, a.neighbours().getFirst().upCount());
    }

    @Test
    void shouldHearOfOneWayFailureFromTheOtherSide() {
        pair(fast(B, true), fast(A, false));
        pass(3000);

        isHeard = speaker -> speaker != b;
        pass(800);

        assertEquals(BfdDiagnostic.DETECTION_TIME_EXPIRED, changesB.getLast().diagnostic());
        assertEquals(BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, changesA.getLast().diagnostic());
    }

    @Test
    void shouldTakeTheSlowerOfBothWishes() {
        pair(
                new BfdConfig(B, true, 100_000, 100_000, 3),
                new BfdConfig(A, false, 300_000, 500_000, 4));
        pass(5000);
        sentByA = 0;

        pass(10_000);

        assertTrue(sentByA >= 20 && sentByA <= 27, () -> "sent " + sentByA);
        assertEquals(4 * 300_000, a.neighbours().getFirst().detectionUs());
        assertEquals(3 * 500_000, b.neighbours().getFirst().detectionUs());
    }

    @Test
    void shouldEndOnPurpose() {
        pair(fast(B, true), fast(A, false));
        pass(3000);

        a.stop(nowNs);
        pass(10);

        assertEquals(BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, changesB.getLast().diagnostic());
        assertFalse(changesB.getLast().isFailure());
        pass(3000);
        assertEquals(BfdState.DOWN, state(b));
    }

    @Test
    void shouldDiscardWhatIsOfNobody() {
        pair(fast(B, true), fast(A, false));
        byte[] packet =
                new BfdPacket(
                                BfdDiagnostic.NONE,
                                BfdState.DOWN,
                                false,
                                false,
                                false,
                                3,
                                7,
                                0,
                                100_000,
                                100_000)
                        .encode();

        a.onPacket(IpAddress.parse("fe80::2"), packet, 0, packet.length, nowNs);
        a.onPacket(B, packet, 0, packet.length - 1, nowNs);
        packet[11] = 1; // a discriminator that is not ours
        a.onPacket(B, packet, 0, packet.length, nowNs);

        assertEquals(3, a.discarded());
        assertEquals(BfdState.DOWN, state(a));
    }
}
