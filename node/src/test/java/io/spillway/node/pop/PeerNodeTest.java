package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.route.RouteHistory;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.NodeSite;
import io.spillway.crypto.PeerIdentity;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerNodeTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 20060);

    private final Map<Long, RouteHistory> histories = new HashMap<>();
    private final PeerNode node =
            new PeerNode(new NodeAddress("paris", ADDRESS, ADDRESS), histories);
    private final Channel channel = new Channel();

    /** Takes so many frames until they are read. */
    private static final class Channel implements SiteConnection {
        private final List<Frame> frames = new ArrayList<>();
        private int roomLeft;
        private boolean isBroken;
        private boolean isClosed;

        @Override
        public PeerIdentity peer() {
            throw new AssertionError("telling does not ask who is there");
        }

        @Override
        public boolean send(Frame frame) {
            frames.add(frame);
            roomLeft--;
            return !isBroken;
        }

        @Override
        public boolean hasRoom() {
            return roomLeft > 0;
        }

        @Override
        public void close(String reason) {
            isClosed = true;
        }
    }

    private static Map<Long, NodeSite> sites(int count) {
        Map<Long, NodeSite> sites = new TreeMap<>();
        for (long id = 1; id <= count; id++) {
            sites.put(id, site(1));
        }
        return sites;
    }

    private static NodeSite site(long stamp) {
        return NodeSite.newBuilder().setStamp(stamp).build();
    }

    private void flush(int room) {
        channel.roomLeft = room;
        node.flush();
    }

    @Test
    void shouldTellNoMoreAtOnceThanTheChannelHasRoomFor() {
        node.onConnected(channel, sites(10));

        flush(4);
        assertEquals(4, channel.frames.size());
        flush(0);
        assertEquals(4, channel.frames.size());
        flush(100);

        assertEquals(11, channel.frames.size());
        assertTrue(channel.frames.getLast().hasNodeSynced());
        assertFalse(channel.isClosed);
    }

    @Test
    void shouldTellTheLastWordOnlyOfASiteThatChangedMeanwhile() {
        node.onConnected(channel, sites(3));
        flush(1);

        node.tell(1, site(5));
        node.tell(2, site(6));
        node.tell(2, site(7));
        flush(100);

        List<Long> stamps =
                channel.frames.stream()
                        .filter(Frame::hasNodeSite)
                        .map(frame -> frame.getNodeSite().getStamp())
                        .toList();
        assertEquals(List.of(1L, 7L, 1L, 5L), stamps);
    }

    @Test
    void shouldTellTheRoutesOfASiteBeforeTheSiteAndThenTheDifference() {
        RouteHistory history = new RouteHistory();
        histories.put(2L, history);
        history.update(1, prefixes("10.0.0.0/8"));
        node.onConnected(channel, sites(2));
        flush(100);
        history.update(2, prefixes("10.0.0.0/8", "11.0.0.0/8"));
        node.tell(2, site(1));
        flush(100);

        List<String> told = channel.frames.stream().map(PeerNodeTest::kind).toList();
        assertEquals(
                List.of(
                        "NODE_SITE",
                        "NODE_ROUTES 0 1",
                        "NODE_SITE",
                        "NODE_SYNCED",
                        "NODE_ROUTES 1 2",
                        "NODE_SITE"),
                told);

        node.tellAgain(2, site(1));
        flush(1);
        assertEquals("NODE_ROUTES 0 1", kind(channel.frames.getLast()), "it is encoded already");
        flush(1);
        assertEquals("NODE_ROUTES 1 2", kind(channel.frames.getLast()));
    }

    private static String kind(Frame frame) {
        var part = frame.getNodeRoutes().getPart();
        return frame.getBodyCase()
                + (frame.hasNodeRoutes() ? " " + part.getBase() + " " + part.getGeneration() : "");
    }

    private static PrefixSet prefixes(String... texts) {
        return PrefixSet.of(List.of(texts).stream().map(Prefix::parse).toList());
    }

    @Test
    void shouldTellTheEndOnce() {
        node.onConnected(channel, sites(1));
        flush(2);
        flush(100);
        node.tell(1, site(2));
        flush(100);

        assertEquals(1, channel.frames.stream().filter(Frame::hasNodeSynced).count());
    }

    @Test
    void shouldForgetWhatWasUntoldWithTheChannel() {
        node.onConnected(channel, sites(5));
        node.onDisconnected();
        node.tell(7, site(1));
        flush(100);
        assertEquals(0, channel.frames.size());

        node.onConnected(channel, sites(2));
        flush(100);
        assertEquals(3, channel.frames.size());
    }

    @Test
    void shouldCloseAChannelThatTakesNothing() {
        channel.isBroken = true;
        node.onConnected(channel, sites(1));
        flush(1);

        assertTrue(channel.isClosed);
    }
}
