package io.spillway.control.mtu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.mtu.PathMtu.State;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PathMtuTest {
    private static final long HOUR_MS = 3_600_000L;
    private static final int SECOND_MS = 1_000;
    private static final long RAISE_MS = PathMtu.RAISE_INTERVAL_NS / SizedPath.MS;

    @Test
    void shouldProveACleanPathByOneProbe() {
        SizedPath path = SizedPath.of(1500);
        assertEquals(State.LINK, path.search.state());
        assertEquals(1500, path.search.size(), "nobody is told less than the link takes");

        assertEquals(50, path.untilProven(SECOND_MS), "a round trip and a grain");

        assertEquals(List.of(1500, ProbeRound.SMALL), path.sent);
        assertEquals(1500, path.search.size());
    }

    @Test
    void shouldFindEverySizeToTheByte() {
        for (int mtu = PathMtu.BASE_IPV4; mtu <= 1500; mtu++) {
            SizedPath path = SizedPath.of(mtu);

            long provenMs = path.untilProven(5 * SECOND_MS);

            assertEquals(mtu, path.search.size());
            assertTrue(provenMs >= 0 && provenMs < 2 * SECOND_MS, mtu + ": " + provenMs + " ms");
        }
    }

    @Test
    void shouldFindTheSizeOfAJumboPath() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            int mtu = random.nextInt(1500, 16_000);
            SizedPath path = new SizedPath(PathMtu.BASE_IPV6, 16_000, mtu, i);

            assertTrue(path.untilProven(5 * SECOND_MS) >= 0);

            assertEquals(mtu, path.search.size());
        }
    }

    @Test
    void shouldHaveAUsableSizeSoonAfterTheStartOnANarrowPath() {
        SizedPath path = SizedPath.of(1400);

        assertEquals(250, path.until(1400, SECOND_MS), "two waits for an answer");
    }

    @Test
    void shouldFindABlackHoleUnderTraffic() {
        SizedPath path = SizedPath.of(1500);
        path.packetsPerSecond = 100;
        path.run(10 * SECOND_MS);
        path.mtu = 1280;

        long foundMs = path.until(1280, 5 * SECOND_MS);

        assertTrue(foundMs > 0 && foundMs < 2 * SECOND_MS, foundMs + " ms");
    }

    @Test
    void shouldFindABlackHoleAtOnceWhenTheIdleTunnelIsUsedAgain() {
        SizedPath path = SizedPath.of(1500);
        path.run(60 * SECOND_MS);
        path.mtu = 1280;
        path.run(60 * SECOND_MS);
        assertEquals(1500, path.search.size(), "idle");
        path.packetsPerSecond = 1_000;

        long foundMs = path.until(1280, 5 * SECOND_MS);

        assertTrue(foundMs > 0 && foundMs < SECOND_MS, foundMs + " ms");
    }

    /** X03. */
    @Test
    void shouldNeverStayTooSmall() {
        SizedPath path = SizedPath.of(1280);
        path.untilProven(5 * SECOND_MS);
        path.mtu = 1500;

        path.run(RAISE_MS - 10 * SECOND_MS);
        assertEquals(1280, path.search.size());
        long raisedMs = path.until(1500, 15 * SECOND_MS);

        assertTrue(raisedMs >= 0, "still " + path.search.size());
        assertEquals(State.PROVEN, path.search.state());
    }

    /** X03: also where something was lost at the wrong moment, again and again. */
    @Test
    void shouldComeBackToTheLinksSizeOnALossyPath() {
        for (int seed = 0; seed < 10; seed++) {
            SizedPath path = new SizedPath(PathMtu.BASE_IPV4, 1500, 1280, seed);
            path.loss = 0.2;
            path.run(60 * SECOND_MS);
            path.mtu = 1500;

            assertTrue(path.until(1500, 3 * RAISE_MS) >= 0, "seed " + seed);
        }
    }

    @Test
    void shouldNotMistakeLossForABlackHole() {
        for (int seed = 0; seed < 5; seed++) {
            SizedPath path = new SizedPath(PathMtu.BASE_IPV4, 1500, 1500, seed);
            path.loss = 0.05;
            path.packetsPerSecond = 100;
            path.untilProven(10 * SECOND_MS);
            int smaller = 0;
            for (int second = 0; second < 3_600; second++) {
                path.run(SECOND_MS);
                smaller += path.search.size() < 1400 ? 1 : 0;
            }
            assertEquals(0, smaller, "seconds in an hour; seed " + seed);
        }
    }

    @Test
    void shouldTellNothingFromADeadPath() {
        SizedPath path = SizedPath.of(1500);
        path.packetsPerSecond = 100;
        path.run(5 * SECOND_MS);
        path.isCut = true;
        path.run(60 * SECOND_MS);
        assertEquals(1500, path.search.size());
        path.isCut = false;

        path.run(10 * SECOND_MS);

        assertEquals(1500, path.search.size());
        assertEquals(State.PROVEN, path.search.state());
    }

    /** The far end may seal nothing before it has heard from us. */
    @Test
    void shouldAskAgainAsSoonAsTheFarEndIsHeard() {
        SizedPath path = SizedPath.of(1500);
        path.isCut = true;
        path.run(30);
        path.isCut = false;
        path.search.onHeard();

        assertEquals(50, path.untilProven(SECOND_MS));

        path.search.onHeard();
        path.run(SECOND_MS);
        assertEquals(4, path.sent.size(), "what is known is not asked again");
    }

    @Test
    void shouldNotBelieveWhoSaysThatItIsTooLarge() {
        SizedPath path = SizedPath.of(1500);
        path.run(5 * SECOND_MS);
        path.takeBytes();
        for (int i = 0; i < 1_000; i++) {
            path.search.doubt(68);
            path.run(10);
            assertEquals(1500, path.search.size());
        }
        assertTrue(path.takeBytes() <= 11 * 1_600, "a round in a second");
    }

    @Test
    void shouldFollowAWarningThatIsTrue() {
        SizedPath path = SizedPath.of(1500);
        path.run(5 * SECOND_MS);
        path.mtu = 1333;
        path.search.doubt(1333);

        long foundMs = path.until(1333, SECOND_MS);

        assertTrue(foundMs >= 0 && foundMs < 600, foundMs + " ms");
    }

    @Test
    void shouldTakeTheBaseWhereNothingElsePasses() {
        SizedPath path = SizedPath.of(800);
        path.run(5 * SECOND_MS);
        assertEquals(PathMtu.BASE_IPV4, path.search.size());
        assertEquals(State.SEARCHING, path.search.state());
        path.mtu = 1450;

        assertTrue(path.until(1450, 70 * SECOND_MS) >= 0);
    }

    @Test
    void shouldFollowTheLink() {
        SizedPath path = SizedPath.of(1500);
        path.run(5 * SECOND_MS);

        path.search.limit(1400, path.nowNs());
        assertEquals(1400, path.search.size(), "the kernel takes no more");
        path.search.limit(1500, path.nowNs());
        assertEquals(1400, path.search.size(), "not proven");

        assertTrue(path.until(1500, SECOND_MS) >= 0);
    }

    @Test
    void shouldFollowALinkBelowTheBase() {
        SizedPath path = new SizedPath(PathMtu.BASE_IPV4, 1000, 1000, 1);
        path.run(SECOND_MS);
        assertEquals(1000, path.search.size());
        path.mtu = 500;
        path.packetsPerSecond = 100;
        path.run(10 * SECOND_MS);

        assertEquals(1000, path.search.size());
        assertFalse(path.search.state() == State.PROVEN);
    }

    @Test
    void shouldAskAgainWhenThePathIsAnotherOne() {
        SizedPath path = SizedPath.of(1400);
        path.untilProven(5 * SECOND_MS);
        path.mtu = 1500;

        path.search.restart(path.nowNs());

        assertEquals(1400, path.search.size());
        assertTrue(path.until(1500, SECOND_MS) >= 0);
    }

    @Test
    void shouldSearchToTheEndThoughItBeginsAnewInTheMidst() {
        for (int ms = 0; ms < 1_000; ms += 20) {
            SizedPath path = SizedPath.of(1350);
            path.run(ms);
            path.search.restart(path.nowNs());

            assertTrue(path.until(1350, 3 * SECOND_MS) >= 0, "begun anew after " + ms + " ms");
        }
    }

    @Test
    void shouldCostLittleWhenIdle() {
        SizedPath clean = SizedPath.of(1500);
        clean.run(60 * SECOND_MS);
        clean.takeBytes();
        clean.run(HOUR_MS);
        assertEquals(230_400 / 24, clean.takeBytes(), "bytes an hour");

        SizedPath narrow = SizedPath.of(1400);
        narrow.run(60 * SECOND_MS);
        narrow.takeBytes();
        narrow.run(HOUR_MS);
        assertEquals(636_480 / 24, narrow.takeBytes(), "bytes an hour");
    }
}
