package io.spillway.node.pop.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.wire.LinkReadiness;
import io.spillway.control.wire.PeerReadinessEntry;
import io.spillway.control.wire.ReadinessEntry;
import io.spillway.control.wire.ReadinessKind;
import io.spillway.control.wire.ReadinessReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An account of 500 sites with four links each, by HTTP. */
class ApiScaleTest {
    private static final int SITES = 500;
    private static final int LINKS = 4;
    private static final int RUNS = Boolean.getBoolean("spillway.long") ? 500 : 1;
    private static final int WARM_UP = 200;

    /** What a list of sites shows, as the column <i>WAN Recovery Tunnels</i> does. */
    private static final String QUERY =
            "{accountSnapshot{id timestamp sites{id connectivityStatus popName lastConnected"
                    + " info{name type} wanRecoveryStatus wanRecovery{connected expected provenAt}"
                    + " devices{connected interfaces{id name connected tunnelRemoteIP"
                    + " wanRecoveryStatus wanRecovery{connected expected}}}}}}";

    @TempDir Path directory;
    private final Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private long nowNs;

    @Test
    void shouldTellALargeAccount() throws Exception {
        AccountSnapshot account = account();
        try (EventStore events = EventStore.open(directory, now::toEpochMilli, new Random(7));
                ApiCaller caller =
                        ApiCaller.open(
                                directory,
                                new ApiServer.Source(
                                        "acme", () -> account, events, () -> now, () -> nowNs))) {
            JsonNode sites = caller.ask(QUERY).at("/accountSnapshot/sites");
            assertEquals(SITES, sites.size());
            assertEquals(SITES - 1, sites.at("/0/wanRecovery/connected").asInt());
            long[] times = new long[RUNS];
            for (int i = RUNS == 1 ? 0 : -WARM_UP; i < RUNS; i++) {
                nowNs += 60_000_000_000L;
                long beganNs = System.nanoTime();
                assertEquals(200, caller.post(QUERY, Map.of()).statusCode());
                if (i >= 0) {
                    times[i] = System.nanoTime() - beganNs;
                }
            }
            Arrays.sort(times);
            System.out.printf(
                    "ApiScaleTest: %d sites, p50 %.1f ms, p99 %.1f ms%n",
                    SITES, times[RUNS / 2] / 1e6, times[RUNS * 99 / 100] / 1e6);
        }
    }

    private AccountSnapshot account() {
        List<SiteSnapshot> sites = new ArrayList<>();
        for (int i = 1; i <= SITES; i++) {
            sites.add(site(i));
        }
        return new AccountSnapshot("acme", now, sites);
    }

    private SiteSnapshot site(long id) {
        ReadinessReport report = report(id);
        WanRecovery recovery =
                WanRecovery.of(
                        report,
                        true,
                        new WanRecovery.Names(Long::toString, Integer::toString),
                        null);
        List<InterfaceInfo> infos =
                IntStream.range(0, LINKS)
                        .mapToObj(i -> new InterfaceInfo("" + i, "wan" + i, "CATO", "wan_" + i))
                        .toList();
        List<InterfaceSnapshot> links = infos.stream().map(info -> link(info, report)).toList();
        SocketInfo socket = new SocketInfo(Long.toString(id), "0.1.0");
        DeviceSnapshot device =
                new DeviceSnapshot(
                        true, now, socket.id(), links, List.of(), now, 5, "frankfurt", "s", socket);
        return new SiteSnapshot(
                id,
                true,
                new SiteInfo("site" + id, "BRANCH", infos, List.of(socket)),
                "connected",
                DegradedStatus.of(List.of()),
                now,
                now,
                "frankfurt",
                List.of(device),
                recovery.said(),
                recovery);
    }

    private InterfaceSnapshot link(InterfaceInfo info, ReadinessReport report) {
        int index = Integer.parseInt(info.id());
        WanRecovery recovery = WanRecovery.of(report, index);
        return new InterfaceSnapshot(
                info, index, true, "frankfurt", "203.0.113.7", 5, recovery.said(), recovery);
    }

    private ReadinessReport report(long id) {
        ReadinessEntry ready =
                ReadinessEntry.newBuilder()
                        .setKind(ReadinessKind.READINESS_READY)
                        .setConnected(SITES - 1)
                        .setExpected(SITES - 1)
                        .build();
        ReadinessReport.Builder report =
                ReadinessReport.newBuilder().setTimeMs(now.toEpochMilli()).setSite(ready);
        for (int i = 0; i < LINKS; i++) {
            report.addLinks(LinkReadiness.newBuilder().setLink(i).setReadiness(ready));
        }
        for (long peer = 1; peer <= SITES; peer++) {
            if (peer != id) {
                report.addPeers(PeerReadinessEntry.newBuilder().setSiteId(peer).setConnected(true));
            }
        }
        return report.build();
    }
}
