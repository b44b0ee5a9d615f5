package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Judges a run. Every check has a name, what was expected and what was seen. */
final class LabChecks {
    static final double OUTAGE_MAX_MS = 1000;
    static final long TCP_GAP_MAX_MS = 2000;

    /** Each way, where there are enough cuts to speak of shares. */
    static final double OUTAGE_P50_MAX_MS = 350;

    static final double OUTAGE_P99_MAX_MS = 500;
    static final int MANY_CUTS = 40;

    private static final long LAN_MARKED_MIN = 100;
    private final LabResult result;
    private final List<Check> checks = new ArrayList<>();

    /** One line of the verdict. */
    record Check(String name, boolean passed, String expected, String seen) {}

    private LabChecks(LabResult result) {
        this.result = result;
    }

    static List<Check> of(LabResult result) {
        LabChecks checks = new LabChecks(result);
        checks.readiness();
        checks.cuts();
        checks.outage();
        if (result.cuts().size() > MANY_CUTS) checks.outageShares();
        checks.returns();
        checks.traffic();
        checks.events();
        checks.internet();
        checks.lans();
        checks.add("nodes and traffic ran to the end", "no trouble", result.troubles());
        return List.copyOf(checks.checks);
    }

    private void readiness() {
        int others = result.sites() - 1;
        List<String> wrong =
                result.readiness().entrySet().stream()
                        .filter(entry -> !entry.getValue().isComplete(others))
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList();
        add("ready before the first cut", "READY %d/%d".formatted(others, others), wrong);
    }

    private void cuts() {
        add("the PoP was really cut", "loss or recovery", failed(CutResult::wasCut));
        add(
                "every site went to recovery",
                "RECOVERY in time",
                failed(cut -> cut.recoveredMs() >= 0));
        add(
                "throughput in recovery",
                "a burst that arrives",
                failed(cut -> cut.throughputGbps() > 0));
    }

    private void outage() {
        List<String> long_ =
                result.cuts().stream()
                        .filter(cut -> cut.outageMaxMs() >= OUTAGE_MAX_MS)
                        .map(cut -> "%s %.0f ms".formatted(name(cut), cut.outageMaxMs()))
                        .toList();
        add("outage", "< %.0f ms".formatted(OUTAGE_MAX_MS), long_);
    }

    private void outageShares() {
        List<String> late = new ArrayList<>();
        List<String> long_ = new ArrayList<>();
        for (CutKind kind : CutKind.values()) {
            OutageStatistics of = OutageStatistics.of(LabReport.ofKind(result.cuts(), kind));
            if (of.p50Ms() > OUTAGE_P50_MAX_MS) late.add("%s %.0f ms".formatted(kind, of.p50Ms()));
            if (of.p99Ms() >= OUTAGE_P99_MAX_MS)
                long_.add("%s %.0f ms".formatted(kind, of.p99Ms()));
        }
        add("outage, median of each way", "<= %.0f ms".formatted(OUTAGE_P50_MAX_MS), late);
        add("outage, p99 of each way", "< %.0f ms".formatted(OUTAGE_P99_MAX_MS), long_);
    }

    private void returns() {
        add(
                "every site came back",
                "CLOUD for all peers in time",
                failed(cut -> cut.returnedMs() >= 0));
        List<String> lossy =
                result.cuts().stream()
                        .filter(cut -> cut.returnLost() > 0)
                        .map(cut -> name(cut) + ": " + cut.returnLost() + " lost")
                        .toList();
        add("nothing lost in the return", "0 packets", lossy);
    }

    private void traffic() {
        LabResult.Tcp tcp = result.tcp();
        add("TCP session survived", tcp.survived(), "established, content right", tcp.failure());
        boolean isShort = tcp.longestGapMs() < TCP_GAP_MAX_MS;
        String limit = "< " + TCP_GAP_MAX_MS + " ms";
        add("TCP longest gap", isShort, limit, tcp.longestGapMs() + " ms");
        add("pings answered", "all", result.unansweredPings());
    }

    private void events() {
        for (String words : List.of(LabEvent.ACTIVATED, LabEvent.STOPPED)) {
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < result.cuts().size(); i++) {
                countEvents(i, words, wrong);
            }
            add(words, "once per site and cut", wrong);
        }
        long early = result.events().stream().filter(this::isEarlyRecovery).count();
        add("no recovery before the first cut", early == 0, "no event", early + " events");
    }

    private boolean isEarlyRecovery(LabEvent event) {
        return event.says(LabEvent.ACTIVATED)
                && result.cuts().stream().noneMatch(cut -> event.epochMs() >= cut.cutEpochMs());
    }

    /** Counts in the time from a cut to the next one. */
    private void countEvents(int index, String words, List<String> wrong) {
        CutResult cut = result.cuts().get(index);
        boolean isLast = index == result.cuts().size() - 1;
        long endMs = isLast ? Long.MAX_VALUE : result.cuts().get(index + 1).cutEpochMs();
        for (String site : result.readiness().keySet()) {
            long count =
                    result.events().stream()
                            .filter(event -> event.site().equals(site) && event.says(words))
                            .filter(event -> event.epochMs() >= cut.cutEpochMs())
                            .filter(event -> event.epochMs() < endMs)
                            .count();
            if (count != 1) wrong.add("%s: %s %d times".formatted(name(cut), site, count));
        }
    }

    private void internet() {
        CaptureCheck internet = result.internet();
        add(
                "Internet carries only DTLS, STUN, TLS, ARP, ND, ICMP",
                internet.strangers() == 0,
                "no other packet",
                internet.strangers() + " others, the first: " + internet.firstStranger());
        add(
                "marker not on the Internet",
                internet.marked() == 0,
                "in no packet",
                "in " + internet.marked() + " of " + internet.packets());
        long dtls = internet.count(CaptureCheck.Kind.DTLS);
        add("the capture saw the tunnels", dtls > 0, "DTLS packets", dtls + " DTLS packets");
    }

    private void lans() {
        List<String> unmarked =
                result.lanMarked().entrySet().stream()
                        .filter(entry -> entry.getValue() < LAN_MARKED_MIN)
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .toList();
        add("marker on the LANs", "in " + LAN_MARKED_MIN + " packets a second or more", unmarked);
    }

    private List<String> failed(Predicate<CutResult> holds) {
        return result.cuts().stream().filter(holds.negate()).map(LabChecks::name).toList();
    }

    private static String name(CutResult cut) {
        return "cut " + cut.number() + " (" + cut.kind() + ")";
    }

    /** Passes when nothing is wrong. */
    private void add(String name, String expected, List<String> wrong) {
        add(name, wrong.isEmpty(), expected, wrong.isEmpty() ? "so" : String.join("; ", wrong));
    }

    private void add(String name, boolean passed, String expected, String seen) {
        checks.add(new Check(name, passed, expected, seen));
    }
}
