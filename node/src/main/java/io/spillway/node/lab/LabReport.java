package io.spillway.node.lab;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Collectors;

/** The short report for people. {@link LabJson} is the one for machines. */
final class LabReport {
    private final LabResult result;
    private final List<LabChecks.Check> checks;
    private final StringBuilder text = new StringBuilder();

    LabReport(LabResult result, List<LabChecks.Check> checks) {
        this.result = result;
        this.checks = checks;
    }

    static boolean passed(List<LabChecks.Check> checks) {
        return checks.stream().allMatch(LabChecks.Check::passed);
    }

    /** The whole report, several lines. */
    String text() {
        text.setLength(0);
        line("");
        line("%d sites, %d cuts", result.sites(), result.cuts().size());
        line("  readiness before   %s", result.readiness());
        outages();
        line("  throughput         %s", throughput());
        line("  return             %d packets lost", returnLost());
        tcp();
        streams();
        line("  events             %s", eventCounts());
        internet();
        environment();
        verdict();
        return text.toString();
    }

    private void outages() {
        outage("outage", result.cuts());
        for (CutKind kind : CutKind.values()) {
            List<CutResult> cuts = ofKind(result.cuts(), kind);
            if (!cuts.isEmpty()) outage("  " + kind.key(), cuts);
        }
    }

    static List<CutResult> ofKind(List<CutResult> cuts, CutKind kind) {
        return cuts.stream().filter(cut -> cut.kind() == kind).toList();
    }

    private void outage(String name, List<CutResult> cuts) {
        OutageStatistics outage = OutageStatistics.of(cuts);
        line(
                "  %-18s p50 %.0f ms, p99 %.0f ms, max %.0f ms, %d packets lost",
                name,
                outage.p50Ms(),
                outage.p99Ms(),
                outage.maxMs(),
                cuts.stream().mapToLong(CutResult::lost).sum());
    }

    private String throughput() {
        DoubleSummaryStatistics gbps =
                result.cuts().stream()
                        .mapToDouble(CutResult::throughputGbps)
                        .filter(each -> !Double.isNaN(each))
                        .summaryStatistics();
        if (gbps.getCount() == 0) return "none in recovery";
        return "%.2f Gbit/s in recovery (%.2f to %.2f)"
                .formatted(gbps.getAverage(), gbps.getMin(), gbps.getMax());
    }

    private long returnLost() {
        return result.cuts().stream().mapToLong(CutResult::returnLost).sum();
    }

    private void tcp() {
        LabResult.Tcp tcp = result.tcp();
        String state = tcp.survived() ? "survived" : "broken: " + tcp.failure();
        line(
                "  TCP                %s, longest gap %d ms, %d bytes checked",
                state, tcp.longestGapMs(), tcp.bytesChecked());
    }

    private void streams() {
        LabResult.Streams streams = result.streams();
        line(
                "  streams            %d packets arrived, %d reordered, %d twice; %d of %d pings answered",
                streams.arrived(),
                streams.reordered(),
                streams.duplicates(),
                result.pingsSent() - result.unansweredPings().size(),
                result.pingsSent());
    }

    private String eventCounts() {
        return "%d Activated, %d Stopped"
                .formatted(count(LabEvent.ACTIVATED), count(LabEvent.STOPPED));
    }

    private long count(String words) {
        return result.events().stream().filter(event -> event.says(words)).count();
    }

    private void internet() {
        CaptureCheck internet = result.internet();
        line(
                "  Internet           %s; marker in %d packets there, on the LANs in %s%s",
                internet.kinds(),
                internet.marked(),
                result.lanMarked(),
                result.internetDropped() == 0
                        ? ""
                        : "; %d not captured".formatted(result.internetDropped()));
    }

    private void environment() {
        LabEnvironment on = result.environment();
        line(
                "  environment        kernel %s, JDK %s, %d cores, round trip %s, loop %s, cipher %s, return back-off %s to %s, seed %d",
                on.kernel(),
                on.jdk(),
                on.cores(),
                on.rttMs() == 0 ? "as fast as it goes" : on.rttMs() + " ms",
                on.loop(),
                on.cipher(),
                on.backOffFirst(),
                on.backOffMax(),
                on.seed());
    }

    private void verdict() {
        String failed =
                checks.stream()
                        .filter(check -> !check.passed())
                        .map(LabReport::describe)
                        .collect(Collectors.joining());
        text.append(failed);
        line("");
        long count = checks.stream().filter(LabChecks.Check::passed).count();
        line("%s: %d of %d checks", passed(checks) ? "PASS" : "FAIL", count, checks.size());
    }

    private static String describe(LabChecks.Check check) {
        return "  FAILED  %s: expected %s, seen %s%n"
                .formatted(check.name(), check.expected(), check.seen());
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }
}
