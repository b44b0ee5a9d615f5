package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkStateTest {
    private static final int UP = 0x1 | 0x10000;
    private final LinkState state = new LinkState();
    private final LinkNews news = new LinkNews();

    @BeforeEach
    void synchronise() {
        state.listener(news);
        while (state.nextListing() != null) {
            state.onDone(begin());
        }
    }

    @Test
    void shouldListLinksThenAddressesThenRoutes() {
        LinkState fresh = new LinkState();

        assertEquals(LinkState.Listing.LINKS, fresh.nextListing());
        assertFalse(fresh.isSynchronised());
        assertTrue(state.isSynchronised());
    }

    @Test
    void shouldReportOnlyWhatChanged() {
        decode(NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, UP, "wan0"));
        decode(NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, UP, "wan0"));
        decode(NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, 0x1, "wan0"));

        assertEquals(List.of("link wan0", "link wan0"), news.log);
        assertFalse(news.link("wan0").isUsable());
        assertEquals(1500, news.link("wan0").mtu());
    }

    @Test
    void shouldNotTakePortThatLeavesBridgeForRemovedLink() {
        decode(NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, UP, "tap0"));

        decode(NetlinkMessage.link(NetlinkDecoder.DELETE_LINK, 7, 7, UP, "tap0"));

        assertNotNull(news.link("tap0"));
    }

    @Test
    void shouldForgetWhatNewListingDoesNotShow() {
        decode(NetlinkMessage.address(NetlinkDecoder.NEW_ADDRESS, 0, 7, "10.0.0.1", 24));
        decode(NetlinkMessage.address(NetlinkDecoder.NEW_ADDRESS, 0, 7, "10.0.0.2", 24));
        news.log.clear();

        state.onOverrun();
        state.onDone(begin());
        int sequence = begin();
        decode(NetlinkMessage.address(NetlinkDecoder.NEW_ADDRESS, sequence, 7, "10.0.0.2", 24));
        state.onDone(sequence);

        assertEquals(List.of("address removed 10.0.0.1"), news.log);
        assertEquals(1, state.resyncCount());
    }

    @Test
    void shouldListAgainWhenListingWasInterrupted() {
        decode(NetlinkMessage.address(NetlinkDecoder.NEW_ADDRESS, 0, 7, "10.0.0.1", 24));
        state.onOverrun();
        state.onDone(begin());
        int sequence = begin();

        state.onInterrupted(sequence);
        state.onDone(sequence);

        assertTrue(news.hasAddress("10.0.0.1"));
        assertEquals(LinkState.Listing.ADDRESSES, state.nextListing());
    }

    @Test
    void shouldListAgainWhenMessagesWereLostWhileListing() {
        state.onOverrun();
        int sequence = begin();

        state.onOverrun();
        state.onDone(sequence);

        assertEquals(LinkState.Listing.LINKS, state.nextListing());
    }

    @Test
    void shouldListRoutesAnewWhenTheyMayHaveGoneSilently() {
        decode(NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, UP, "wan0"));
        assertNull(state.nextListing());

        decode(NetlinkMessage.link(NetlinkDecoder.NEW_LINK, 0, 7, 0, "wan0"));
        assertEquals(LinkState.Listing.ROUTES, state.nextListing());
        state.onDone(begin());

        decode(NetlinkMessage.address(NetlinkDecoder.DELETE_ADDRESS, 0, 7, "10.0.0.1", 24));
        assertEquals(LinkState.Listing.ROUTES, state.nextListing());
        state.onDone(begin());

        decode(
                NetlinkMessage.route(NetlinkDecoder.NEW_ROUTE, NetlinkDecoder.FLAG_REPLACE, 0, 1)
                        .attribute(4, NetlinkMessage.number(7)));
        assertEquals(LinkState.Listing.ROUTES, state.nextListing());
    }

    @Test
    void shouldReportEachNextHopOfMultipathRoute() {
        byte[] first = nextHop(3, "192.0.2.1");
        byte[] second = nextHop(4, "198.51.100.1");
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        decode(NetlinkMessage.route(NetlinkDecoder.NEW_ROUTE, 0, 0, 1).attribute(9, both));

        assertEquals(2, news.routes.size());
        assertTrue(news.routes.stream().allMatch(KernelRoute::isDefault));
        assertTrue(news.routes.stream().anyMatch(route -> route.linkIndex() == 4));
    }

    @Test
    void shouldPassOverRoutesThatAreNotUnicast() {
        int blackhole = 6;

        decode(NetlinkMessage.route(NetlinkDecoder.NEW_ROUTE, 0, 0, blackhole));

        assertTrue(news.routes.isEmpty());
        assertEquals(0, state.malformedCount());
    }

    @Test
    void shouldAskAgainWhenKernelIsBusyAndStopWhenItCannot() {
        state.onOverrun();
        state.onError(begin(), Errno.EBUSY);
        assertEquals(LinkState.Listing.LINKS, state.nextListing());

        state.onError(begin(), Errno.EOPNOTSUPP);
        assertEquals(LinkState.Listing.ADDRESSES, state.nextListing());
    }

    @Test
    void shouldIgnoreEndOfForeignListing() {
        state.onOverrun();
        int sequence = begin();

        state.onDone(sequence + 1);

        assertNull(state.nextListing());
        assertFalse(state.isSynchronised());
    }

    private int begin() {
        int sequence = state.nextSequence();
        state.onListingBegun(state.nextListing());
        return sequence;
    }

    private void decode(NetlinkMessage message) {
        byte[] bytes = message.toBytes();
        NetlinkDecoder.decode(new UnsafeBuffer(bytes), 0, bytes.length, state);
    }

    private static byte[] nextHop(int link, String gateway) {
        byte[] attribute = new byte[16];
        UnsafeBuffer buffer = new UnsafeBuffer(attribute);
        buffer.putShort(0, (short) 16);
        buffer.putInt(4, link);
        buffer.putShort(8, (short) 8);
        buffer.putShort(10, (short) 5);
        buffer.putBytes(12, NetlinkMessage.ip(gateway));
        return attribute;
    }
}
