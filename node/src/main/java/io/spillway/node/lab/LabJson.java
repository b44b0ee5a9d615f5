package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The report for machines. What was not measured is null, never 0. */
final class LabJson {
    private static final JsonMapper JSON = new JsonMapper();
    private final LabResult result;
    private final List<LabChecks.Check> checks;
    private final ObjectNode root = JSON.createObjectNode();

    private LabJson(LabResult result, List<LabChecks.Check> checks) {
        this.result = result;
        this.checks = checks;
    }

    static void write(Path file, LabResult result, List<LabChecks.Check> checks)
            throws IOException {
        ObjectNode report = of(result, checks);
        Files.writeString(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }

    /** The report of a lab that did not come as far as its first cut. */
    static void writeFailure(Path file, int sites, String reason) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.put("verdict", "fail").put("sites", sites).put("reason", reason);
        Files.writeString(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }

    static ObjectNode of(LabResult result, List<LabChecks.Check> checks) {
        return new LabJson(result, checks).build();
    }

    private ObjectNode build() {
        root.put("verdict", LabReport.passed(checks) ? "pass" : "fail");
        root.put("sites", result.sites());
        recovery(root.putObject("recovery"));
        returned(root.putObject("return"));
        tcp(root.putObject("tcp"));
        readiness(root.putObject("readiness"));
        events(root.putArray("events"));
        root.put("cipher", result.environment().cipher());
        environment(root.putObject("environment"));
        cuts(root.putArray("cuts"));
        traffic(root.putObject("traffic"));
        internet(root.putObject("internet"));
        checks(root.putArray("checks"));
        return root;
    }

    private void recovery(ObjectNode recovery) {
        ObjectNode outage = recovery.putObject("outageMs");
        outage(outage, result.cuts());
        ObjectNode byCut = outage.putObject("byCut");
        for (CutKind kind : CutKind.values()) {
            outage(byCut.putObject(kind.key()), LabReport.ofKind(result.cuts(), kind));
        }
        recovery.put("lostPackets", result.cuts().stream().mapToLong(CutResult::lost).sum());
        result.cuts().stream()
                .mapToDouble(CutResult::throughputGbps)
                .filter(gbps -> !Double.isNaN(gbps))
                .average()
                .ifPresentOrElse(
                        gbps -> recovery.put("throughputGbps", round(gbps)),
                        () -> recovery.putNull("throughputGbps"));
    }

    private static void outage(ObjectNode to, List<CutResult> cuts) {
        OutageStatistics outage = OutageStatistics.of(cuts);
        if (outage.count() == 0) {
            to.putNull("p50").putNull("p99").putNull("max");
        } else {
            to.put("p50", outage.p50Ms()).put("p99", outage.p99Ms()).put("max", outage.maxMs());
        }
    }

    private void returned(ObjectNode to) {
        to.put("lostPackets", result.cuts().stream().mapToLong(CutResult::returnLost).sum());
    }

    private void tcp(ObjectNode to) {
        to.put("survived", result.tcp().survived());
        to.put("longestGapMs", result.tcp().longestGapMs());
        to.put("bytesChecked", result.tcp().bytesChecked());
    }

    private void readiness(ObjectNode to) {
        result.readiness()
                .forEach(
                        (site, readiness) ->
                                to.putObject(site)
                                        .put("status", readiness.status())
                                        .put("connected", readiness.connected())
                                        .put("expected", readiness.expected()));
    }

    private void events(ArrayNode to) {
        for (LabEvent event : result.events()) {
            to.addObject()
                    .put("time", event.time())
                    .put("epochMs", event.epochMs())
                    .put("site", event.site())
                    .put("type", event.type())
                    .put("subType", event.subType())
                    .put("message", event.message());
        }
    }

    private void environment(ObjectNode to) {
        LabEnvironment on = result.environment();
        to.put("kernel", on.kernel()).put("jdk", on.jdk()).put("cores", on.cores());
        to.put("rttMs", on.rttMs());
        to.put("loop", on.loop()).put("seed", on.seed());
        ObjectNode backOff = to.putObject("returnBackoff");
        backOff.put("first", on.backOffFirst()).put("max", on.backOffMax());
    }

    private void cuts(ArrayNode to) {
        for (CutResult cut : result.cuts()) {
            ObjectNode node = to.addObject();
            node.put("number", cut.number()).put("kind", cut.kind().key());
            node.put("cutEpochMs", cut.cutEpochMs()).put("restoredEpochMs", cut.restoredEpochMs());
            putKnown(node, "recoveredMs", cut.recoveredMs());
            putKnown(node, "returnedMs", cut.returnedMs());
            node.put("outageMaxMs", round(cut.outageMaxMs())).put("lostPackets", cut.lost());
            node.put("returnLostPackets", cut.returnLost());
            if (!Double.isNaN(cut.throughputGbps())) {
                node.put("throughputGbps", round(cut.throughputGbps()));
            }
            ArrayNode outages = node.putArray("outages");
            for (CutResult.Outage outage : cut.outages()) {
                outages.addObject()
                        .put("direction", outage.direction().toString())
                        .put("ms", round(outage.ms()))
                        .put("lostPackets", outage.lost());
            }
        }
    }

    private static void putKnown(ObjectNode node, String key, long value) {
        if (value < 0) {
            node.putNull(key);
        } else {
            node.put(key, value);
        }
    }

    private void traffic(ObjectNode to) {
        to.put("arrived", result.streams().arrived());
        to.put("reordered", result.streams().reordered());
        to.put("duplicates", result.streams().duplicates());
        to.put("pings", result.pingsSent()).put("unanswered", result.unansweredPings().size());
    }

    private void internet(ObjectNode to) {
        CaptureCheck internet = result.internet();
        to.put("packets", internet.packets()).put("marked", internet.marked());
        to.put("others", internet.strangers()).put("notCaptured", result.internetDropped());
        internet.kinds().forEach(to.putObject("kinds")::put);
        result.lanMarked().forEach(to.putObject("lanMarked")::put);
    }

    private void checks(ArrayNode to) {
        for (LabChecks.Check check : checks) {
            to.addObject()
                    .put("name", check.name())
                    .put("passed", check.passed())
                    .put("expected", check.expected())
                    .put("seen", check.seen());
        }
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
