package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static io.spillway.dataplane.sim.Frames.udp;
import static io.spillway.dataplane.sim.Frames.withTtl;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To the Internet and back, by the cloud and directly; LAN 1 may see nothing else. */
class InternetPathTest {
    private static final String SERVER = "192.0.2.80";
    private static final String HOST = "10.1.0.7";
    private static final String GUEST = "10.1.1.7";
    private static final String REMOTE = "10.2.0.8";

    private final ForwardFixture fixture = new ForwardFixture();
    private final Router router =
            new Router(
                    fixture.view,
                    new PortRoutes(new int[] {0, 0}, new boolean[] {false, true}, 1),
                    fixture.flows,
                    fixture.fit,
                    fixture.icmp,
                    fixture.drops,
                    fixture.clock);

    @BeforeEach
    void bringTunnelsUp() {
        fixture.install(fixture.pop, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.first, SessionPair.of(2, 3, 4).client());
        byCloud();
    }

    @Test
    void shouldSendByTheCloud() {
        PacketBuffer packet = route(lan(HOST, SERVER));

        assertEquals(Exit.tunnel(fixture.pop.index()), packet.exit);
        assertEquals(63, content(packet)[8]);
        assertEquals(0, router.directInternet().packets());
    }

    @Test
    void shouldGiveToTheKernelWithoutTheCloudWhichTakesTheHopOff() {
        directly();

        PacketBuffer packet = route(lan(HOST, SERVER));

        assertEquals(Exit.port(1), packet.exit);
        assertEquals(64, content(packet)[8]);
        assertEquals(1, router.directInternet().packets());
    }

    @Test
    void shouldTellThatTheTimeIsUpItselfSinceTheKernelCannot() {
        directly();

        assertNull(route(fixture.fromLan(withTtl(udp(HOST, SERVER, 53, new byte[4]), 1))));

        assertEquals(1, fixture.dropped(DropReason.TTL_EXCEEDED));
        assertEquals(11, content(fixture.lanRing.poll())[20]);
    }

    @Test
    void shouldRefuseWhereNeitherLeadsThere() {
        fixture.cloud = new SiteExit(1, List.of(), 0, false);
        byCloud();

        assertNull(route(lan(HOST, SERVER)));

        assertEquals(1, fixture.dropped(DropReason.INTERNET_DOWN));
        assertEquals(1, content(fixture.lanRing.poll())[21], "host unreachable");
    }

    /** Ranges that belong to somebody's inside are not looked for outside. */
    @ParameterizedTest
    @CsvSource({
        "10.200.0.1, false",
        "172.16.0.1, false",
        "172.31.255.1, false",
        "192.168.1.1, false",
        "169.254.169.254, false",
        "100.64.0.1, false",
        "172.32.0.1, true",
        "100.128.0.1, true",
        "192.0.0.8, true"
    })
    void shouldLetOutPublicAddressesOnly(String target, boolean isPublic) {
        for (int i = 0; i < 2; i++) {
            PacketBuffer packet = route(lan(HOST, target));
            assertEquals(isPublic, packet != null, target);
            directly();
        }
        assertEquals(isPublic ? 0 : 2, fixture.dropped(DropReason.ROUTE_MISSING));
    }

    /** Nobody uses this site as its way out, nor does what the kernel sent come back to it. */
    @Test
    void shouldTakeNothingOnwardFromTunnelsOrTheKernel() {
        assertNull(route(fixture.fromTunnel(udp(REMOTE, SERVER, 53, new byte[4]), fixture.first)));
        assertNull(route(fixture.fromTunnel(udp(REMOTE, SERVER, 53, new byte[4]), fixture.pop)));
        directly();
        assertNull(route(fixture.fromTunnel(udp(REMOTE, SERVER, 53, new byte[4]), fixture.first)));
        PacketBuffer fromKernel = lan("10.1.0.1", SERVER);
        fromKernel.isFromHost = true;
        assertNull(route(fromKernel));

        assertEquals(3, fixture.dropped(DropReason.ROUTE_MISSING));
        assertEquals(1, fixture.dropped(DropReason.INTERNET_DOWN));
    }

    @Test
    void shouldHandOnAtAPopWhatSitesSendAndNothingElse() {
        publish(0, true);

        PacketBuffer packet =
                route(fixture.fromTunnel(udp(REMOTE, SERVER, 53, new byte[4]), fixture.first));
        assertEquals(Exit.port(1), packet.exit);
        assertNull(route(fixture.fromTunnel(udp(REMOTE, SERVER, 53, new byte[4]), fixture.pop)));
        PacketBuffer fromKernel = lan(SERVER, "192.0.2.81");
        fromKernel.isFromHost = true;
        assertNull(route(fromKernel));

        assertEquals(2, fixture.dropped(DropReason.ROUTE_MISSING));
    }

    @Test
    void shouldTakeAnswersFromAPopAndFromNoSite() {
        assertEquals(1, guard(SERVER, HOST, fixture.pop));
        assertEquals(0, guard(SERVER, HOST, fixture.first));
        publish(0, true);
        assertEquals(0, guard(SERVER, REMOTE, fixture.pop), "another node's");
        assertEquals(0, guard(SERVER, REMOTE, fixture.first), "a site that spoofs");
    }

    @Test
    void shouldKeepAnInternetOnlyNetworkFromSitesBothWays() {
        PacketBuffer guest = lan(GUEST, REMOTE);
        guest.ingressInterface = 1;
        assertNull(route(guest));
        assertEquals(13, content(fixture.lanRing.poll())[21], "administratively prohibited");
        assertNull(route(fixture.fromTunnel(udp(REMOTE, GUEST, 53, new byte[4]), fixture.first)));
        assertNull(route(fixture.fromTunnel(udp(REMOTE, GUEST, 53, new byte[4]), fixture.pop)));

        assertEquals(3, fixture.dropped(DropReason.NETWORK_ISOLATED));
    }

    @Test
    void shouldLetAnInternetOnlyNetworkSeeTheInternetAndItsNeighbours() {
        PacketBuffer guest = lan(GUEST, SERVER);
        guest.ingressInterface = 1;
        assertEquals(Exit.tunnel(fixture.pop.index()), route(guest).exit);
        PacketBuffer answer = fixture.fromTunnel(udp(SERVER, GUEST, 53, new byte[4]), fixture.pop);
        assertEquals(Exit.port(0), route(answer).exit);
        PacketBuffer within = lan(GUEST, HOST);
        within.ingressInterface = 1;
        assertEquals(Exit.port(0), route(within).exit);
        assertEquals(Exit.tunnel(1), route(lan(HOST, REMOTE)).exit, "the other network");

        assertEquals(0, fixture.dropped(DropReason.NETWORK_ISOLATED));
    }

    @Test
    void shouldExplainWhatItDoes() {
        assertEquals(List.of(fixture.pop), explain(SERVER, null).tunnels());
        assertNull(explain(SERVER, null).drop());
        assertEquals(DropReason.ROUTE_MISSING, explain("10.200.0.1", null).drop());
        assertEquals(DropReason.ROUTE_MISSING, explain(SERVER, fixture.first).drop());
        directly();
        assertEquals(List.of(), explain(SERVER, null).tunnels());
        assertNull(explain(SERVER, null).drop());
        fixture.cloud = new SiteExit(1, List.of(), 0, false);
        byCloud();
        assertEquals(DropReason.INTERNET_DOWN, explain(SERVER, null).drop());
        publish(0, true);
        assertNull(explain(SERVER, fixture.first).drop());
    }

    private RouteExplanation explain(String target, Tunnel ingress) {
        FiveTuple tuple = new FiveTuple();
        tuple.destinationLow = Integer.toUnsignedLong(Packets.ip4(target));
        return RouteExplanation.of(fixture.view.current(), tuple, 4, ingress, true);
    }

    private void byCloud() {
        publish(1, false);
    }

    private void directly() {
        publish(1, true);
    }

    private void publish(long ownSiteId, boolean isDirect) {
        Forwarding before = fixture.view.current();
        Forwarding now =
                new Forwarding(
                        2,
                        ownSiteId,
                        0,
                        fib(),
                        before.sites(),
                        fixture.cloud,
                        isDirect,
                        before.tunnels(),
                        before.local());
        fixture.view.publish(now);
    }

    private static Fib fib() {
        return Fib.of(
                2,
                List.of(
                        entry("0.0.0.0/0", NextHop.INTERNET),
                        entry("10.1.0.0/24", NextHop.onLink(0)),
                        entry("10.1.1.0/24", NextHop.onLink(1)),
                        entry("10.2.0.0/16", NextHop.site(0))));
    }

    private static FibEntry entry(String prefix, NextHop hop) {
        return new FibEntry(Prefix.parse(prefix), hop);
    }

    private int guard(String source, String target, Tunnel tunnel) {
        fixture.batch.clear();
        fixture.batch.add(fixture.fromTunnel(udp(source, target, 53, new byte[4]), tunnel));
        fixture.guard.process(fixture.batch);
        return fixture.batch.size();
    }

    private PacketBuffer lan(String source, String target) {
        return fixture.fromLan(udp(source, target, 53, new byte[4]));
    }

    private PacketBuffer route(PacketBuffer packet) {
        fixture.batch.clear();
        fixture.batch.add(packet);
        router.process(fixture.batch);
        return fixture.batch.isEmpty() ? null : fixture.batch.get(0);
    }
}
