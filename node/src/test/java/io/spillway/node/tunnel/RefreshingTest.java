package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.mtu.PathMtu;
import io.spillway.control.recovery.Liveness;
import io.spillway.control.recovery.ProbeBeat;
import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.Session;
import io.spillway.crypto.SessionKeys;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefreshingTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 20060);
    private static final long S = 1_000_000_000L;

    /** Since then our certificate is of the next authority. */
    private static final long SINCE_NS = 100 * S;

    private static final Vintage NEXT = new Vintage("next", "next", SINCE_NS);

    private final PacketPool pool = new PacketPool(1);
    private final Session session =
            Session.of(
                    new SessionKeys(
                            RecordSuite.AES_128_GCM,
                            new byte[16],
                            new byte[4],
                            new byte[16],
                            new byte[4]),
                    new byte[0],
                    new byte[0],
                    false,
                    RecordCiphers.choose(RecordCiphers.AUTO));
    private final Refreshing refreshing = new Refreshing();
    private final List<ManagedTunnel> due = new ArrayList<>();

    @AfterEach
    void close() {
        session.close();
        pool.close();
    }

    private ManagedTunnel tunnel(boolean isClient, long openedNs) {
        Tunnel tunnel = new Tunnel(0, 0, 0, 1, REMOTE, 1500, pool, 4);
        Liveness liveness = new Liveness(new ProbeBeat(1, 2, true), 0);
        ManagedTunnel managed =
                new ManagedTunnel(tunnel, liveness, new PathMtu(1200, 1500, 1, 0), isClient, 0);
        managed.session = session;
        managed.openedNs = openedNs;
        return managed;
    }

    private int poll(Vintage vintage, ManagedTunnel tunnel, long nowNs) {
        due.clear();
        refreshing.poll(vintage, 1, List.of(tunnel), nowNs, due::add);
        return due.size();
    }

    @Test
    void shouldOpenAnewWhatIsOlderThanOurCertificate() {
        assertEquals(1, poll(NEXT, tunnel(true, SINCE_NS - 1), 200 * S));
    }

    @Test
    void shouldLeaveToTheFarEndWhatItOpens() {
        assertEquals(0, poll(NEXT, tunnel(false, SINCE_NS - 1), 200 * S));
    }

    @Test
    void shouldTryAgainEachTimeLater() {
        ManagedTunnel old = tunnel(true, SINCE_NS - 1);
        long nowNs = 200 * S;
        assertEquals(1, poll(NEXT, old, nowNs));

        for (long waitNs = Refreshing.FIRST_NS; waitNs < Refreshing.LONGEST_NS; waitNs *= 2) {
            assertEquals(0, poll(NEXT, old, nowNs + waitNs - 1));
            nowNs += waitNs;
            assertEquals(1, poll(NEXT, old, nowNs), "after " + waitNs);
        }
        assertEquals(0, poll(NEXT, old, nowNs + Refreshing.LONGEST_NS - 1));
        assertEquals(1, poll(NEXT, old, nowNs + Refreshing.LONGEST_NS));
    }

    /** Each look reads certificates, of thousands of tunnels. */
    @Test
    void shouldJudgeASessionOnce() {
        ManagedTunnel judged = tunnel(true, SINCE_NS - 1);
        judged.judged = session;
        judged.judgedBy = NEXT;

        assertEquals(0, poll(NEXT, judged, 200 * S));
        assertEquals(1, poll(new Vintage("third", "third", SINCE_NS), judged, 200 * S));
    }

    @Test
    void shouldBeginAtOnceForTheAuthorityAfterThat() {
        ManagedTunnel old = tunnel(true, SINCE_NS - 1);
        poll(NEXT, old, 200 * S);
        assertEquals(0, poll(NEXT, old, 201 * S));

        assertEquals(1, poll(new Vintage("third", "third", 201 * S), old, 201 * S));
    }
}
