package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LinkMonitorTest {
    private final LinkNews news = new LinkNews();

    @Test
    void shouldReportWhatIsThereAtStart() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    PrivateNetwork.ip("link add wan0 type bridge");
                    PrivateNetwork.ip("addr add 192.0.2.1/24 dev wan0");
                    PrivateNetwork.ip("link set wan0 up");
                    PrivateNetwork.ip("route add default via 192.0.2.254");
                    try (LinkMonitor monitor = LinkMonitor.open()) {
                        poll(monitor);

                        assertTrue(monitor.isSynchronised());
                        assertTrue(news.link("wan0").isUp());
                        assertEquals(NetworkDevice.index("wan0"), news.link("wan0").index());
                        assertTrue(news.hasAddress("192.0.2.1"));
                        assertTrue(news.hasAddress("127.0.0.1"));
                        KernelRoute route =
                                news.routes.stream()
                                        .filter(KernelRoute::isDefault)
                                        .findAny()
                                        .orElseThrow();
                        assertEquals("192.0.2.254", route.gateway().getHostAddress());
                        assertEquals(KernelRoute.TABLE_MAIN, route.table());
                        assertEquals(0, monitor.malformedCount());
                    }
                });
    }

    @Test
    void shouldFollowAddresses() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (LinkMonitor monitor = LinkMonitor.open()) {
                        poll(monitor);

                        PrivateNetwork.ip("addr add 198.51.100.2/24 dev lo");
                        PrivateNetwork.ip("-6 addr add 2001:db8::2/64 dev lo nodad");
                        // The kernel announces an IPv6 address from a work queue, so a little
                        // later.
                        assertBecomes(monitor, () -> news.hasAddress("2001:db8:0:0:0:0:0:2"));
                        assertTrue(news.hasAddress("198.51.100.2"));

                        PrivateNetwork.ip("addr del 198.51.100.2/24 dev lo");
                        poll(monitor);
                        assertFalse(news.hasAddress("198.51.100.2"));
                    }
                });
    }

    @Test
    void shouldNoticeLinkDownAndRoutesThatWentSilently() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    PrivateNetwork.ip("link add wan0 type bridge");
                    PrivateNetwork.ip("addr add 192.0.2.1/24 dev wan0");
                    PrivateNetwork.ip("link set wan0 up");
                    PrivateNetwork.ip("route add 10.9.0.0/16 via 192.0.2.254");
                    try (LinkMonitor monitor = LinkMonitor.open()) {
                        poll(monitor);
                        assertTrue(news.hasRouteTo("10.9.0.0"));

                        PrivateNetwork.ip("link set wan0 down");
                        poll(monitor);

                        assertFalse(news.link("wan0").isUp());
                        assertFalse(news.hasRouteTo("10.9.0.0"));
                    }
                });
    }

    @Test
    void shouldFollowReplacedRoute() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    PrivateNetwork.ip("addr add 192.0.2.1/24 dev lo");
                    PrivateNetwork.ip("route add 10.9.0.0/16 via 192.0.2.253");
                    try (LinkMonitor monitor = LinkMonitor.open()) {
                        poll(monitor);

                        PrivateNetwork.ip("route replace 10.9.0.0/16 via 192.0.2.254");
                        poll(monitor);

                        assertEquals(
                                1,
                                news.routes.stream().filter(r -> r.prefixLength() == 16).count());
                    }
                });
    }

    @Test
    void shouldFollowLinksThatComeAndGo() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (LinkMonitor monitor = LinkMonitor.open()) {
                        poll(monitor);
                        try (TapDevice tap = TapDevice.open(TapDeviceTest.ethernet("tap0"))) {
                            PrivateNetwork.ip("link add br0 type bridge");
                            NetworkDevice.attachToBridge(tap.name(), "br0");
                            poll(monitor);
                            assertEquals(news.link("br0").index(), news.link("tap0").bridgeIndex());

                            PrivateNetwork.ip("link set tap0 nomaster");
                            poll(monitor);
                            assertNotNull(news.link("tap0"));
                            assertEquals(0, news.link("tap0").bridgeIndex());
                        }
                        poll(monitor);
                        assertNull(news.link("tap0"));
                    }
                });
    }

    @Test
    void shouldListAllAnewAfterMessagesWereLost() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    try (LinkMonitor monitor = LinkMonitor.open()) {
                        poll(monitor);
                        StringBuilder batch = new StringBuilder();
                        for (int i = 0; i < 8000; i++) {
                            batch.append(
                                    "addr add 10.1.%d.%d/32 dev lo\n".formatted(i >> 8, i & 255));
                        }
                        batch.append("addr flush dev lo\naddr add 10.2.0.1/32 dev lo\n");

                        Programs.feed(batch.toString(), "ip", "-batch", "-");
                        poll(monitor);

                        assertTrue(monitor.resyncCount() > 0);
                        assertTrue(news.hasAddress("10.2.0.1"));
                        assertEquals(
                                0,
                                news.addresses.stream()
                                        .filter(
                                                a ->
                                                        a.address()
                                                                .getHostAddress()
                                                                .startsWith("10.1."))
                                        .count());
                    }
                });
    }

    private void assertBecomes(LinkMonitor monitor, BooleanSupplier condition) throws Exception {
        for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
            poll(monitor);
            LockSupport.parkNanos(1_000_000);
        }
        assertTrue(condition.getAsBoolean(), () -> news.log.toString());
    }

    private void poll(LinkMonitor monitor) throws LinuxException {
        while (monitor.poll(news) > 0) {
            assertTrue(news.log.size() < 1_000_000);
        }
    }
}
