package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The figures for people: a table for each kind of WAN, one line a tunnel and part of the metrics;
 * below it our best one beside the others'.
 */
final class ResultTable {
    private static final int COLUMNS_PER_PART = 5;
    private static final int NAME_WIDTH = 18;
    private static final int COLUMN_WIDTH = 20;
    private static final String NULL_CIPHER = "spillway-null";

    private final Results results;
    private final List<Metric> metrics;

    ResultTable(Results results, Set<Metric> metrics) {
        this.results = results;
        this.metrics = Arrays.stream(Metric.values()).filter(metrics::contains).toList();
    }

    String text(Wan wan) {
        StringBuilder text = new StringBuilder("WAN " + wan.label() + "\n");
        for (int from = 0; from < metrics.size(); from += COLUMNS_PER_PART) {
            int to = Math.min(metrics.size(), from + COLUMNS_PER_PART);
            append(text, wan, metrics.subList(from, to));
            text.append('\n');
        }
        return text.toString();
    }

    private void append(StringBuilder text, Wan wan, List<Metric> part) {
        line(text, "", part.stream().map(Metric::label).toList());
        for (Contender contender : results.contenders()) {
            List<OptionalDouble> medians = medians(contender.name(), wan, part);
            line(text, contender.name(), medians.stream().map(ResultTable::figure).toList());
        }
        for (Contender contender : results.contenders()) {
            if (contender.isOurs() && !contender.name().equals(NULL_CIPHER)) {
                ratios(text, wan, part, contender.name());
            }
        }
    }

    private void ratios(StringBuilder text, Wan wan, List<Metric> part, String ours) {
        List<String> toOther = new ArrayList<>();
        List<String> toKernel = new ArrayList<>();
        for (Metric metric : part) {
            OptionalDouble own = results.median(ours, wan, metric);
            toOther.add(ratio(own, results.bestOther(wan, metric)));
            toKernel.add(ratio(own, results.median(Contender.KERNEL, wan, metric)));
        }
        String shortName = ours.substring(ours.indexOf('-') + 1);
        line(text, shortName + " : other", toOther);
        line(text, shortName + " : kernel", toKernel);
    }

    private List<OptionalDouble> medians(String tunnel, Wan wan, List<Metric> part) {
        return part.stream().map(metric -> results.median(tunnel, wan, metric)).toList();
    }

    private static String ratio(OptionalDouble own, OptionalDouble to) {
        return own.isEmpty() || to.isEmpty() || to.getAsDouble() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2fx", own.getAsDouble() / to.getAsDouble());
    }

    private static String figure(OptionalDouble value) {
        if (value.isEmpty()) return "-";
        double number = value.getAsDouble();
        String format = number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, format, number);
    }

    private static void line(StringBuilder text, String name, List<String> cells) {
        StringBuilder line = new StringBuilder(("%-" + NAME_WIDTH + "s").formatted(name));
        for (String cell : cells) {
            line.append(("%" + COLUMN_WIDTH + "s").formatted(cell));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
