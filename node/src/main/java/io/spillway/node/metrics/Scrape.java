package io.spillway.node.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a daemon knows at one moment, to be written as one answer. One thread at a time. */
public final class Scrape {
    /** One figure. */
    record Sample(Labels labels, double value) {}

    private final Labels common;
    private final Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);

    /**
     * @param common labels of every figure, at least one
     */
    public Scrape(Labels common) {
        this.common = common;
    }

    /** Without labels of its own. */
    public void add(Metric metric, double value) {
        add(metric, Labels.NONE, value);
    }

    /**
     * @param labels those that {@link Metric#labels} names, in that order
     * @param value finite
     */
    public void add(Metric metric, Labels labels, double value) {
        assert Double.isFinite(value) : metric;
        samples.computeIfAbsent(metric, _ -> new ArrayList<>()).add(new Sample(labels, value));
    }

    public void add(Metric metric, boolean isSo) {
        add(metric, Labels.NONE, isSo);
    }

    /** 1 or 0. */
    public void add(Metric metric, Labels labels, boolean isSo) {
        add(metric, labels, isSo ? 1 : 0);
    }

    /** 1 for the one that holds, 0 for each other of its kind. */
    public void addState(Metric metric, Labels labels, String label, Enum<?> holds) {
        for (Enum<?> each : holds.getDeclaringClass().getEnumConstants()) {
            add(metric, labels.with(label, each.name()), each == holds);
        }
    }

    Labels common() {
        return common;
    }

    /** In the order of {@link Metric}; none of those that are not known. */
    Map<Metric, List<Sample>> samples() {
        return samples;
    }
}
