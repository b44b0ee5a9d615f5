package io.spillway.bench.verdict;

import io.spillway.bench.tunnel.Metric;
import io.spillway.bench.tunnel.Results;
import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/** What our tunnel promises beside the kernel, our own null cipher and the tunnels of others. */
final class TunnelMusts {
    static final String OURS = "spillway-ipsecmb";
    static final String NULL_CIPHER = "spillway-null";

    private static final BiFunction<Results, Of, OptionalDouble> BEST_OTHER =
            (results, of) -> results.bestOther(of.wan(), of.metric());

    private TunnelMusts() {}

    private record Of(Wan wan, Metric metric) {}

    static List<Must> all() {
        List<Must> musts = new ArrayList<>();
        musts.add(atLeast(Wan.VETH, Metric.TCP1_GBPS, 0.35, "kernel", median(Contender.KERNEL)));
        musts.add(atLeast(Wan.HONEST, Metric.TCP1_GBPS, 0.75, NULL_CIPHER, median(NULL_CIPHER)));
        for (Wan wan : Wan.values()) {
            musts.addAll(besideOthers(wan));
        }
        return List.copyOf(musts);
    }

    private static List<Must> besideOthers(Wan wan) {
        return List.of(
                atLeast(wan, Metric.UDP64_NDR_KPPS, 1.1, "best other", BEST_OTHER),
                atMost(wan, Metric.UDP64_TUNNEL_US, 0.5),
                atLeast(wan, Metric.UDP64_FLOOD_KPPS, 1, "own NDR", own(Metric.UDP64_NDR_KPPS)),
                atLeast(wan, Metric.UDP1400_FLOOD_KPPS, 1, "own NDR", own(Metric.UDP1400_NDR_KPPS)),
                atLeast(wan, Metric.TCP1_PLAINLAN_GBPS, 2, "best other", BEST_OTHER),
                atMost(wan, Metric.RTT_P50_US, 1),
                atMost(wan, Metric.RTT_P99_US, 1),
                atMost(wan, Metric.CPU_S_PER_GBIT, 0.5));
    }

    private static BiFunction<Results, Of, OptionalDouble> median(String tunnel) {
        return (results, of) -> results.median(tunnel, of.wan(), of.metric());
    }

    private static BiFunction<Results, Of, OptionalDouble> own(Metric metric) {
        return (results, of) -> results.median(OURS, of.wan(), metric);
    }

    private static Must atLeast(
            Wan wan,
            Metric metric,
            double factor,
            String what,
            BiFunction<Results, Of, OptionalDouble> reference) {
        return must(new Of(wan, metric), factor, what, reference, true);
    }

    private static Must atMost(Wan wan, Metric metric, double factor) {
        return must(new Of(wan, metric), factor, "best other", BEST_OTHER, false);
    }

    private static Must must(
            Of of,
            double factor,
            String what,
            BiFunction<Results, Of, OptionalDouble> reference,
            boolean isLeast) {
        String demand = "%s %s x %s".formatted(isLeast ? ">=" : "<=", factor, what);
        return new Must(
                of.metric().label() + ", " + of.wan().label(),
                demand,
                evidence -> judge(evidence.tunnels(), of, factor, what, reference, isLeast));
    }

    private static Judgement judge(
            Results results,
            Of of,
            double factor,
            String what,
            BiFunction<Results, Of, OptionalDouble> reference,
            boolean isLeast) {
        OptionalDouble ours = results.median(OURS, of.wan(), of.metric());
        OptionalDouble other = reference.apply(results, of);
        if (ours.isEmpty()) return Judgement.missing(OURS + " was not measured");
        if (other.isEmpty()) return Judgement.missing(what + " was not measured");
        double ratio = ours.getAsDouble() / other.getAsDouble();
        String text =
                "%s %s beside %s"
                        .formatted(
                                Judgement.figure(ours.getAsDouble()),
                                of.metric().unit(),
                                Judgement.figure(other.getAsDouble()));
        return Judgement.of(text, ratio, isLeast ? ratio >= factor : ratio <= factor);
    }
}
