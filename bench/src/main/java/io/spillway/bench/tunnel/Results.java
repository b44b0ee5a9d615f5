package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** All figures of a run, and who failed. Owned by the thread that measures. */
public final class Results {
    private final List<Contender> contenders;
    private final Map<Key, List<Double>> values = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    private record Key(String tunnel, Wan wan, Metric metric) {}

    public Results(List<Contender> contenders) {
        this.contenders = List.copyOf(contenders);
    }

    void add(String tunnel, Wan wan, Map<Metric, Double> measured) {
        measured.forEach(
                (metric, value) ->
                        values.computeIfAbsent(
                                        new Key(tunnel, wan, metric), key -> new ArrayList<>())
                                .add(value));
    }

    void fail(String tunnel, Wan wan, String reason) {
        failures.put(tunnel + ", " + wan.label(), reason);
    }

    /** The last reason by "tunnel, wan". */
    public Map<String, String> failures() {
        return failures;
    }

    public List<Contender> contenders() {
        return contenders;
    }

    public List<Row> rows() {
        return values.entrySet().stream()
                .map(
                        entry ->
                                new Row(
                                        entry.getKey().tunnel(),
                                        entry.getKey().wan(),
                                        entry.getKey().metric(),
                                        entry.getValue()))
                .toList();
    }

    /** The median, where there is one. */
    public OptionalDouble median(String tunnel, Wan wan, Metric metric) {
        List<Double> measured = values.get(new Key(tunnel, wan, metric));
        return measured == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(new Row(tunnel, wan, metric, measured).median());
    }

    /** Best of the tunnels that are neither ours nor the kernel's plain forwarding. */
    public OptionalDouble bestOther(Wan wan, Metric metric) {
        return best(
                contenders.stream()
                        .filter(each -> !each.isOurs() && !each.name().equals(Contender.KERNEL)),
                wan,
                metric);
    }

    private OptionalDouble best(Stream<Contender> of, Wan wan, Metric metric) {
        Comparator<Double> order =
                metric.isMoreBetter() ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return of.map(each -> median(each.name(), wan, metric))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .sorted(order)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }
}
