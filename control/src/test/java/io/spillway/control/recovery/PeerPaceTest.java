package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class PeerPaceTest {
    private static final long LONG_AGO_NS = -10_000_000_000L;
    private static final long MS = 1_000_000L;
    private final Liveness tunnel = new Liveness(new ProbeBeat(1, 2, true), 0);

    @Test
    void shouldWatchCloselyWherePeersAreFew() {
        pace(Transport.RECOVERY, true, LONG_AGO_NS, 100);

        assertEquals(300 * MS, silenceNs());
    }

    @Test
    void shouldShareProbesAmongHundredsOfPeersWithoutTraffic() {
        pace(Transport.RECOVERY, true, LONG_AGO_NS, 500);

        assertEquals(1500 * MS, silenceNs());
    }

    @Test
    void shouldWatchCloselyWhatCarriesTrafficHoweverManyPeersThereAre() {
        pace(Transport.RECOVERY, false, 0, 500);

        assertEquals(300 * MS, silenceNs());
    }

    @Test
    void shouldLeaveAloneWhatIsNotInUse() {
        pace(Transport.RECOVERY, false, LONG_AGO_NS, 500);
        assertFalse(tunnel.isWatched());

        pace(Transport.CLOUD, true, LONG_AGO_NS, 500);
        assertFalse(tunnel.isWatched());
    }

    /** By a rule, here or at the other end. */
    @Test
    void shouldWatchWhatCarriesTrafficInTheCloudToo() {
        pace(Transport.CLOUD, false, 0, 500);

        assertEquals(300 * MS, silenceNs());
    }

    private void pace(Transport transport, boolean isChosen, long lastTrafficNs, int peers) {
        PeerPace.apply(
                tunnel, Transport.RECOVERY, transport, isChosen, false, lastTrafficNs, peers, 0);
    }

    /** After which the tunnel is given up, once its round trip is known to be next to nothing. */
    private long silenceNs() {
        for (int i = 0; i < 100; i++) {
            tunnel.onReply(tunnel.onProbeSent(i, false), i);
        }
        return tunnel.lostAfterNs();
    }
}
