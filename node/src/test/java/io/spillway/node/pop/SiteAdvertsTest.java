package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.RoutePart;
import io.spillway.crypto.PeerIdentity;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SiteAdvertsTest {
    private static final int ROUTES_MAX = 100;

    private final List<Frame> sent = new ArrayList<>();
    private final AttachedSite one = new AttachedSite(1, 0, "berlin", "frankfurt");
    private final AttachedSite two = new AttachedSite(2, 1, "london", "frankfurt");
    private final SiteAdverts adverts = new SiteAdverts(List.of(one, two), ROUTES_MAX);
    private String closed = "";

    @BeforeEach
    void connect() {
        one.connection(new Channel());
        two.connection(new Channel());
    }

    @Test
    void shouldTakeTheWholeAndThenDifferences() {
        assertTrue(adverts.take(one, whole(1, 0, 10)));
        assertTrue(adverts.take(one, more(1, 2, 10, 12)));

        assertEquals(set(0, 12), one.prefixes());
        assertEquals(List.of(), sent);
    }

    @Test
    void shouldAskForTheWholeWhereADifferenceStartsFromElsewhere() {
        adverts.take(one, whole(1, 0, 10));

        assertFalse(adverts.take(one, more(5, 6, 10, 12)));

        assertEquals(set(0, 10), one.prefixes());
        assertEquals(1, sent.getFirst().getRouteRequest().getSiteId());
    }

    @Test
    void shouldKeepTheFirstRoutesOfASiteThatFindsNoRoomAndAskAgainWhenThereIsSome() {
        adverts.take(one, whole(1, 0, 70));
        adverts.take(two, whole(1, 200, 250));

        assertEquals(set(200, 230), two.prefixes());
        assertEquals(20, adverts.refused());
        assertFalse(adverts.take(two, more(1, 2, 250, 251)), "not all of the base is here");

        sent.clear();
        adverts.take(one, whole(2, 0, 10));
        assertEquals(2, sent.getFirst().getRouteRequest().getSiteId());
        adverts.take(two, whole(2, 200, 250));

        assertEquals(set(200, 250), two.prefixes());
        assertEquals("", closed);
    }

    private static RoutePart whole(long generation, int start, int end) {
        return more(0, generation, start, end);
    }

    private static RoutePart more(long base, long generation, int start, int end) {
        return RoutePart.newBuilder()
                .setBase(base)
                .setGeneration(generation)
                .setAnnounced(Nlri.encode(set(start, end)))
                .setLast(true)
                .build();
    }

    private static PrefixSet set(int start, int end) {
        return PrefixSet.of(
                IntStream.range(start, end).mapToObj(i -> Prefix.ofIpv4(i << 8, 24)).toList());
    }

    private final class Channel implements SiteConnection {
        @Override
        public PeerIdentity peer() {
            throw new AssertionError("routes do not ask who is there");
        }

        @Override
        public boolean send(Frame frame) {
            return sent.add(frame);
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void close(String reason) {
            closed = reason;
        }
    }
}
