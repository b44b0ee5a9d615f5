package io.spillway.bench.verdict;

import static io.spillway.bench.verdict.Judgement.figure;

import io.spillway.bench.scale.ReturnFigures;
import io.spillway.bench.scale.ScaleFigures;
import java.util.List;
import java.util.function.Function;

/** What holds at the size that the product is made for: 500 sites of three links each (R010). */
final class ScaleMusts {
    static final int PEERS = 499;
    static final int LINKS = 3;
    static final int SITES = 500;
    static final int RETURN_LINKS = 1;
    static final int ROUTES = 10;
    static final int IDLE_SECONDS = 60;

    private static final double MEMORY_MAX_KIB = 32;
    private static final double IDLE_MAX = 0.05;
    private static final double REBUILD_MAX_S = 60;
    private static final double RETURN_MAX_S = 60;

    private ScaleMusts() {}

    static List<Must> all() {
        return List.of(
                scale(
                        "scale.memory",
                        "4491 tunnels: each below 32 KiB",
                        it ->
                                Judgement.of(
                                        figure(it.residentKib()) + " KiB",
                                        it.residentKib() < MEMORY_MAX_KIB)),
                scale(
                        "scale.idle",
                        "4491 tunnels at rest: below 5 % of a core",
                        it ->
                                Judgement.of(
                                        figure(100 * it.idleCpu()) + " %",
                                        it.idleCpu() < IDLE_MAX)),
                scale(
                        "scale.rebuild",
                        "restart, no PoP: all 4491 in below 60 s",
                        it ->
                                Judgement.of(
                                        figure(it.starts().rebuilt().seconds()) + " s",
                                        it.starts().rebuilt().seconds() < REBUILD_MAX_S)),
                new Must(
                        "scale.return",
                        "500 sites back at one PoP in below 60 s",
                        evidence -> back(evidence.back())));
    }

    private static Must scale(String name, String demand, Function<ScaleFigures, Judgement> judge) {
        return new Must(
                name,
                demand,
                evidence ->
                        evidence.scale() == null
                                ? Judgement.missing("not measured")
                                : judge.apply(evidence.scale()));
    }

    private static Judgement back(ReturnFigures back) {
        return back == null
                ? Judgement.missing("not measured")
                : Judgement.of(
                        figure(back.returnSeconds()) + " s", back.returnSeconds() < RETURN_MAX_S);
    }
}
