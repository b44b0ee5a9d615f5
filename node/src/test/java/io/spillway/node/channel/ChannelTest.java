package io.spillway.node.channel;

import static io.spillway.node.channel.ChannelBench.clock;
import static io.spillway.node.channel.ChannelBench.next;
import static io.spillway.node.channel.ChannelBench.stateRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import io.spillway.crypto.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelTest {
    private static final int SITES = 50;

    @TempDir Path directory;
    private final ChannelBench bench = new ChannelBench();
    private final SiteRecorder atSite = new SiteRecorder();
    private final PopRecorder atPop = new PopRecorder();
    private TestAccount acme;
    private Identity pop;
    private Identity site;

    @BeforeEach
    void issueIdentities() throws IOException {
        acme = new TestAccount(directory, "acme");
        pop = acme.pop();
        site = acme.site(1001);
    }

    @AfterEach
    void closeAll() throws Exception {
        bench.close();
    }

    @Test
    void shouldAuthenticateBothWaysAndCarryFrames() throws Exception {
        ChannelServer server = bench.server(pop, atPop);

        ChannelClient client = bench.client(site, server.local(), atSite);
        assertEquals(Role.POP, next(atSite.connected).role());
        ChannelConnection connection = next(atPop.accepted);
        assertTrue(client.send(stateRequest(7)));
        assertTrue(connection.send(clock(1234)));

        assertEquals(1001, connection.peer().siteId());
        assertEquals(7, next(atPop.frames).getStateRequest().getRequest());
        assertEquals(1234, next(atSite.frames).getClock().getTimeMs());
    }

    @Test
    void shouldKeepFramesInOrder() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        for (int i = 1; i <= 1000; i++) {
            assertTrue(client.send(stateRequest(i)));
        }

        for (int i = 1; i <= 1000; i++) {
            assertEquals(i, next(atPop.frames).getStateRequest().getRequest());
        }
    }

    @Test
    void shouldConnectFromTheAddressItWasGiven() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        var from = ChannelWay.from(InetAddress.ofLiteral("127.0.0.9"));
        ChannelClientConfig config = config(server, () -> List.of(from));

        try (ChannelClient client = ChannelClient.start(bench.siteThread, config, atSite)) {
            InetSocketAddress remote = next(atPop.accepted).remote();

            assertEquals("127.0.0.9", remote.getAddress().getHostAddress());
            assertTrue(client.isConnected());
        }
    }

    @Test
    void shouldGoByTheDeviceItIsBoundTo() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        var ways = new AtomicReference<>(List.of(bound("spw-none"), bound("lo")));
        ChannelClientConfig config = config(server, ways::get);

        try (ChannelClient client = ChannelClient.start(bench.siteThread, config, atSite)) {
            next(atSite.connected);

            assertEquals("lo", client.way().device());
        }
    }

    @Test
    void shouldLeaveADeviceThatIsNotWantedAnyMore() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        var ways = new AtomicReference<>(List.of(bound("lo"), ChannelWay.ANY));
        ChannelClientConfig config = config(server, ways::get);

        try (ChannelClient client = ChannelClient.start(bench.siteThread, config, atSite)) {
            next(atSite.connected);
            client.onWays();
            assertTrue(atSite.disconnected.isEmpty());
            ways.set(List.of(ChannelWay.ANY));
            client.onWays();
            next(atSite.disconnected);
            next(atSite.connected);

            assertEquals(ChannelWay.ANY, client.way());
        }
    }

    private static ChannelWay bound(String device) {
        return new ChannelWay(device, null);
    }

    private ChannelClientConfig config(ChannelServer server, Supplier<List<ChannelWay>> ways) {
        return new ChannelClientConfig(
                server.local(),
                ways,
                () -> site,
                site.verifier(TestAccount.CLOCK),
                WireSender.POP,
                ChannelBench.FAST);
    }

    @Test
    void shouldStayUpWithNothingButPings() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);

        Thread.sleep(2 * ChannelBench.FAST.idleTimeout().toMillis());

        assertTrue(client.isConnected());
        assertTrue(atSite.disconnected.isEmpty());
        assertTrue(atPop.closed.isEmpty());
        assertTrue(atPop.frames.isEmpty() && atSite.frames.isEmpty());
    }

    @Test
    void shouldServeFiftySites() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        List<ChannelClient> clients = new ArrayList<>();
        List<SiteRecorder> recorders = new ArrayList<>();

        for (int i = 1; i <= SITES; i++) {
            SiteRecorder recorder = new SiteRecorder();
            clients.add(bench.client(acme.site(i), server.local(), recorder));
            recorders.add(recorder);
        }
        for (SiteRecorder recorder : recorders) {
            next(recorder.connected);
        }
        long sum = 0;
        for (int i = 0; i < SITES; i++) {
            assertTrue(clients.get(i).send(stateRequest(i + 1)));
            next(atPop.accepted).send(clock(42));
        }
        for (SiteRecorder recorder : recorders) {
            assertEquals(42, next(recorder.frames).getClock().getTimeMs());
            sum += next(atPop.frames).getStateRequest().getRequest();
        }

        assertEquals(SITES * (SITES + 1) / 2, sum);
    }

    @Test
    void shouldConnectAgainWhenThePopIsBackOnTheSamePort() throws Exception {
        ChannelServer first = bench.server(pop, atPop);
        InetSocketAddress endpoint = first.local();
        ChannelClient client = bench.client(site, endpoint, atSite);
        next(atSite.connected);

        first.close();
        assertFalse(next(atSite.disconnected).isEmpty());
        assertFalse(client.send(stateRequest(1)));
        bench.open(
                new ChannelServerConfig(
                        endpoint,
                        pop,
                        pop.verifier(TestAccount.CLOCK),
                        Set.of(),
                        Enroller.UNAVAILABLE,
                        64,
                        ChannelBench.FAST),
                atPop);

        next(atSite.connected);
        ChannelBench.await("sending", () -> client.send(stateRequest(2)));
        assertEquals(2, next(atPop.frames).getStateRequest().getRequest());
    }

    @Test
    void shouldWaitForAPopThatIsNotThereYet() throws Exception {
        InetSocketAddress endpoint;
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(ChannelBench.loopback(0));
            endpoint = (InetSocketAddress) probe.getLocalSocketAddress();
        }
        try (CapturedLog log = new CapturedLog(ChannelClient.class)) {
            bench.client(site, endpoint, atSite);
            Thread.sleep(500);

            assertEquals(1, log.containing("Connection refused").size());
        }
        bench.open(
                new ChannelServerConfig(
                        endpoint,
                        pop,
                        pop.verifier(TestAccount.CLOCK),
                        Set.of(),
                        Enroller.UNAVAILABLE,
                        64,
                        ChannelBench.FAST),
                atPop);

        next(atSite.connected);
    }

    @Test
    void shouldGiveUpAPopThatAcceptsAndStaysSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket();
                CapturedLog log = new CapturedLog(ChannelClient.class)) {
            silent.bind(ChannelBench.loopback(0));
            bench.client(site, (InetSocketAddress) silent.getLocalSocketAddress(), atSite);

            try (Socket first = silent.accept();
                    Socket second = silent.accept()) {
                assertTrue(first.isConnected() && second.isConnected());
            }

            assertEquals(1, log.containing("TLS handshake not finished in time").size());
            assertTrue(atSite.connected.isEmpty());
        }
    }

    @Test
    void shouldEndConnectionOverWhichNothingIsHeard() throws Exception {
        try (SilentRelay relay = new SilentRelay(bench.server(pop, atPop).local())) {
            bench.client(site, relay.local(), atSite);
            next(atSite.connected);
            next(atPop.accepted);

            relay.fallSilent();

            assertTrue(next(atSite.disconnected).startsWith("nothing heard for 1000 ms"));
            assertTrue(next(atPop.closed).startsWith("nothing heard for 1000 ms"));
        }
    }

    @Test
    void shouldEndConnectionWhenThePopSaysSo() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        bench.client(site, server.local(), atSite);
        ChannelConnection connection = next(atPop.accepted);

        connection.close("site switched off");

        assertEquals("site switched off", next(atPop.closed));
        assertEquals(FailureText.CLOSED_BY_FAR_SIDE, next(atSite.disconnected));
    }

    @Test
    void shouldReplaceTheSitesOlderConnection() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        SiteRecorder newer = new SiteRecorder();
        try (RawSite older = new RawSite(site, server.local())) {
            next(atPop.accepted);

            bench.client(site, server.local(), newer);

            assertEquals("replaced by a newer connection of this site", next(atPop.closed));
            assertEquals(1001, next(atPop.accepted).peer().siteId());
            assertTrue(older.isClosedByFarSide());
        }
    }

    @Test
    void shouldStopWhenClosed() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        ChannelClient client = bench.client(site, server.local(), atSite);
        next(atSite.connected);
        next(atPop.accepted);

        client.close();

        assertEquals("closed by this site", next(atSite.disconnected));
        assertEquals(FailureText.CLOSED_BY_FAR_SIDE, next(atPop.closed));
        assertEquals(null, atPop.accepted.poll(500, TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldNameTheEndpointThatIsTaken() throws Exception {
        ChannelServer server = bench.server(pop, atPop);
        ChannelServerConfig same =
                new ChannelServerConfig(
                        server.local(),
                        pop,
                        pop.verifier(TestAccount.CLOCK),
                        Set.of(),
                        Enroller.UNAVAILABLE,
                        64,
                        ChannelBench.FAST);

        IOException refused = assertThrows(IOException.class, () -> bench.open(same, atPop));

        assertTrue(
                refused.getMessage()
                        .startsWith("channel port 127.0.0.1:" + server.local().getPort()));
    }
}
