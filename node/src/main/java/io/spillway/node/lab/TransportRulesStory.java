package io.spillway.node.lab;

import io.spillway.node.lab.PathShares.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One policy at all sites sends backups off-cloud and calls by Alt WAN, the rest goes by the PoP
 * (R110-R112). Then each way is cut in turn: what its rule says goes on by the second choice, the
 * others go on undisturbed; without a PoP all goes as recovery has it.
 */
final class TransportRulesStory {
    private static final String POLICY =
            """
            policy:
              rules: []
              wanRules:
                - {name: backups, to: [site %s], services: [tcp/445], transport: off-cloud, secondary: cloud}
                - {name: calls, services: [udp/5060, udp/10000-20000], transport: alt-wan, secondary: automatic}
                - {name: checks, services: [icmp/8], transport: alt-wan, secondary: none}
            """;

    private static final String PING = "ip netns exec %s ping -n -c 3 -i 0.2 -W 1 %s";
    private static final String ANSWERED = "bytes from";
    private static final String UNREACHABLE = "Destination Host Unreachable";

    private static final int SMB_PORT = 445;

    /** A block of it, with the headers of IP and TCP and time stamps. */
    private static final int BACKUP_LENGTH = TcpPattern.BLOCK_LENGTH + 52;

    private static final int CALL_LENGTH = UdpHost.VOICE.packetLength();
    private static final int REST_LENGTH = UdpHost.STREAM.packetLength();

    /** In a second each way: of a hundred or more blocks, and of a thousand packets. */
    private static final int BLOCKS_MIN = 50;

    private static final int PACKETS_MIN = 500;

    private static final int WIRE_MTU = 1500;
    private static final int DATAGRAM_HEADERS_LENGTH = 28;
    private static final long SETTLE_MS = 2_000;

    /** A tunnel that nobody uses is probed every 15 s. */
    private static final long BACK_MAX_MS = 40_000;

    private final Stage stage;
    private final LabSite branch;
    private final LabSite centre;
    private final NodeProcess branchNode;
    private final NodeProcess centreNode;
    private final LabCall call;
    private final TcpSession backup;
    private int recordOverhead;

    TransportRulesStory(Stage stage) {
        this.stage = stage;
        branchNode = stage.sites().getFirst();
        branch = stage.place(branchNode);
        centreNode = stage.sites().getLast();
        centre = stage.place(centreNode);
        call = new LabCall(stage.network(), branch, centre);
        backup = new TcpSession(centre, branch, SMB_PORT, stage.marker());
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        for (NodeProcess site : stage.sites()) {
            configure(site);
        }
        stage.open();
        stage.awaitReadyOnAltWan();
        try (HostThreads threads = new HostThreads()) {
            call.start(threads, stage.marker());
            start(threads, centre, backup.listener());
            start(threads, branch, backup.dialler());
            stage.awaitCalm();
            tellWithTraffic(result);
        }
    }

    private void start(HostThreads threads, LabSite site, HostJob job) {
        threads.start(stage.network().namespacePath(site.hostNamespace()), job);
    }

    private void configure(NodeProcess site) throws IOException {
        Path policy = LabConfig.policy(stage.directory(), stage.place(site));
        Files.writeString(policy, POLICY.formatted(centre.name()));
        Files.writeString(
                policy.resolveSibling("site.yaml"),
                "lanFirewall: {policy: %s}%n".formatted(policy),
                StandardOpenOption.APPEND);
    }

    private void tellWithTraffic(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        recordOverhead = recordOverhead();
        Thread.sleep(SETTLE_MS);
        expect(result, "", Way.OFF_CLOUD, Way.ALT_WAN, Way.CLOUD);
        result.exactly("checksAnswered", count(ping(), ANSWERED), 3, "echoes");
        cutInternet(result);
        cutAltWan(result);
        long early = stage.countEvents(LabEvent.ACTIVATED);
        early += stage.countEvents(LabEvent.ALT_WAN_ACTIVATED);
        result.exactly("recoveriesSoFar", early, 0, "events");
        losePop(result);
        result.exactly("backupSurvived", backup.survived() ? 1 : 0, 1, "sessions");
        result.atMost("backupLongestGap", backup.longestGapMs(), LabChecks.TCP_GAP_MAX_MS, "ms");
    }

    private void cutInternet(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("nothing passes the Internet between branch and centre");
        Map<Direction, Long> mark = stage.mark();
        Map<Direction, Long> callMark = call.mark();
        var backups = new TransportCounters(branchNode, "backups");
        long before = backups.bySecondary();
        stage.cutter().cut(branch, centre);
        Thread.sleep(SETTLE_MS);
        expect(result, "InternetCut", Way.CLOUD, Way.ALT_WAN, Way.CLOUD);
        long moved = backups.bySecondary() - before;
        result.atLeast("backupsBySecondary", moved, BLOCKS_MIN, "packets");
        stage.cutter().heal();
        awaitFirstChoice("backups");
        expect(result, "InternetBack", Way.OFF_CLOUD, Way.ALT_WAN, Way.CLOUD);
        result.exactly("internetCutRestLost", stage.lostSince(mark), 0, "packets");
        result.exactly("internetCutCallsLost", call.lossSince(callMark).lost(), 0, "packets");
    }

    private void cutAltWan(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("nothing passes the private WAN");
        Map<Direction, Long> mark = stage.mark();
        Map<Direction, Long> callMark = call.mark();
        stage.cutter().cut(stage.network().sites(), LabUplink.ALT_WAN);
        Thread.sleep(SETTLE_MS);
        measureCalls(result, "altWanCutCalls", callMark);
        expect(result, "AltWanCut", Way.OFF_CLOUD, Way.CLOUD, Way.CLOUD);
        String said = ping();
        result.exactly("checksDropped", count(said, ANSWERED), 0, "echoes");
        result.atLeast("checksToldUnreachable", count(said, UNREACHABLE), 1, "errors");
        callMark = call.mark();
        stage.cutter().heal();
        awaitFirstChoice("calls");
        expect(result, "AltWanBack", Way.OFF_CLOUD, Way.ALT_WAN, Way.CLOUD);
        result.exactly("altWanBackCallsLost", call.lossSince(callMark).lost(), 0, "packets");
        result.exactly("altWanCutRestLost", stage.lostSince(mark), 0, "packets");
    }

    private void losePop(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        Map<Direction, Long> callMark = call.mark();
        stage.pop().kill();
        stage.await("on Alt WAN", SiteStatus::isOnAltWan, stage.times().recoveryTimeout());
        Thread.sleep(SETTLE_MS);
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        result.exactly("popLostCallsLost", call.lossSince(callMark).lost(), 0, "packets");
        expect(result, "PopLost", Way.ALT_WAN, Way.ALT_WAN, Way.ALT_WAN);
        stage.phase("and nothing passes the private WAN");
        callMark = call.mark();
        stage.cutter().cut(stage.network().sites(), LabUplink.ALT_WAN);
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(SETTLE_MS);
        measureCalls(result, "bothLostCalls", callMark);
        expect(result, "BothLost", Way.OFF_CLOUD, Way.OFF_CLOUD, Way.OFF_CLOUD);
        stage.cutter().heal();
        stage.await("on Alt WAN", SiteStatus::isOnAltWan, BACK_MAX_MS);
        stage.comeBack(result);
        expect(result, "AtLast", Way.OFF_CLOUD, Way.ALT_WAN, Way.CLOUD);
    }

    private void measureCalls(ScenarioResult.Builder result, String name, Map<Direction, Long> mark)
            throws InterruptedException {
        double outageMs = call.lossSince(mark).outageMs();
        result.atMost(name + "OutageMs", outageMs, Stage.OUTAGE_MAX_MS, "ms");
    }

    /** Each by that way alone, in both directions. */
    private void expect(
            ScenarioResult.Builder result, String when, Way backups, Way calls, Way rest)
            throws IOException, InterruptedException {
        PathShares shares = PathShares.capture(stage, branch, centre);
        expect(result, shares, "backups" + when, backups, BACKUP_LENGTH, BLOCKS_MIN);
        expect(result, shares, "calls" + when, calls, CALL_LENGTH, PACKETS_MIN);
        expect(result, shares, "rest" + when, rest, REST_LENGTH, PACKETS_MIN);
    }

    private void expect(
            ScenarioResult.Builder result,
            PathShares shares,
            String what,
            Way way,
            int length,
            int least) {
        int recordLength = length + recordOverhead;
        result.atLeast(what + " by " + way, shares.each(way, recordLength), least, "records");
        result.exactly(what + " elsewhere", shares.elsewhere(way, recordLength), 0, "records");
    }

    /** What a record adds to a packet: a packet as long as a tunnel's MTU fills the wire's. */
    private int recordOverhead() throws IOException, LabException {
        for (JsonNode tunnel : branchNode.ask("tunnels").path("tunnels")) {
            if (tunnel.path("link").asString("").equals(LabUplink.ALT_WAN.link())) {
                return WIRE_MTU - DATAGRAM_HEADERS_LENGTH - tunnel.path("mtu").asInt(0);
            }
        }
        throw new LabException("no tunnel over " + LabUplink.ALT_WAN.link());
    }

    /** Of a flow the site counts whose host spoke first. */
    private void awaitFirstChoice(String rule)
            throws IOException, InterruptedException, LabException {
        var atBranch = new TransportCounters(branchNode, rule);
        var atCentre = new TransportCounters(centreNode, rule);
        stage.awaitThat(
                rule + " by their first choice",
                () -> atBranch.isByFirst() || atCentre.isByFirst(),
                BACK_MAX_MS);
        Thread.sleep(SETTLE_MS);
    }

    private String ping() throws IOException {
        String line = PING.formatted(branch.hostNamespace(), centre.hostAddress());
        return Programs.outcome(List.of(line.split(" "))).output();
    }

    private static long count(String said, String words) {
        return said.lines().filter(line -> line.contains(words)).count();
    }
}
