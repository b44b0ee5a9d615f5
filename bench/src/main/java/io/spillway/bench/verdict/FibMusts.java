package io.spillway.bench.verdict;

import java.util.List;
import java.util.OptionalDouble;

/** What routes cost in a full table: 1,000,000 IPv4 and 200,000 IPv6 routes. */
final class FibMusts {
    private static final String SINGLE = "FibFullBenchmark.single4";
    private static final String BULK = "FibFullBenchmark.bulk4";
    private static final String CHANGE = "FibChangeBenchmark.changeAndPublish";
    private static final String DPDK_FIB = "fib_perf_autotest, BULK FIB Lookup";
    private static final String DPDK_SINGLE = "lpm_perf_autotest, Average LPM Lookup";
    private static final String DPDK_BULK = "lpm_perf_autotest, BULK LPM Lookup";
    private static final double CHANGE_NS_MAX = 1e6;
    private static final double BYTES_MAX = 0.01;

    private FibMusts() {}

    static List<Must> all() {
        return List.of(
                lookup("route lookup, one by one", SINGLE, DPDK_SINGLE),
                lookup("route lookup, bulk of 32", BULK, DPDK_BULK),
                lookup("route lookup, bulk of 32", BULK, DPDK_FIB),
                new Must("route change, p99.9", "< 1 ms", FibMusts::change),
                new Must("route lookup allocates", "0 B", FibMusts::allocation));
    }

    private static Must lookup(String name, String ours, String theirs) {
        return new Must(
                name,
                "<= DPDK's " + theirs.substring(0, theirs.indexOf('_')),
                evidence -> {
                    OptionalDouble own = evidence.micro().ns(ours);
                    OptionalDouble other = evidence.micro().ns(theirs);
                    if (own.isEmpty()) return missing(ours);
                    if (other.isEmpty()) return missing("DPDK's " + theirs);
                    double ratio = own.getAsDouble() / other.getAsDouble();
                    String text =
                            "%s ns beside %s"
                                    .formatted(
                                            Judgement.figure(own.getAsDouble()),
                                            Judgement.figure(other.getAsDouble()));
                    return Judgement.of(text, ratio, ratio <= 1);
                });
    }

    private static Judgement change(Evidence evidence) {
        OptionalDouble ns = evidence.micro().ns(CHANGE);
        if (ns.isEmpty()) return missing(CHANGE);
        String text = Judgement.figure(ns.getAsDouble() / 1e3) + " us";
        return Judgement.of(text, ns.getAsDouble() < CHANGE_NS_MAX);
    }

    private static Judgement allocation(Evidence evidence) {
        OptionalDouble bytes = evidence.micro().bytes(BULK);
        if (bytes.isEmpty()) return missing(BULK);
        double figure = bytes.getAsDouble();
        return Judgement.of(Judgement.figure(figure) + " B", figure < BYTES_MAX);
    }

    private static Judgement missing(String what) {
        return Judgement.missing(what + " was not measured");
    }
}
