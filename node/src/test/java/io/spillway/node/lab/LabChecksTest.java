package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LabChecksTest {
    private static final List<LabSite> SITES = LabSite.first(3);
    private static final long CUT_EVERY_MS = 20_000;

    @TempDir Path directory;
    private final Marker marker = new Marker(new SplittableRandom(1));
    private final Map<String, Readiness> readiness = new TreeMap<>();
    private final Map<String, Long> lanMarked = new TreeMap<>();
    private final List<CutResult> cuts = new ArrayList<>();
    private final List<LabEvent> events = new ArrayList<>();
    private final List<String> pings = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private final CaptureCheck internet = new CaptureCheck();
    private LabResult.Tcp tcp = new LabResult.Tcp(true, "", 700, 1 << 20);

    @BeforeEach
    void makeAGoodRun() throws IOException {
        for (LabSite site : SITES) {
            readiness.put(site.name(), new Readiness("READY", 2, 2));
            lanMarked.put(site.name(), 2000L);
        }
        for (int i = 0; i < 4; i++) {
            cuts.add(cut(i, 300, 500, 5000, 0, 1.5));
            for (LabSite site : SITES) {
                events.add(event(site, LabEvent.ACTIVATED, i * CUT_EVERY_MS + 1300));
                events.add(event(site, LabEvent.STOPPED, i * CUT_EVERY_MS + 10_000));
            }
        }
        look(new PcapFixture().udp(1, "198.51.100.2", "198.51.100.6", 20060, 100, (byte) 25));
    }

    @Test
    void shouldPassAGoodRun() {
        assertEquals(List.of(), failed());
    }

    @Test
    void shouldFailASiteThatIsNotReadyForAllOthers() {
        readiness.put("berlin", new Readiness("READY", 1, 1));
        assertEquals(List.of("ready before the first cut"), failed());
    }

    @Test
    void shouldFailAnOutageOfASecond() {
        cuts.set(2, cut(2, 1000, 500, 5000, 0, 1.5));
        assertEquals(List.of("outage"), failed());
    }

    @Test
    void shouldFailACutThatNobodyFelt() {
        cuts.set(1, cut(1, 0, -1, 5000, 0, 1.5));
        assertEquals(List.of("the PoP was really cut", "every site went to recovery"), failed());
    }

    @Test
    void shouldFailAReturnThatLosesAPacketOrNeverComes() {
        cuts.set(0, cut(0, 300, 500, 5000, 1, 1.5));
        cuts.set(3, cut(3, 300, 500, -1, 0, 1.5));
        assertEquals(List.of("every site came back", "nothing lost in the return"), failed());
    }

    @Test
    void shouldFailWithoutThroughput() {
        cuts.set(0, cut(0, 300, 500, 5000, 0, Double.NaN));
        assertEquals(List.of("throughput in recovery"), failed());
    }

    @Test
    void shouldFailATcpSessionThatBrokeOrStoodStill() {
        tcp = new LabResult.Tcp(false, "Connection reset", 2000, 1);
        assertEquals(List.of("TCP session survived", "TCP longest gap"), failed());
    }

    @Test
    void shouldFailAnEventThatIsMissingOrThereTwice() {
        events.removeFirst();
        events.add(event(SITES.get(1), LabEvent.STOPPED, 2 * CUT_EVERY_MS + 11_000));
        assertEquals(List.of(LabEvent.ACTIVATED, LabEvent.STOPPED), failed());
    }

    @Test
    void shouldFailARecoveryWithoutACut() {
        events.add(event(SITES.get(0), LabEvent.ACTIVATED, 900));
        assertEquals(List.of("no recovery before the first cut"), failed());
    }

    @Test
    void shouldFailAMarkerOnTheInternet() throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(64).put(0, (byte) 25).position(13);
        marker.write(payload);
        look(new PcapFixture().udp(1, "10.1.0.10", "10.2.0.10", 20060, 64, payload.array()));
        assertEquals(List.of("marker not on the Internet"), failed());
    }

    @Test
    void shouldFailAStrangerOnTheInternet() throws IOException {
        look(new PcapFixture().tcp(1, "198.51.100.2", "198.51.100.6", 80));
        assertEquals(List.of("Internet carries only DTLS, STUN, TLS, ARP, ND, ICMP"), failed());
    }

    @Test
    void shouldFailALanWithoutTheMarkerAndAnyTrouble() {
        lanMarked.put("london", 0L);
        pings.add("berlin>london 10.2.0.10 in cut 1");
        troubles.add("frankfurt ended");
        assertEquals(
                List.of("pings answered", "marker on the LANs", "nodes and traffic ran to the end"),
                failed());
    }

    @Test
    void shouldReportForPeopleWhatFailedWithExpectedAndSeen() {
        cuts.set(2, cut(2, 1234, 500, 5000, 0, 1.5));
        LabResult result = result();

        String text = new LabReport(result, LabChecks.of(result)).text();

        assertTrue(
                text.contains("FAILED  outage: expected < 1000 ms, seen cut 3 (silent drop, both"),
                text);
        assertTrue(text.endsWith("FAIL: 17 of 18 checks\n"), text);
    }

    @Test
    void shouldReportForMachinesWithTheAgreedKeys() throws IOException {
        LabResult result = result();
        Path file = directory.resolve("lab.json");
        LabJson.write(file, result, LabChecks.of(result));

        JsonNode json = new JsonMapper().readTree(file.toFile());

        assertEquals("pass", json.path("verdict").asString());
        assertEquals(3, json.path("sites").asInt());
        assertEquals(300, json.at("/recovery/outageMs/max").asDouble(), 1);
        assertEquals(300, json.at("/recovery/outageMs/byCut/oneWayDrop/p99").asDouble(), 1);
        assertEquals(4 * 300, json.at("/recovery/lostPackets").asInt());
        assertEquals(1.5, json.at("/recovery/throughputGbps").asDouble());
        assertEquals(0, json.at("/return/lostPackets").asInt(-1));
        assertTrue(json.at("/tcp/survived").asBoolean());
        assertEquals(700, json.at("/tcp/longestGapMs").asInt());
        assertEquals(2, json.at("/readiness/berlin/connected").asInt());
        assertEquals(24, json.path("events").size());
        assertEquals("AES", json.path("cipher").asString());
        assertEquals("io_uring", json.at("/environment/loop").asString());
        assertEquals("1s", json.at("/environment/returnBackoff/first").asString());
    }

    @Test
    void shouldReportNullForWhatWasNotMeasured() {
        cuts.clear();
        LabResult result = result();

        JsonNode json = LabJson.of(result, LabChecks.of(result));

        assertTrue(json.at("/recovery/outageMs/max").isNull());
        assertTrue(json.at("/recovery/throughputGbps").isNull());
    }

    private void look(PcapFixture capture) throws IOException {
        internet.add(capture.write(directory.resolve("internet.pcap")), marker);
    }

    private static CutResult cut(
            int index, double outageMs, long recoveredMs, long returnedMs, long lost, double gbps) {
        Direction direction = new Direction(SITES.get(0), SITES.get(1));
        CutResult.Outage outage = new CutResult.Outage(direction, outageMs, (long) outageMs);
        long cutMs = index * CUT_EVERY_MS + 1000;
        return new CutResult(
                index + 1,
                CutKind.values()[index % 4],
                cutMs,
                cutMs + 8000,
                recoveredMs,
                returnedMs,
                List.of(outage),
                gbps,
                lost);
    }

    private static LabEvent event(LabSite site, String words, long epochMs) {
        return new LabEvent(site.name(), epochMs, "", "Connectivity", "Off-Cloud Recovery", words);
    }

    private List<String> failed() {
        return LabChecks.of(result()).stream()
                .filter(check -> !check.passed())
                .map(LabChecks.Check::name)
                .toList();
    }

    private LabResult result() {
        return new LabResult(
                3,
                readiness,
                cuts,
                events,
                tcp,
                new LabResult.Streams(1, 0, 0),
                pings,
                12,
                internet,
                0,
                lanMarked,
                troubles,
                new LabEnvironment("6.1", "25", 2, 40, 1, "AES", "io_uring", "1s", "2s"));
    }
}
