package io.spillway.bench.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.bench.bgp.BgpFigures;
import io.spillway.bench.jvm.Pause;
import io.spillway.bench.scale.ReturnFigures;
import io.spillway.bench.scale.ScaleFigures;
import io.spillway.bench.scale.StartFigures;
import io.spillway.bench.tunnel.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class VerdictTest {
    private static final MicroFigures GOOD =
            new MicroFigures(
                    Map.of(
                            "RecordSealBenchmark.seal", 105.0,
                            "RecordSealBenchmark.reference", 100.0,
                            "RecordOpenBenchmark.open", 120.0,
                            "RecordOpenBenchmark.reference", 100.0),
                    Map.of("RecordSealBenchmark.seal", 0.0001, "RecordOpenBenchmark.open", 16.0));

    private static Evidence evidence(SoakFigures soak) {
        return new Evidence(new Results(List.of()), GOOD, soak, null, null, null, List.of());
    }

    private static Evidence evidenceOf(MicroFigures micro) {
        return new Evidence(new Results(List.of()), micro, null, null, null, null, List.of());
    }

    private static SoakFigures soak(Duration length, int lostSlots, long worstPauseNs) {
        return new SoakFigures(
                length, 100, 1000, lostSlots, 1000, 1050, 2000, 2100, pauses(worstPauseNs));
    }

    private static Pauses pauses(long worstNs) {
        return new Pauses(List.of(new Pause("Worst", worstNs), new Pause("Short", 1)));
    }

    private static List<Judgement.State> states(List<Must> musts, Evidence evidence) {
        return musts.stream().map(must -> must.judge().apply(evidence).state()).toList();
    }

    @Test
    void shouldJudgeRecordsBesideTheBareCall() {
        assertEquals(
                List.of(
                        Judgement.State.PASS,
                        Judgement.State.FAIL,
                        Judgement.State.PASS,
                        Judgement.State.FAIL),
                states(MicroMusts.all(), evidenceOf(GOOD)));
    }

    @Test
    void shouldJudgeRoutesBesideDpdk() {
        Map<String, Double> ns =
                Map.of(
                        "FibFullBenchmark.single4", 20.0,
                        "FibFullBenchmark.bulk4", 9.0,
                        "FibChangeBenchmark.changeAndPublish", 900_000.0,
                        "lpm_perf_autotest, Average LPM Lookup", 10.0,
                        "lpm_perf_autotest, BULK LPM Lookup", 9.0);
        MicroFigures figures = new MicroFigures(ns, Map.of("FibFullBenchmark.bulk4", 0.0001));

        assertEquals(
                List.of(
                        Judgement.State.FAIL,
                        Judgement.State.PASS,
                        Judgement.State.MISSING,
                        Judgement.State.PASS,
                        Judgement.State.PASS),
                states(FibMusts.all(), evidenceOf(figures)));
    }

    @Test
    void shouldJudgeTheFirewallByItselfAndByItsGrowth() {
        Map<String, Double> ns =
                Map.of(
                        "LanFirewallBenchmark.established", 15.5,
                        "ClassifierBenchmark.classify, 100", 80.0,
                        "ClassifierBenchmark.classify, 10000", 241.0);

        assertEquals(
                List.of(Judgement.State.FAIL, Judgement.State.PASS, Judgement.State.FAIL),
                states(FirewallMusts.all(), evidenceOf(new MicroFigures(ns, Map.of()))));
        assertEquals(
                List.of(Judgement.State.MISSING, Judgement.State.MISSING, Judgement.State.MISSING),
                states(FirewallMusts.all(), evidence(null)));
    }

    @Test
    void shouldNotCountAShortSoakAsAPass() {
        SoakFigures good = soak(Duration.ofMinutes(1), 0, 900_000);

        List<Judgement.State> states = states(SoakMusts.all(), evidence(good));

        assertTrue(states.stream().allMatch(Judgement.State.SHORT::equals), states.toString());
        assertFalse(new VerdictReport(SoakMusts.all(), evidence(good)).hasFailed());
    }

    @Test
    void shouldFailOnALeakHoweverShortTheSoak() {
        SoakFigures leaking = soak(Duration.ofMinutes(1), 3, 900_000);

        assertEquals(Judgement.State.FAIL, states(SoakMusts.all(), evidence(leaking)).getFirst());
        assertTrue(new VerdictReport(SoakMusts.all(), evidence(leaking)).hasFailed());
    }

    @Test
    void shouldPassAfterAnHour() {
        SoakFigures good = soak(Duration.ofHours(1), 0, 4_900_000);

        VerdictReport report = new VerdictReport(SoakMusts.all(), evidence(good));

        assertFalse(report.hasFailed());
        assertTrue(report.text().contains("4 of 4 passed"), report.text());
    }

    @Test
    void shouldFailOnALongPause() {
        SoakFigures slow = soak(Duration.ofHours(1), 0, 5_100_000);

        assertEquals(Judgement.State.FAIL, states(SoakMusts.all(), evidence(slow)).getLast());
    }

    private static Evidence recovery(String cuts, String calm) {
        JsonMapper json = new JsonMapper();
        RecoveryFigures figures = RecoveryFigures.of(json.readTree(cuts), json.readTree(calm));
        return new Evidence(new Results(List.of()), GOOD, null, null, null, figures, List.of());
    }

    private static String cuts(int count, double p50, double p99, int lost) {
        String one = "{},".repeat(count - 1) + "{}";
        return """
                {"recovery": {"outageMs": {"byCut": {
                    "sigkill": {"p50": 200.0, "p99": 210.0, "max": 210.0},
                    "drop": {"p50": %s, "p99": %s, "max": 900.0}}}},
                 "return": {"lostPackets": %d}, "environment": {"rttMs": 40}, "cuts": [%s]}
                """
                .formatted(p50, p99, lost, one);
    }

    private static String calm(double watchedS, int slow, int load) {
        return """
                {"scenarios": [
                    {"name": "slow-path", "measured": {"watchedS": {"value": %1$s},
                        "recoveries": {"value": %2$d}}},
                    {"name": "full-load-bfd", "measured": {"watchedS": {"value": %1$s},
                        "recoveries": {"value": %3$d}, "bfdDown": {"value": %3$d}}}]}
                """
                .formatted(watchedS, slow, load);
    }

    @Test
    void shouldJudgeTheWorstWayToCut() {
        Evidence good = recovery(cuts(100, 290.5, 499.9, 0), calm(3600, 0, 0));
        Evidence bad = recovery(cuts(100, 351, 500, 1), calm(3600, 1, 2));

        assertEquals(List.of(Judgement.State.PASS), distinct(RecoveryMusts.all(), good));
        assertEquals(List.of(Judgement.State.FAIL), distinct(RecoveryMusts.all(), bad));
        Judgement worst = RecoveryMusts.all().getFirst().judge().apply(good);
        assertEquals("290.5 ms, 100 cuts, 40 ms round trip", worst.measured());
    }

    @Test
    void shouldNotCountFewCutsOrAShortCalm() {
        Evidence few = recovery(cuts(99, 200, 300, 0), calm(3599, 0, 0));
        Evidence none = recovery("{}", "{}");

        assertEquals(List.of(Judgement.State.SHORT), distinct(RecoveryMusts.all(), few));
        assertEquals(List.of(Judgement.State.MISSING), distinct(RecoveryMusts.all(), none));
        assertEquals(
                List.of(Judgement.State.MISSING), distinct(RecoveryMusts.all(), evidence(null)));
    }

    @Test
    void shouldJudgeALoadWithoutRouters() {
        String calm =
                calm(3600, 0, 0).replace("full-load-bfd", "full-load").replace("bfdDown", "x");
        List<Judgement.State> states =
                new ArrayList<>(
                        states(RecoveryMusts.all(), recovery(cuts(100, 200, 300, 0), calm)));

        assertEquals(Judgement.State.MISSING, states.removeLast());
        assertEquals(List.of(Judgement.State.PASS), states.stream().distinct().toList());
    }

    @Test
    void shouldJudgeAWholeTableBesideFrr() {
        BgpFigures frr = new BgpFigures("frr", 1_000_000, 125_000, 5.3, 2.0, 819, 7);
        BgpFigures good = new BgpFigures("spillway", 1_000_000, 125_000, 5.2, 1.9, 700, 7);
        BgpFigures bad = new BgpFigures("spillway", 1_000_000, 125_000, 5.4, 2.1, 820, 7);
        BgpFigures few = new BgpFigures("spillway", 200_000, 25_000, 1, 1, 300, 2);

        assertEquals(List.of(Judgement.State.PASS), distinct(BgpMusts.all(), bgp(good, frr)));
        assertEquals(List.of(Judgement.State.FAIL), distinct(BgpMusts.all(), bgp(bad, frr)));
        assertEquals(List.of(Judgement.State.SHORT), distinct(BgpMusts.all(), bgp(few, frr)));
        assertEquals(List.of(Judgement.State.MISSING), distinct(BgpMusts.all(), bgp(good)));
    }

    private static Evidence bgp(BgpFigures... figures) {
        return new Evidence(new Results(List.of()), GOOD, null, null, null, null, List.of(figures));
    }

    private static List<Judgement.State> distinct(List<Must> musts, Evidence evidence) {
        return states(musts, evidence).stream().distinct().toList();
    }

    @Test
    void shouldNotPassWhatWasNotMeasured() {
        List<Judgement.State> states = states(TunnelMusts.all(), evidence(null));

        assertTrue(states.stream().allMatch(Judgement.State.MISSING::equals), states.toString());
        assertTrue(new VerdictReport(TunnelMusts.all(), evidence(null)).hasFailed());
    }

    @Test
    void shouldJudgeTheWholeMesh() {
        var built = new StartFigures.Start(20, 12, 9);
        var rebuilt = new StartFigures.Start(61, 12, 9);
        ScaleFigures scale =
                new ScaleFigures(
                        20, 9, 0.04, 0.01, 60, 299, 100, new StartFigures(4491, built, rebuilt));
        ReturnFigures back = new ReturnFigures(500, 10, 20, 12, 9, 100, 10_000, 80);
        Evidence measured =
                new Evidence(new Results(List.of()), GOOD, null, scale, back, null, List.of());

        assertEquals(
                List.of(
                        Judgement.State.PASS,
                        Judgement.State.PASS,
                        Judgement.State.FAIL,
                        Judgement.State.PASS),
                states(ScaleMusts.all(), measured));
        assertTrue(
                states(ScaleMusts.all(), evidence(null)).stream()
                        .allMatch(Judgement.State.MISSING::equals));
    }
}
