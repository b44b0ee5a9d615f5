package io.spillway.bench.verdict;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** How long the outage is when a PoP dies, and that nobody leaves one that lives. */
final class RecoveryMusts {
    private static final int CUTS_PROMISED = 100;
    private static final Duration CALM_PROMISED = Duration.ofHours(1);
    private static final double P50_MAX_MS = 350;
    private static final double P99_MAX_MS = 500;

    private RecoveryMusts() {}

    static List<Must> all() {
        return List.of(
                ofCuts(
                        "outage p50, worst way",
                        "<= %.0f ms".formatted(P50_MAX_MS),
                        it -> outage(it, it.p50Ms(), it.p50Ms() <= P50_MAX_MS)),
                ofCuts(
                        "outage p99, worst way",
                        "< %.0f ms".formatted(P99_MAX_MS),
                        it -> outage(it, it.p99Ms(), it.p99Ms() < P99_MAX_MS)),
                ofCuts(
                        "packets lost at return",
                        "0",
                        it ->
                                Judgement.of(
                                        "%d in %d returns".formatted(it.returnLost(), it.cuts()),
                                        it.returnLost() == 0)),
                ofCalm("recoveries, slow path, 1 h", RecoveryFigures::slow),
                ofCalm("recoveries, full load, 1 h", RecoveryFigures::load),
                new Must("BFD down, full load, 1 h", "0", RecoveryMusts::bfd));
    }

    private static Judgement bfd(Evidence evidence) {
        RecoveryFigures figures = evidence.recovery();
        if (figures == null || figures.load() == null || figures.bfdDown().isEmpty()) {
            return Judgement.missing("no BFD was spoken");
        }
        long down = figures.bfdDown().getAsLong();
        return inCalm(figures.load(), down);
    }

    private static Judgement inCalm(RecoveryFigures.Calm calm, long count) {
        String text = "%d in %d s".formatted(count, calm.watched().toSeconds());
        Judgement judgement = Judgement.of(text, count == 0);
        boolean isWhole = calm.watched().compareTo(CALM_PROMISED) >= 0;
        return isWhole ? judgement : judgement.shortened();
    }

    private static Judgement outage(RecoveryFigures of, double ms, boolean holds) {
        String text =
                "%s ms, %d cuts, %d ms round trip"
                        .formatted(Judgement.figure(ms), of.cuts(), of.rttMs());
        return Judgement.of(text, holds);
    }

    private static Must ofCuts(
            String name, String demand, Function<RecoveryFigures, Judgement> judge) {
        return new Must(
                name,
                demand,
                evidence -> {
                    RecoveryFigures figures = evidence.recovery();
                    if (figures == null || figures.cuts() == 0) {
                        return Judgement.missing("there were no cuts");
                    }
                    Judgement judgement = judge.apply(figures);
                    return figures.cuts() >= CUTS_PROMISED ? judgement : judgement.shortened();
                });
    }

    private static Must ofCalm(String name, Function<RecoveryFigures, RecoveryFigures.Calm> which) {
        return new Must(
                name,
                "0",
                evidence -> {
                    RecoveryFigures figures = evidence.recovery();
                    RecoveryFigures.Calm calm = figures == null ? null : which.apply(figures);
                    return calm == null
                            ? Judgement.missing("it did not come to its end")
                            : inCalm(calm, calm.recoveries());
                });
    }
}
