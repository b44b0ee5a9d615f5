package io.spillway.bench;

import java.util.stream.DoubleStream;

/** The figure of several runs that stands for them. */
public final class Median {
    private Median() {}

    /**
     * @param values one at least; of an even number the mean of the middle two
     */
    public static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
