package io.spillway.node.site;

import static io.spillway.node.site.BgpNetwork.await;
import static io.spillway.node.site.BgpNetwork.isEstablished;
import static io.spillway.node.site.BgpNetwork.isLearnt;
import static io.spillway.node.site.BgpNetwork.prefixes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.rib.Route;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A site's BGP beside Debian's FRR:
 *
 * <pre>
 *   site, AS 4200000010    10.1.0.1   ----  10.1.0.254    FRR, AS 65020
 *                          fd00:1::1        fd00:1::fe
 * </pre>
 */
class BgpFrrTest {
    private static final String CONFIG =
            """
            router bgp 65020
             no bgp ebgp-requires-policy
             no bgp network import-check
             bgp router-id 10.1.0.254
             neighbor 10.1.0.1 remote-as 4200000010
             neighbor 10.1.0.1 password s3cret
             neighbor 10.1.0.1 timers connect 1
             address-family ipv4 unicast
              redistribute kernel
              neighbor 10.1.0.1 route-map OUT out
             exit-address-family
             address-family ipv6 unicast
              neighbor 10.1.0.1 activate
              network fd00:9::/48
             exit-address-family
            ip prefix-list ODD permit 10.9.7.0/24
            route-map OUT permit 10
             match ip address prefix-list ODD
             set ip next-hop 172.16.5.5
            route-map OUT permit 20
            """;

    /**
     * FRR 8.4 gathers what it tells at the begin of a session for a second. What it withdraws in
     * that second it may go on to tell, and to show as told.
     */
    private static final long SETTLE_MS = 2_000;

    private static final JsonMapper JSON = JsonMapper.shared();
    @TempDir private static Path home;
    private static BgpNetwork network;
    private static FrrRouter frr;
    @TempDir private Path directory;
    private BgpSite site;

    @BeforeAll
    static void startRouter() throws Exception {
        network = new BgpNetwork(FrrRouter.BGPD);
        route("add", "10.9.0.0/24");
        frr = new FrrRouter(network.router, home, CONFIG);
    }

    @AfterAll
    static void stopRouter() throws Exception {
        if (network != null) {
            network.close();
        }
    }

    @AfterEach
    void stopSite() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    private void speak(String more) throws Exception {
        site = network.site(directory, "{name: core, address: 10.1.0.254, as: 65020" + more + "}");
    }

    /** The router tells what is in its kernel. */
    private static void route(String verb, String prefix) throws Exception {
        network.router.run("ip route " + verb + " blackhole " + prefix);
    }

    @Test
    void shouldExchangeRoutesOfBothFamiliesOverOneSignedSession() throws Exception {
        route("add", "10.9.8.0/24");
        speak(", password: s3cret, families: [ipv4, ipv6]");

        await("session", () -> isEstablished(site));
        await("IPv4 route", () -> isLearnt(site, "10.9.8.0/24"));
        await("IPv6 route", () -> isLearnt(site, "fd00:9::/48"));
        assertEquals(
                NextHop.via(0, IpAddress.parse("10.1.0.254")), site.inUse("10.9.8.0/24").nextHop());
        assertEquals(
                NextHop.via(0, IpAddress.parse("fd00:1::fe")), site.inUse("fd00:9::/48").nextHop());
        await("advert", () -> site.advertised().containsAll(List.of("10.9.8.0/24", "fd00:9::/48")));

        JsonNode list = site.answer(JSON.createObjectNode()).path("neighbours").get(0);
        assertEquals("Established", list.path("state").asString());
        JsonNode full = site.answer(JSON.createObjectNode().put("neighbour", "10.1.0.254"));
        assertEquals(60, full.path("session").path("holdS").asInt());
        assertEquals(1, full.path("routes").path("ipv6Accepted").asInt());

        // Other sites' routes, and ours, reach the router; so does their end.
        site.change(rib -> rib.replaceRemote(1002, 1, prefixes("10.2.0.0/16", "fd00:22::/48")));
        await("cloud", () -> frr.show("show bgp ipv4 10.2.0.0/16").contains("4200000010"));
        String told = frr.show("show bgp ipv4 10.2.0.0/16");
        assertTrue(told.contains("Large Community: 4200020049:0:1002"), told);
        await("IPv6", () -> frr.show("show bgp ipv6 fd00:22::/48").contains("fd00:1::1"));
        assertTrue(frr.show("show bgp ipv4 10.1.2.0/24").contains("4200000010"), "our network");
        site.change(rib -> rib.replaceRemote(1002, 2, List.of()));
        await("its end", () -> frr.show("show bgp ipv4 10.2.0.0/16").contains("not in table"));

        // What the router withdraws is withdrawn from the cloud.
        Thread.sleep(SETTLE_MS);
        route("del", "10.9.8.0/24");
        await("withdrawal", () -> site.inUse("10.9.8.0/24") == null);
        await("advert without", () -> !site.advertised().contains("10.9.8.0/24"));
        assertEquals("core: BGP session established", site.told().getFirst());
    }

    /** X07: a next hop broke the session. One that is nowhere harms itself only. */
    @Test
    void shouldKeepTheSessionWhateverNextHopIsToldX07() throws Exception {
        route("add", "10.9.7.0/24");
        speak(", password: s3cret");

        await("odd route", () -> !site.routes("10.9.7.0/24").isEmpty());
        Route odd = site.routes("10.9.7.0/24").getFirst();
        assertFalse(odd.status().inUse());
        assertEquals(
                "its next hop 172.16.5.5 is in no LAN network, nor behind a static route",
                odd.status().reason());
        Thread.sleep(SETTLE_MS);
        route("add", "10.9.6.0/24");
        await("route after it", () -> isLearnt(site, "10.9.6.0/24"));
        assertTrue(isEstablished(site));
        assertEquals(1, site.told().stream().filter(it -> it.contains("session")).count());
        assertFalse(site.advertised().contains("10.9.7.0/24"));
        route("del", "10.9.6.0/24");
        route("del", "10.9.7.0/24");
    }

    @Test
    void shouldTellNobodyBeyondTheSiteWhileFrozen() throws Exception {
        route("add", "10.9.1.0/24");
        speak(", password: s3cret");
        await("advert", () -> site.advertised().contains("10.9.1.0/24"));
        Thread.sleep(SETTLE_MS);

        site.change(rib -> rib.freeze(1));
        route("del", "10.9.1.0/24");
        route("add", "10.9.2.0/24");

        await("new local route", () -> isLearnt(site, "10.9.2.0/24"));
        await("unreachable", () -> site.inUse("10.9.1.0/24").nextHop().equals(NextHop.UNREACHABLE));
        Thread.sleep(300);
        assertTrue(site.advertised().contains("10.9.1.0/24"));
        assertFalse(site.advertised().contains("10.9.2.0/24"));

        site.change(rib -> rib.thawAll());

        await("end", () -> site.inUse("10.9.1.0/24") == null);
        await("advert", () -> site.advertised().contains("10.9.2.0/24"));
        assertFalse(site.advertised().contains("10.9.1.0/24"));
        route("del", "10.9.2.0/24");
    }

    @Test
    void shouldFindARouterAgainThatCrashedOrWasReset() throws Exception {
        speak(", password: s3cret, hold: 3s");
        await("route", () -> isLearnt(site, "10.9.0.0/24"));

        frr.crash();
        await("withdrawal", () -> site.inUse("10.9.0.0/24") == null);
        frr.start();
        await("route again", () -> isLearnt(site, "10.9.0.0/24"));

        site.reset(0);
        await("end", () -> site.view(0).lastSent().contains("administrative reset"));
        await("route at last", () -> isEstablished(site) && isLearnt(site, "10.9.0.0/24"));
        assertTrue(
                site.told().stream().anyMatch(e -> e.startsWith("core: BGP session ended: ")),
                site.told()::toString);
    }

    @Test
    void shouldNameAnMd5Mismatch() throws Exception {
        speak(", password: another");

        await("reason", () -> site.view(0).lastEnd().contains("TCP MD5"));

        String said = site.view(0).lastEnd();
        assertTrue(said.endsWith("signature is wrong: the passwords differ"), said);
    }
}
