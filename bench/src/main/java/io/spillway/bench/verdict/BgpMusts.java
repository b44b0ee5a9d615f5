package io.spillway.bench.verdict;

import io.spillway.bench.bgp.BgpDaemon;
import io.spillway.bench.bgp.BgpFigures;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A whole table through us, beside FRR on the same machine. */
final class BgpMusts {
    static final int PREFIXES = 1_000_000;
    static final int SETS = 125_000;

    private BgpMusts() {}

    static List<Must> all() {
        return List.of(
                lessThanFrr("bgp.announced", "s", BgpFigures::announcedSeconds),
                lessThanFrr("bgp.withdrawn", "s", BgpFigures::withdrawnSeconds),
                lessThanFrr("bgp.memory", "MiB", BgpFigures::residentMib));
    }

    private static Must lessThanFrr(String name, String unit, ToDoubleFunction<BgpFigures> value) {
        return new Must(
                name,
                "1 M prefixes: below FRR",
                evidence -> {
                    BgpFigures ours = of(evidence.bgp(), BgpDaemon.SPILLWAY);
                    BgpFigures frr = of(evidence.bgp(), BgpDaemon.FRR);
                    if (ours == null || frr == null) {
                        String who = ours == null ? "spillway" : "FRR";
                        return Judgement.missing(who + " was not measured");
                    }
                    double ratio = value.applyAsDouble(ours) / value.applyAsDouble(frr);
                    String text =
                            "%s %s, FRR %s"
                                    .formatted(
                                            Judgement.figure(value.applyAsDouble(ours)),
                                            unit,
                                            Judgement.figure(value.applyAsDouble(frr)));
                    Judgement judgement = Judgement.of(text, ratio, ratio < 1);
                    return ours.prefixes() >= PREFIXES ? judgement : judgement.shortened();
                });
    }

    private static BgpFigures of(List<BgpFigures> all, BgpDaemon daemon) {
        return all.stream()
                .filter(each -> each.daemon().equals(daemon.key()))
                .findFirst()
                .orElse(null);
    }
}
