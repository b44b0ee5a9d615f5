package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NeighbourTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAC = 0x0A00_0000_0007L;
    private static final long OTHER_MAC = 0x0A00_0000_0008L;
    private static final long START_NS = Long.MAX_VALUE - 2 * SECOND; // overflows on the way

    private final RecordingListener listener = new RecordingListener();
    private final NeighbourTable table = new NeighbourTable(16, 6, listener);
    private long nowNs = START_NS;

    @Test
    void shouldAskOnceAndSendWhatWaitedInOrder() {
        assertEquals(0, lookup(7));
        await(7, 100);
        await(7, 101);
        assertEquals(List.of("ask 0:7 0"), listener.take());

        advertised(7, MAC, true, true);

        assertEquals(List.of("send 100 " + MAC, "send 101 " + MAC), listener.take());
        assertEquals(MAC, lookup(7));
        assertEquals(0, table.waitingCount());
        assertEquals(NeighbourTable.NO_DEADLINE, table.nextDeadlineNs());
    }

    @Test
    void shouldAskThreeTimesASecondApartThenGiveUp() {
        await(7, 100);
        for (int i = 0; i < 2; i++) {
            assertEquals(nowNs + SECOND, table.nextDeadlineNs());
            passSeconds(1);
        }
        assertEquals(List.of("ask 0:7 0", "ask 0:7 0", "ask 0:7 0"), listener.take());

        passSeconds(1);

        assertEquals(List.of("timeout 100"), listener.take());
        assertEquals(0, table.count());
    }

    @Test
    void shouldAskNobodyMoreOftenThanOnceASecond() {
        for (int ms = 0; ms < 10_000; ms++) {
            if (lookup(7) == 0) {
                await(7, ms);
            }
            table.poll(nowNs);
            nowNs += 1_000_000;
        }

        long asked = listener.take().stream().filter(line -> line.startsWith("ask")).count();
        assertEquals(10, asked);
    }

    @Test
    void shouldDisplaceTheOldestOfOneNeighbour() {
        for (int slot = 100; slot < 106; slot++) {
            await(7, slot);
        }

        assertEquals(List.of("ask 0:7 0", "displaced 100", "displaced 101"), listener.take());
        assertEquals(NeighbourTable.WAITING_PER_NEIGHBOUR_MAX, table.waitingCount());
    }

    @Test
    void shouldRefuseMorePacketsThanMayWaitInAll() {
        for (int host = 1; host <= 3; host++) {
            await(host, host * 10);
            await(host, host * 10 + 1);
        }
        listener.take();

        await(4, 40);

        assertEquals(List.of("ask 0:4 0", "displaced 40"), listener.take());
        assertEquals(6, table.waitingCount());
    }

    @Test
    void shouldForgetTheOldestUnansweredWhenAScanComes() {
        for (int host = 1; host <= 4; host++) {
            await(host, host);
        }
        listener.take();

        await(5, 5);

        assertEquals(List.of("displaced 1", "ask 0:5 0"), listener.take());
        assertEquals(4, table.count());
    }

    @Test
    void shouldKeepUsedNeighboursWhenFull() {
        for (int host = 1; host <= 16; host++) {
            asked(host, MAC);
        }
        asked(17, MAC);
        for (int host = 18; host <= 60; host++) {
            lookup(16);
            asked(host, MAC);
        }

        assertEquals(16, table.count());
        assertEquals(MAC, lookup(16));
        assertEquals(MAC, lookup(60));
    }

    @Test
    void shouldProbeTheKnownStationAfterItsTimeAndGoOnSending() {
        learn(7);
        passSeconds(29);
        assertEquals(MAC, lookup(7));
        assertEquals(List.of(), listener.take());

        passSeconds(1);

        assertEquals(MAC, lookup(7));
        assertEquals(MAC, lookup(7));
        assertEquals(List.of("ask 0:7 " + MAC), listener.take());
        advertised(7, MAC, true, true);
        passSeconds(5);
        assertEquals(MAC, lookup(7));
        assertEquals(List.of(), listener.take());
    }

    @Test
    void shouldForgetAStationThatAnswersNoProbe() {
        learn(7);
        passSeconds(30);
        lookup(7);

        passSeconds(3);

        assertEquals(0, lookup(7));
        assertEquals(0, table.count());
    }

    @Test
    void shouldProbeWhomItOnlyHeardOf() {
        asked(7, MAC);

        assertEquals(MAC, lookup(7));

        assertEquals(List.of("ask 0:7 " + MAC), listener.take());
    }

    @Test
    void shouldSendWhatWaitedWhenTheNeighbourAsksUs() {
        await(7, 100);
        listener.take();

        asked(7, MAC);

        assertEquals(List.of("send 100 " + MAC), listener.take());
    }

    @Test
    void shouldTakeANewMacFromAnAnnouncement() {
        learn(7);

        advertised(7, OTHER_MAC, false, true);

        assertEquals(OTHER_MAC, lookup(7));
        assertEquals(List.of("ask 0:7 " + OTHER_MAC), listener.take());
    }

    @Test
    void shouldDoubtButKeepTheMacWithoutOverride() {
        learn(7);

        advertised(7, OTHER_MAC, true, false);

        assertEquals(MAC, lookup(7));
        assertEquals(List.of("ask 0:7 " + MAC), listener.take());
    }

    @Test
    void shouldBelieveASolicitedAdvertisementWithoutMac() {
        learn(7);
        passSeconds(30);
        lookup(7);
        listener.take();

        advertised(7, 0, true, false);

        passSeconds(29);
        assertEquals(MAC, lookup(7));
        assertEquals(List.of(), listener.take());
    }

    @Test
    void shouldNotLearnFromAnnouncementsOfStrangers() {
        advertised(7, MAC, false, true);
        advertised(7, MAC, true, true);

        assertEquals(0, table.count());
    }

    @Test
    void shouldKeepLanInterfacesApartAndClearOne() {
        table.onAsked(1, 0, NeighbourTable.ipv4Low(7), OTHER_MAC, nowNs);
        await(7, 100);
        listener.take();

        table.clear(0);

        assertEquals(List.of("displaced 100"), listener.take());
        assertEquals(1, table.count());
        assertEquals(OTHER_MAC, table.lookup(1, 0, NeighbourTable.ipv4Low(7), nowNs));
    }

    @Test
    void shouldNameTheEarlierDeadlineOfRequestsAndProbes() {
        learn(7);
        passSeconds(30);
        lookup(7);
        long probeNs = nowNs + SECOND;
        nowNs += 1;
        await(8, 100);

        assertEquals(probeNs, table.nextDeadlineNs());
        advertised(7, MAC, true, true);
        assertEquals(probeNs + 1, table.nextDeadlineNs());
    }

    @Test
    void shouldHandleABoundedNumberOfTimersAPoll() {
        NeighbourTable large = new NeighbourTable(1024, 300, listener);
        for (int host = 0; host < 200; host++) {
            large.await(0, 1, host, host, nowNs);
        }

        nowNs += SECOND;

        assertEquals(NeighbourTable.TIMERS_PER_POLL_MAX, large.poll(nowNs));
        assertEquals(nowNs, large.nextDeadlineNs());
    }

    @Test
    void shouldTellFamiliesApart() {
        assertTrue(NeighbourTable.isIpv4(0, NeighbourTable.ipv4Low(0xFFFF_FFFF)));
        assertFalse(NeighbourTable.isIpv4(0xFE80L << 48, NeighbourTable.ipv4Low(1)));
        assertFalse(NeighbourTable.isIpv4(0, 1));
    }

    private void learn(int host) {
        await(host, 1);
        advertised(host, MAC, true, true);
        listener.take();
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowNs += SECOND;
            table.poll(nowNs);
        }
    }

    private long lookup(int host) {
        return table.lookup(0, 0, NeighbourTable.ipv4Low(host), nowNs);
    }

    private void await(int host, int slot) {
        table.await(0, 0, NeighbourTable.ipv4Low(host), slot, nowNs);
    }

    private void asked(int host, long mac) {
        table.onAsked(0, 0, NeighbourTable.ipv4Low(host), mac, nowNs);
    }

    private void advertised(int host, long mac, boolean isSolicited, boolean isOverride) {
        long low = NeighbourTable.ipv4Low(host);
        table.onAdvertised(0, 0, low, mac, isSolicited, isOverride, nowNs);
    }
}
