package io.spillway.control.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.route.RouteAssembly.Result;
import io.spillway.control.wire.RoutePart;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From a {@link RouteHistory} by a teller and an assembly to {@link ToldRoutes}. */
class RouteTellerTest {
    private static final long SITE = 7;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final RouteHistory history = new RouteHistory();
    private final RouteTeller teller = new RouteTeller();
    private final RouteAssembly assembly = new RouteAssembly(1_000_000);
    private final ToldRoutes told = new ToldRoutes();

    @Test
    void shouldTellTheWholeInPartsAndPutItInForceWithTheLast() {
        history.update(1, set(0, 100_000));

        List<RoutePart> parts = new ArrayList<>();
        while (!teller.hasTold(SITE, history)) {
            assertNull(told.prefixes());
            parts.add(tellPart());
        }

        assertEquals(7, parts.size()); // 100,000 times 4 bytes in 64 KiB
        assertEquals(history.prefixes(), told.prefixes());
    }

    @Test
    void shouldTellAChangeOfOneRouteInAFewBytes() {
        history.update(1, set(0, 100_000));
        tellAll();

        history.update(2, set(1, 100_001));

        RoutePart part = tellPart();
        assertTrue(part.getSerializedSize() < 40, part.toString());
        assertEquals(set(1, 100_001), told.prefixes());
        assertTrue(teller.hasTold(SITE, history));
    }

    @Test
    void shouldConfirmWhatHasNotChanged() {
        history.update(1, set(0, 10));
        tellAll();

        RoutePart part = tellPart();

        assertEquals(1, part.getBase());
        assertEquals(1, part.getGeneration());
        assertEquals(set(0, 10), told.prefixes());
    }

    @Test
    void shouldEndWhatHasBegunAndThenTellWhatChangedMeanwhile() {
        history.update(1, set(0, 100_000));
        tellPart();
        history.update(2, set(10, 100_000));
        history.update(3, set(10, 100_020));

        tellAll();

        assertEquals(set(10, 100_020), told.prefixes());
    }

    @Test
    void shouldEncodeTheWholeOnceForAllWhoComeWhileItIsRemembered() {
        history.update(1, set(0, 100_000));
        List<RoutePart> whole = history.partsFrom(0);
        history.update(2, set(1, 100_000));
        assertEquals(whole, history.partsFrom(0));

        history.update(3, set(50_000, 150_000));

        assertFalse(whole.equals(history.partsFrom(0)));
        assertTrue(history.partsFrom(1).getFirst().getBase() == 0, "too much to remember");
    }

    @Test
    void shouldTellTheWholeAgainToWhoAsksForIt() {
        history.update(1, set(0, 10));
        tellAll();
        teller.forget(SITE);

        RoutePart part = tellPart();

        assertEquals(0, part.getBase());
        assertEquals(set(0, 10), told.prefixes());
    }

    @Test
    void shouldRefuseWhatDoesNotFollowOnceAndTakeTheNextWhole() {
        history.update(1, set(0, 100_000));
        List<RoutePart> parts = history.partsFrom(0);
        assertEquals(Result.INCOMPLETE, assembly.take(SITE, parts.get(0)));

        assertEquals(Result.UNFIT, assembly.take(SITE, parts.get(2)));
        assertEquals(Result.INCOMPLETE, assembly.take(SITE, parts.get(3)));
        assertEquals(Result.INCOMPLETE, assembly.take(SITE, parts.get(6)), "left out");

        tellAll();
        assertEquals(history.prefixes(), told.prefixes());
    }

    @Test
    void shouldRefusePartsOfSeveralSitesAtOnceAndThoseThatAreOutOfOrder() {
        history.update(1, set(0, 100_000));
        List<RoutePart> parts = history.partsFrom(0);
        assembly.take(SITE, parts.get(0));
        assertEquals(Result.UNFIT, assembly.take(SITE + 1, parts.get(1)));

        assembly.take(SITE, parts.get(0));
        RoutePart again = parts.get(0).toBuilder().setNumber(1).build();
        assertEquals(Result.UNFIT, assembly.take(SITE, again));
    }

    @Test
    void shouldRefuseMorePrefixesThanThereMayBe() {
        RouteAssembly small = new RouteAssembly(20_000);
        history.update(1, set(0, 100_000));
        List<RoutePart> parts = history.partsFrom(0);

        assertEquals(Result.INCOMPLETE, small.take(SITE, parts.get(0)));
        assertEquals(Result.TOO_MANY, small.take(SITE, parts.get(1)));
        assertEquals(Result.INCOMPLETE, small.take(SITE, parts.get(2)), "left out");
    }

    @Test
    void shouldAskForTheWholeWhereTheBaseIsAnother() {
        RouteChange difference = new RouteChange(5, 6, set(0, 1), set(1, 2));
        assertFalse(told.apply(difference));
        assertNull(told.prefixes());

        told.apply(new RouteChange(0, 5, PrefixSet.EMPTY, set(0, 1)));
        told.keepFirst(1);

        assertFalse(told.apply(difference), "not all was kept");
    }

    /** Against a set that is copied; the receiver loses its state now and then. */
    @Test
    void shouldBringEveryReceiverToTheStateThereIs() {
        long generation = 0;
        PrefixSet now = PrefixSet.EMPTY;
        for (int round = 0; round < 3_000; round++) {
            int start = random.nextInt(40_000);
            PrefixSet some = set(start, start + random.nextInt(random.nextInt(4_000) + 1));
            now =
                    random.nextBoolean()
                            ? now.with(some, PrefixSet.EMPTY)
                            : now.with(PrefixSet.EMPTY, some);
            history.update(++generation, now);
            if (random.nextInt(50) == 0) {
                teller.forget(SITE);
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                tellPart();
            }
            if (random.nextInt(10) == 0) {
                tellAll();
                assertEquals(now, told.prefixes(), "seed " + seed);
            }
        }
    }

    private void tellAll() {
        while (!teller.hasTold(SITE, history)) {
            tellPart();
        }
    }

    private RoutePart tellPart() {
        RoutePart part = teller.part(SITE, history);
        teller.advance();
        if (assembly.take(SITE, part) == Result.COMPLETE) {
            assertTrue(told.apply(assembly.change()), "seed " + seed);
        }
        return part;
    }

    private static PrefixSet set(int start, int end) {
        return PrefixSet.of(
                IntStream.range(start, end).mapToObj(i -> Prefix.ofIpv4(i << 8, 24)).toList());
    }
}
