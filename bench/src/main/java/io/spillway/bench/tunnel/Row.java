package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.Wan;
import java.util.List;

/** One figure of one tunnel: the values of all rounds that gave one. */
public record Row(String tunnel, Wan wan, Metric metric, List<Double> values) {
    public Row {
        values = List.copyOf(values);
    }

    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
