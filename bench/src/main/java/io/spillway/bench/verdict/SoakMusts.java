package io.spillway.bench.verdict;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What holds after an hour at full rate. */
final class SoakMusts {
    private static final Duration PROMISED = Duration.ofHours(1);
    private static final double PAUSE_MAX_MS = 5;

    /** Caches and compiled code still grow a little after a fifth of the time; a leak grows on. */
    private static final double GROWTH_MAX = 1.10;

    private SoakMusts() {}

    static List<Must> all() {
        return List.of(
                must(
                        "packet slots lost",
                        "0",
                        soak ->
                                Judgement.of(
                                        "%d after %.0f Gbit, %d packets"
                                                .formatted(
                                                        soak.lostSlots(),
                                                        soak.gigabits(),
                                                        soak.packets()),
                                        soak.lostSlots() == 0)),
                must(
                        "heap after collection",
                        "<= " + GROWTH_MAX + " x early",
                        soak -> growth(soak.lateHeapKib(), soak.earlyHeapKib())),
                must(
                        "resident memory",
                        "<= " + GROWTH_MAX + " x early",
                        soak -> growth(soak.lateResidentKib(), soak.earlyResidentKib())),
                must(
                        "pauses, p99.9",
                        "< " + PAUSE_MAX_MS + " ms",
                        soak ->
                                Judgement.of(
                                        "%s ms of %d"
                                                .formatted(
                                                        Judgement.figure(soak.pauses().highMs()),
                                                        soak.pauses().count()),
                                        soak.pauses().highMs() < PAUSE_MAX_MS)));
    }

    private static Judgement growth(double late, double early) {
        String text = "%.0f KiB beside %.0f".formatted(late, early);
        return Judgement.of(text, late / early, late <= GROWTH_MAX * early);
    }

    private static Must must(String name, String demand, Function<SoakFigures, Judgement> judge) {
        return new Must(
                name + ", 1 h",
                demand,
                evidence -> {
                    SoakFigures soak = evidence.soak();
                    if (soak == null) return Judgement.missing("there was no whole soak");
                    Judgement judgement = judge.apply(soak);
                    boolean isWhole = soak.duration().compareTo(PROMISED) >= 0;
                    return isWhole ? judgement : judgement.shortened();
                });
    }
}
