package io.spillway.bench.verdict;

import io.spillway.bench.jvm.Pause;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Those of some Java machines, the shortest first. */
record Pauses(List<Pause> sorted) {
    private static final double QUANTILE = 0.999;
    private static final double NS_PER_MS = 1e6;
    private static final List<Double> BOUNDS_MS = List.of(0.5, 1.0, 2.0, 5.0, 10.0, 20.0);

    Pauses {
        sorted = sorted.stream().sorted(Comparator.comparingLong(Pause::lengthNs)).toList();
    }

    int count() {
        return sorted.size();
    }

    /** The pause that all but one in a thousand do not exceed; 0 without pauses. */
    double highMs() {
        if (sorted.isEmpty()) return 0;
        int index = (int) Math.ceil(QUANTILE * sorted.size()) - 1;
        return sorted.get(index).lengthNs() / NS_PER_MS;
    }

    /** How many of which length, and what the longest was for; lines for people. */
    String text() {
        if (sorted.isEmpty()) return "pauses: none\n";
        StringBuilder text = new StringBuilder("pauses: " + sorted.size() + "\n");
        double from = 0;
        for (double bound : BOUNDS_MS) {
            append(text, from, bound);
            from = bound;
        }
        append(text, from, Double.POSITIVE_INFINITY);
        Pause longest = sorted.getLast();
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "  longest %.3f ms: %s%n",
                                longest.lengthNs() / NS_PER_MS,
                                longest.reason()))
                .toString();
    }

    private void append(StringBuilder text, double fromMs, double toMs) {
        long count =
                sorted.stream()
                        .mapToDouble(pause -> pause.lengthNs() / NS_PER_MS)
                        .filter(ms -> ms >= fromMs && ms < toMs)
                        .count();
        if (count > 0) {
            String upTo = Double.isInfinite(toMs) ? "more" : toMs + " ms";
            text.append(String.format(Locale.ROOT, "  %4.1f .. %-8s%6d%n", fromMs, upTo, count));
        }
    }
}
