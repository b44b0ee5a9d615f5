package io.spillway.bench.verdict;

import java.util.List;
import java.util.OptionalDouble;

/** What a record costs beside the bare native call. */
final class MicroMusts {
    private static final double FACTOR_MAX = 1.1;

    /** JMH's own figure is never quite zero. */
    private static final double BYTES_MAX = 0.01;

    private static final String SEAL = "RecordSealBenchmark.seal";
    private static final String OPEN = "RecordOpenBenchmark.open";

    private MicroMusts() {}

    static List<Must> all() {
        return List.of(
                time("seal, 1400 B", SEAL, "RecordSealBenchmark.reference"),
                time("open, 1400 B", OPEN, "RecordOpenBenchmark.reference"),
                allocation("seal allocates", SEAL),
                allocation("open allocates", OPEN));
    }

    private static Must time(String name, String ours, String bare) {
        return new Must(
                name,
                "<= " + FACTOR_MAX + " x bare call",
                evidence -> {
                    OptionalDouble own = evidence.micro().ns(ours);
                    OptionalDouble reference = evidence.micro().ns(bare);
                    if (own.isEmpty() || reference.isEmpty()) return missing(ours);
                    double ratio = own.getAsDouble() / reference.getAsDouble();
                    String text =
                            "%s ns beside %s"
                                    .formatted(
                                            Judgement.figure(own.getAsDouble()),
                                            Judgement.figure(reference.getAsDouble()));
                    return Judgement.of(text, ratio, ratio <= FACTOR_MAX);
                });
    }

    private static Must allocation(String name, String ours) {
        return new Must(
                name,
                "0 B a record",
                evidence -> {
                    OptionalDouble bytes = evidence.micro().bytes(ours);
                    if (bytes.isEmpty()) return missing(ours);
                    double figure = bytes.getAsDouble();
                    return Judgement.of(Judgement.figure(figure) + " B", figure < BYTES_MAX);
                });
    }

    private static Judgement missing(String benchmark) {
        return Judgement.missing(benchmark + " was not measured");
    }
}
