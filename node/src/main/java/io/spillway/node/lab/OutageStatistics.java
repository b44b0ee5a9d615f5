package io.spillway.node.lab;

import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Median, p99 and worst of outages, one for each direction of each cut. */
record OutageStatistics(int count, double p50Ms, double p99Ms, double maxMs) {
    private static final long HIGHEST_MICROS = 3_600_000_000L;
    private static final int DIGITS = 3;

    static OutageStatistics of(List<CutResult> cuts) {
        return of(cuts.stream().flatMap(cut -> cut.outages().stream()).map(CutResult.Outage::ms));
    }

    static OutageStatistics of(Stream<Double> outagesMs) {
        Histogram micros = new Histogram(HIGHEST_MICROS, DIGITS);
        outagesMs.forEach(
                ms -> micros.recordValue(Math.min(HIGHEST_MICROS, Math.round(ms * 1000))));
        return new OutageStatistics(
                (int) micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0);
    }
}
