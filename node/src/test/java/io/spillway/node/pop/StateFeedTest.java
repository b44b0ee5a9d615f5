package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.SiteType;
import io.spillway.control.route.RouteChange;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.RoutePart;
import io.spillway.control.wire.WireCodec;
import io.spillway.crypto.PeerIdentity;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StateFeedTest {
    private static final long MS = 1_000_000L;
    private static final long REVIEW_NS = 10 * MS;

    /** As long a name as there may be. */
    private static final String NAME = "n".repeat(120);

    private final List<AttachedSite> sites = new ArrayList<>();
    private final SiteRegister register = new SiteRegister("pop");
    private final StateFeed feed =
            new StateFeed("pop", null, AccountPolicy.FULL_MESH, 1, register, 0);
    private long nowNs;

    /** A channel that keeps what it is sent, and may be full. */
    private static final class Channel implements SiteConnection {
        private final List<Frame> frames = new ArrayList<>();
        private int roomLeft = Integer.MAX_VALUE;

        @Override
        public PeerIdentity peer() {
            throw new AssertionError("a feed does not ask who is there");
        }

        @Override
        public boolean send(Frame frame) {
            assertTrue(WireCodec.encode(frame).length <= WireCodec.FRAME_LENGTH_MAX);
            frames.add(frame);
            roomLeft--;
            return true;
        }

        @Override
        public boolean hasRoom() {
            return roomLeft > 0;
        }

        @Override
        public void close(String reason) {
            throw new AssertionError("a feed closes no channel");
        }

        private List<RoutePart> parts() {
            return frames.stream()
                    .filter(Frame::hasRoutes)
                    .map(frame -> frame.getRoutes().getPart())
                    .toList();
        }

        private long count(Frame.BodyCase body) {
            return frames.stream().filter(frame -> frame.getBodyCase() == body).count();
        }
    }

    @Test
    void shouldTellTheFirstChangeAtOnceAndTheNextOnesTogether() {
        Channel told = attach(100).getFirst();
        told.frames.clear();

        feed.onChanged(sites.get(5), false);
        flush();
        assertEquals(1, told.count(Frame.BodyCase.DIRECTORY));
        assertEquals(1, told.frames.getLast().getDirectory().getSitesCount());
        assertTrue(told.frames.getLast().getDirectory().getPartial());

        for (int number = 1; number < 100; number++) {
            feed.onChanged(sites.get(number), false);
            feed.onChanged(sites.get(number), false);
            flush();
        }
        long rounds = 100 * REVIEW_NS / (StateFeed.ROUND_MS * MS) + 1;
        settle();
        assertTrue(told.count(Frame.BodyCase.DIRECTORY) <= 1 + rounds);
        int entries =
                told.frames.stream().mapToInt(frame -> frame.getDirectory().getSitesCount()).sum();
        assertEquals(1 + 99, entries, "every change once");
    }

    @Test
    void shouldNeverHoldBackPresence() {
        Channel told = attach(3).getFirst();
        feed.onChanged(sites.get(1), false);
        flush();
        told.frames.clear();

        feed.onChanged(sites.get(2), true);
        flush();

        assertEquals(1, told.count(Frame.BodyCase.PRESENCE));
        assertEquals(0, told.count(Frame.BodyCase.DIRECTORY), "this may wait for its round");
    }

    /** Of 500 sites with four links and 1024 routes each, all of the longest names. */
    @Test
    void shouldTellTheLargestStateInBoundedFramesAsTheyAreRead() {
        List<Channel> channels = attach(500);
        for (AttachedSite site : sites) {
            advertise(site, 1, 1024);
        }
        Channel told = channels.getFirst();
        told.frames.clear();
        sites.subList(1, sites.size()).forEach(this::close);
        feed.sendState(sites.getFirst(), 77);

        told.roomLeft = 1;
        flush();
        assertEquals(1, told.frames.size());
        for (int i = 0; i < 100; i++) {
            told.roomLeft = 3;
            flush();
            assertTrue(told.count(Frame.BodyCase.END_OF_STATE) == 0, "not yet");
        }
        told.roomLeft = Integer.MAX_VALUE;
        settle();

        assertEquals(1, told.count(Frame.BodyCase.DIRECTORY));
        assertEquals(499, told.count(Frame.BodyCase.ROUTES));
        assertEquals(Frame.BodyCase.END_OF_STATE, told.frames.getLast().getBodyCase());
        assertEquals(77, told.frames.getLast().getEndOfState().getRequest());
    }

    @Test
    void shouldEndNoStateThatIsNotComplete() {
        Channel told = attach(2).getFirst();
        feed.sendState(sites.getFirst(), 9);
        told.frames.clear();

        for (int i = 0; i < 20; i++) {
            feed.flush(nowNs += REVIEW_NS, false);
        }
        assertEquals(0, told.count(Frame.BodyCase.END_OF_STATE));
        flush();
        assertEquals(1, told.count(Frame.BodyCase.END_OF_STATE));
    }

    @Test
    void shouldTellTheDifferenceOnAChannelAndTheWholeOnTheNext() {
        Channel told = attach(2).getFirst();
        advertise(sites.get(1), 1, 1000);
        flush();
        advertise(sites.get(1), 2, 1001);
        flush();
        List<RoutePart> parts = told.parts();
        assertEquals(2, parts.size());
        assertEquals(parts.get(0).getGeneration(), parts.get(1).getBase());
        assertTrue(parts.get(1).getSerializedSize() < 40);

        feed.sendState(sites.getFirst(), 2);
        settle();
        RoutePart confirmation = told.parts().getLast();
        assertEquals(confirmation.getGeneration(), confirmation.getBase());

        feed.welcome(sites.getFirst(), 1, false);
        feed.sendState(sites.getFirst(), 3);
        settle();
        List<RoutePart> anew = told.parts().subList(3, told.parts().size());
        assertEquals(List.of(0L, parts.getFirst().getGeneration()), bases(anew));
    }

    @Test
    void shouldTellTheWholeToWhoAsksForItAndEndWhatHasBegunFirst() {
        Channel told = attach(3).getFirst();
        advertise(sites.get(1), 1, 16_384);
        advertise(sites.get(2), 1, 16_384);
        settle();
        told.frames.clear();
        feed.onRouteRequest(sites.getFirst(), sites.get(2));
        told.roomLeft = 1;
        flush();
        assertEquals(1, told.parts().size());

        advertise(sites.get(1), 2, 16_000);
        advertise(sites.get(2), 2, 16_000);
        told.roomLeft = Integer.MAX_VALUE;
        settle();

        List<Long> order =
                told.frames.stream()
                        .filter(Frame::hasRoutes)
                        .map(frame -> frame.getRoutes().getSiteId())
                        .distinct()
                        .toList();
        assertEquals(List.of(sites.get(2).id(), sites.get(1).id()), order);
        assertEquals(
                2,
                told.parts().stream()
                        .filter(RoutePart::getLast)
                        .filter(p -> p.getBase() != 0)
                        .count());
    }

    private static List<Long> bases(List<RoutePart> parts) {
        return parts.stream().map(RoutePart::getBase).toList();
    }

    private List<Channel> attach(int count) {
        List<Channel> channels = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            AttachedSite site = register.site(1001 + index, NAME + index);
            Channel channel = new Channel();
            site.describe(site.name(), SiteType.BRANCH, links(index), true);
            site.connection(channel);
            sites.add(site);
            channels.add(channel);
            feed.sendState(site, 1);
        }
        settle();
        return channels;
    }

    private static List<Link> links(int site) {
        InetSocketAddress end = new InetSocketAddress("192.0.2." + site % 250, 20060);
        LinkEndpoints ends = LinkEndpoints.observed(end).withFixed(end);
        return IntStream.range(0, Link.LINKS_MAX)
                .mapToObj(link -> new Link(link, NAME + link, LinkRole.INTERNET, 1, true, ends))
                .toList();
    }

    private void advertise(AttachedSite site, long generation, int count) {
        PrefixSet prefixes =
                PrefixSet.of(
                        IntStream.range(0, count)
                                .mapToObj(i -> Prefix.ofIpv4(site.index() << 14 | i << 4, 28))
                                .toList());
        site.told().apply(new RouteChange(0, generation, PrefixSet.EMPTY, prefixes));
        feed.onRoutes(site);
    }

    private void close(AttachedSite site) {
        site.connection(null);
        feed.onClosed(site);
    }

    private void flush() {
        feed.flush(nowNs += REVIEW_NS, true);
    }

    private void settle() {
        for (int i = 0; i < 200; i++) {
            flush();
        }
    }
}
