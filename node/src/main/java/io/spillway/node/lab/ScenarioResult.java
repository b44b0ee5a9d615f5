package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became of one scenario.
 *
 * @param reasons that readiness told, of a story about them
 * @param trouble why it did not come to its end; empty when it did
 */
record ScenarioResult(
        String name,
        double seconds,
        List<Measured> measured,
        List<ReasonRow> reasons,
        String trouble) {
    /** A value that must not be more than its limit, nor less than the least. */
    record Measured(String name, double value, double least, double limit, String unit) {
        boolean holds() {
            return value >= least && value <= limit;
        }

        /** For people. */
        String must() {
            if (least == limit) return String.format(Locale.ROOT, "exactly %.0f", limit);
            if (limit == Double.POSITIVE_INFINITY) {
                return String.format(Locale.ROOT, "at least %.0f", least);
            }
            return least == 0
                    ? String.format(Locale.ROOT, "at most %.0f", limit)
                    : String.format(Locale.ROOT, "%.0f to %.0f", least, limit);
        }
    }

    ScenarioResult {
        measured = List.copyOf(measured);
        reasons = List.copyOf(reasons);
    }

    boolean passed() {
        return trouble.isEmpty() && measured.stream().allMatch(Measured::holds);
    }

    /** Collects while the story is told. */
    static final class Builder {
        private final String name;
        private final long startNs = System.nanoTime();
        private final List<Measured> measured = new ArrayList<>();
        private final List<ReasonRow> reasons = new ArrayList<>();

        Builder(String name) {
            this.name = name;
        }

        void atMost(String what, double value, double limit, String unit) {
            measured.add(new Measured(what, value, 0, limit, unit));
        }

        void between(String what, double value, double least, double limit, String unit) {
            measured.add(new Measured(what, value, least, limit, unit));
        }

        void atLeast(String what, double value, double least, String unit) {
            between(what, value, least, Double.POSITIVE_INFINITY, unit);
        }

        void exactly(String what, double value, double expected, String unit) {
            measured.add(new Measured(what, value, expected, expected, unit));
        }

        void reason(ReasonRow row) {
            reasons.add(row);
        }

        ScenarioResult end(String trouble) {
            double seconds = (System.nanoTime() - startNs) / 1e9;
            return new ScenarioResult(name, seconds, measured, reasons, trouble);
        }
    }
}
