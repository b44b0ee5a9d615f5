package io.spillway.bench.verdict;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the micro-benchmarks gave, by the benchmark's short name such as {@code
 * RecordSealBenchmark.seal}.
 */
record MicroFigures(Map<String, Double> nsPerOperation, Map<String, Double> bytesPerOperation) {
    MicroFigures {
        nsPerOperation = Map.copyOf(nsPerOperation);
        bytesPerOperation = Map.copyOf(bytesPerOperation);
    }

    OptionalDouble ns(String benchmark) {
        return optional(nsPerOperation.get(benchmark));
    }

    OptionalDouble bytes(String benchmark) {
        return optional(bytesPerOperation.get(benchmark));
    }

    private static OptionalDouble optional(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
