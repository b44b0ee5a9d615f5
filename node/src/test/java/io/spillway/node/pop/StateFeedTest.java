package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.SiteType;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.crypto.PeerIdentity;
import io.spillway.routing.fib.Prefix;
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
    private final StateFeed feed = new StateFeed("pop", AccountPolicy.FULL_MESH, 1, sites, 0);
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
            site.advertise(
                    IntStream.range(0, 1024)
                            .mapToObj(i -> Prefix.ofIpv4(site.index() << 14 | i << 4, 28))
                            .toList());
            feed.onRoutes(site);
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

    private List<Channel> attach(int count) {
        List<Channel> channels = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            AttachedSite site = new AttachedSite(1001 + index, index, NAME + index, "frankfurt");
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
