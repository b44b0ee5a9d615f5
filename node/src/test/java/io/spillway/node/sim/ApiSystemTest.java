package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.Event;
import io.spillway.control.readiness.Readiness;
import io.spillway.node.pop.PopView;
import io.spillway.node.pop.api.ApiCaller;
import io.spillway.node.pop.api.ApiServer;
import io.spillway.node.pop.api.EveryField;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the account's API tells of simulated sites, by HTTP, in every state they can be in. */
class ApiSystemTest extends SystemTest {
    private static final long READY_MAX_MS = 10_000;

    /** A silent peer is heard no more, and a proof is too old. */
    private static final long GONE_MS = 62_000;

    private static final String FEED =
            "query($m:String){eventsFeed(marker:$m){marker fetchedCount accounts{"
                    + "records(fieldNames:[event_id,event_message]){time fieldsMap}}}}";

    /** At a PoP as it runs now. */
    private ApiCaller caller(SimWorld world, String store) throws IOException {
        SimPop pop = world.pop();
        PopView view = new PopView(pop.control());
        return ApiCaller.open(
                directory.resolve(store),
                new ApiServer.Source(
                        SimWorld.ACCOUNT,
                        () -> view.account(world.clock()),
                        pop.events(),
                        () -> Instant.ofEpochMilli(world.clock().time()),
                        world.clock()));
    }

    /** All that is served of all sites; so seldom that the limit does not matter. */
    private static List<JsonNode> sites(SimWorld world, ApiCaller caller) throws Exception {
        world.run(1_000);
        JsonNode data =
                caller.ask(new EveryField(caller).of("accountSnapshot", "(accountID:\"acme\")"));
        JsonNode snapshot = data.path("accountSnapshot");
        assertEquals("acme", snapshot.path("id").asString());
        Instant now = Instant.ofEpochMilli(world.clock().time());
        assertEquals(now.toString(), snapshot.path("timestamp").asString());
        assertTrue(snapshot.path("users").isNull());
        return List.copyOf(snapshot.path("sites").values());
    }

    @Test
    void shouldAgreeWithSitesInEveryState() throws Exception {
        try (SimWorld world = world(1).keepingEvents();
                ApiCaller caller = caller(world, "api")) {
            world.addSite(1, SiteOptions.DEFAULT.links(1, 1));
            world.addSite(2, SiteOptions.DEFAULT);
            world.addSite(3, SiteOptions.DEFAULT);
            assertNothingBeforeItIsKnown(world, caller);

            awaitReady(world);
            assertTrue(world.runUntil(() -> isReady(world, 1), READY_MAX_MS));
            assertCloud(world, sites(world, caller).getFirst());
            assertReadinessAsTold(world, caller, 3);

            world.cutPop(1, true);
            world.run(3_000);
            assertRecovering(sites(world, caller).getFirst());
            assertReadinessAsTold(world, caller, 3);

            world.cutPop(1, false);
            awaitReturn(world, 20_000);
            assertCloud(world, sites(world, caller).getFirst());

            world.pathsOf(1, 1).forEach(path -> path.isCut = true);
            world.pathsOf(3, 0).forEach(path -> path.isCut = true);
            world.site(3).channel().cut(true);
            world.run(GONE_MS);
            List<JsonNode> sites = sites(world, caller);
            assertOneLinkCut(sites.getFirst());
            assertGone(sites.get(2));
            assertWithoutTheOneThatIsGone(sites.get(1));
            assertReadinessAsTold(world, caller, 2);
        }
    }

    private static boolean isReady(SimWorld world, int number) {
        return view(world, number).readiness().site().status() == Readiness.Status.READY;
    }

    private static void assertNothingBeforeItIsKnown(SimWorld world, ApiCaller caller)
            throws Exception {
        PopView pop = new PopView(world.pop().control());
        assertTrue(world.runUntil(() -> pop.siteCount() == 3, 1_000));
        JsonNode site =
                caller.ask(
                                "{accountSnapshot{sites(siteIDs:[\"1001\"]){id wanRecoveryStatus"
                                        + " wanRecovery{connected} devices{lastDuration}}}}")
                        .at("/accountSnapshot/sites/0");

        assertEquals("1001", site.path("id").asString());
        assertTrue(site.path("wanRecoveryStatus").isNull(), site.toString());
        assertTrue(site.at("/wanRecovery/connected").isNull(), site.toString());
        assertTrue(site.at("/devices/0/lastDuration").isNull(), site.toString());
    }

    private static void assertCloud(SimWorld world, JsonNode site) {
        assertEquals("1001", site.path("id").asString());
        assertEquals("site1", site.at("/info/name").asString());
        assertEquals("BRANCH", site.at("/info/type").asString());
        assertEquals("connected", site.path("connectivityStatus").asString());
        assertEquals("active", site.path("operationalStatus").asString());
        assertEquals(SimPlace.FRANKFURT.node(), site.path("popName").asString());
        assertFalse(site.at("/degradedStatus/isDegraded").asBoolean(true), site.toString());
        assertEquals("ready", site.path("wanRecoveryStatus").asString());
        assertTrue(site.at("/wanRecovery/recoveringVia").isNull());
        JsonNode device = site.path("devices").get(0);
        assertTrue(device.path("connected").asBoolean());
        assertEquals(site.path("connectedSince"), device.path("connectedSince"));
        long sinceMs = Instant.parse(site.path("connectedSince").asString()).toEpochMilli();
        long elapsedS = (world.clock().time() - sinceMs) / 1000;
        assertEquals(elapsedS, device.path("lastDuration").asLong());
        for (int link = 0; link < 2; link++) {
            assertLink(device, link, elapsedS);
        }
        assertUnknown(site, "altWanStatus", "haStatus", "hostCount", "protoId");
        assertUnknown(device, "deviceUptime", "haRole", "recentConnections", "lastPopID");
    }

    private static void assertLink(JsonNode device, int index, long elapsedS) {
        JsonNode link = device.path("interfaces").get(index);
        String address = SimSite.endpoint(1, index).getAddress().getHostAddress();
        assertEquals(Integer.toString(index), link.path("id").asString());
        assertEquals("wan" + index, link.path("name").asString());
        assertEquals("CATO", link.at("/info/destType").asString());
        assertEquals("wan_" + (index + 1), link.at("/info/wanRole").asString());
        assertEquals(index, link.path("naturalOrder").asInt());
        assertTrue(link.path("connected").asBoolean());
        assertEquals(SimPlace.FRANKFURT.node(), link.path("popName").asString());
        assertEquals(address, link.path("tunnelRemoteIP").asString());
        assertEquals(address, link.at("/tunnelRemoteIPInfo/ip").asString());
        assertTrue(link.path("tunnelUptime").asLong(-1) >= 0, link.toString());
        assertTrue(link.path("tunnelUptime").asLong() <= elapsedS, link.toString());
        assertEquals("ready", link.path("wanRecoveryStatus").asString());
        assertEquals(2, link.at("/wanRecovery/connected").asInt());
        JsonNode state = device.path("interfacesLinkState").get(index);
        for (String proven : List.of("up", "hasAddress", "hasInternet", "hasTunnel")) {
            assertTrue(state.path(proven).asBoolean(), state.toString());
        }
        assertUnknown(link, "bgpState", "cellularInterfaceInfo", "physicalPort", "previousPopID");
        assertUnknown(link.path("info"), "upstreamBandwidth", "downstreamBandwidth");
    }

    private static void assertUnknown(JsonNode node, String... fields) {
        for (String field : fields) {
            assertTrue(node.path(field).isNull(), field + " of " + node);
        }
    }

    private static void assertOneLinkCut(JsonNode site) {
        assertEquals("connected", site.path("connectivityStatus").asString());
        assertTrue(site.at("/degradedStatus/isDegraded").asBoolean());
        assertEquals(
                "WAN_TUNNEL_DISCONNECTED",
                site.at("/degradedStatus/degradedDetails/0/reason").asString());
        JsonNode device = site.path("devices").get(0);
        assertTrue(device.path("connected").asBoolean());
        assertTrue(device.at("/interfaces/0/connected").asBoolean());
        JsonNode cut = device.path("interfaces").get(1);
        assertFalse(cut.path("connected").asBoolean(true));
        assertUnknown(cut, "popName", "tunnelRemoteIP", "tunnelRemoteIPInfo", "tunnelUptime");
        assertEquals("not_ready", cut.path("wanRecoveryStatus").asString());
        assertTrue(device.at("/interfacesLinkState/1/up").isNull());
        assertFalse(device.at("/interfacesLinkState/1/hasTunnel").asBoolean(true));
        assertEquals("partial", site.path("wanRecoveryStatus").asString());
    }

    /** L15: off the PoP, but others hear it. */
    private static void assertRecovering(JsonNode site) {
        assertEquals("connected", site.path("connectivityStatus").asString());
        assertTrue(site.at("/degradedStatus/isDegraded").asBoolean());
        assertUnknown(site, "popName", "connectedSince");
        assertFalse(site.path("lastConnected").isNull());
        assertFalse(site.at("/devices/0/connected").asBoolean(true));
        assertEquals(
                "[{\"id\":\"1002\",\"name\":\"site2\",\"type\":\"site\"},"
                        + "{\"id\":\"1003\",\"name\":\"site3\",\"type\":\"site\"}]",
                site.at("/wanRecovery/recoveringVia").toString());
        assertEquals("ready", site.path("wanRecoveryStatus").asString());
    }

    private static void assertGone(JsonNode gone) {
        assertEquals("disconnected", gone.path("connectivityStatus").asString());
        assertUnknown(gone, "wanRecoveryStatus", "degradedStatus", "popName", "connectedSince");
        assertEquals("[]", gone.at("/wanRecovery/recoveringVia").toString());
        assertEquals(2, gone.at("/wanRecovery/connected").asInt(), "as it said last");
    }

    private static void assertWithoutTheOneThatIsGone(JsonNode site) {
        assertEquals("partial", site.path("wanRecoveryStatus").asString());
        assertEquals(1, site.at("/wanRecovery/connected").asInt());
        JsonNode peer = site.at("/wanRecovery/peers/1");
        assertEquals("site3", peer.path("name").asString());
        assertFalse(peer.path("connected").asBoolean(true));
        assertTrue(peer.path("reasons").size() > 0, peer.toString());
        assertEquals(peer.path("reasons").get(0), site.at("/wanRecovery/reasons/0"));
    }

    /** X/Y as the sites themselves would say. */
    private static void assertReadinessAsTold(SimWorld world, ApiCaller caller, int count)
            throws Exception {
        List<JsonNode> sites = sites(world, caller);
        for (int number = 1; number <= count; number++) {
            Readiness own = view(world, number).readiness().site();
            JsonNode told = sites.get(number - 1);
            String status = own.status().name().toLowerCase(Locale.ROOT);
            assertEquals(status, told.path("wanRecoveryStatus").asString());
            assertEquals(own.connected(), told.at("/wanRecovery/connected").asInt());
            assertEquals(own.expected(), told.at("/wanRecovery/expected").asInt());
            int links = told.at("/devices/0/interfaces").size();
            assertEquals(links, told.at("/wanRecovery/interfaces").size());
            assertEquals(2, told.at("/wanRecovery/peers").size());
        }
    }

    @Test
    void shouldFeedEveryEventOnceOverARestart() throws Exception {
        try (SimWorld world = world(2).keepingEvents()) {
            world.withSites(2, SiteOptions.DEFAULT);
            awaitReady(world);
            List<SimStream> streams = world.streams(20);
            world.cutPop(1, true);
            world.run(3_000);
            world.cutPop(1, false);
            awaitReturn(world, 20_000);
            world.run(3_000);
            List<JsonNode> read = new ArrayList<>();
            String marker;
            try (ApiCaller caller = caller(world, "first")) {
                marker = readAll(caller, "", read);
            }
            int before = read.size();
            assertTrue(before >= 4, "two sites activated and stopped: " + read);

            world.killPop();
            world.run(3_000);
            world.startPop();
            awaitReturn(world, 20_000);
            world.run(5_000);
            try (ApiCaller caller = caller(world, "second")) {
                readAll(caller, marker, read);
            }

            assertTrue(read.size() > before);
            assertAsInJournals(world, read);
            streams.forEach(stream -> assertEquals(0, stream.duplicates()));
        }
    }

    private static String readAll(ApiCaller caller, String marker, List<JsonNode> read)
            throws Exception {
        String next = marker;
        int count = -1;
        while (count != 0) {
            JsonNode feed = caller.ask(FEED, Map.of("m", next)).path("eventsFeed");
            feed.at("/accounts/0/records").forEach(read::add);
            count = feed.path("fetchedCount").asInt();
            next = feed.path("marker").asString();
        }
        return next;
    }

    /** Each once, with the time of the site that told it. */
    private static void assertAsInJournals(SimWorld world, List<JsonNode> read) {
        Map<String, Instant> expected = new HashMap<>();
        for (SimSite site : world.sites()) {
            for (Event event : site.journal().events()) {
                expected.put(event.id(), Instant.ofEpochMilli(event.timeMs()));
            }
        }
        Map<String, Instant> told = new HashMap<>();
        for (JsonNode each : read) {
            String id = each.at("/fieldsMap/event_id").asString();
            Instant before = told.put(id, Instant.parse(each.path("time").asString()));
            assertEquals(null, before, "twice: " + each);
        }
        assertEquals(expected, told);
    }
}
