package io.spillway.bench.tunnel;

import io.spillway.bench.Median;
import io.spillway.bench.tunnel.contender.Wan;
import java.util.List;

/** One figure of one tunnel: the values of all rounds that gave one. */
public record Row(String tunnel, Wan wan, Metric metric, List<Double> values) {
    public Row {
        values = List.copyOf(values);
    }

    public double median() {
        return Median.of(values.stream().mapToDouble(Double::doubleValue));
    }
}
