package io.spillway.bench.verdict;

import io.spillway.bench.micro.DpdkReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the micro-benchmarks that the verdict judges, with JMH: the median over walks through a ring
 * of records, which other work on the machine moves less than an average, and the average of route
 * lookups and firewall steps, which are too short for samples. Samples are kept in memory of their
 * own, so that allocation is counted in runs that take averages.
 */
final class MicroRun {
    private static final String BENCHMARKS =
            "\\.Record(Seal|Open)Benchmark\\.(seal|open|reference)$"
                    + "|\\.FibFullBenchmark\\.(single4|bulk4)$"
                    + "|\\.FibChangeBenchmark\\.changeAndPublish$"
                    + "|\\.LanFirewallBenchmark\\.established$"
                    + "|\\.ClassifierBenchmark\\.classify$";
    private static final String CIPHER = "ipsec-mb";
    private static final String LENGTH = "1400";
    private static final String FLOW_COUNT = "1000";
    private static final String FEW_RULES = "100";
    private static final String MANY_RULES = "10000";
    private static final double MEDIAN = 50;

    /** Of a route's change, which must not take long now and then either. */
    private static final double HIGH = 99.9;

    /** Shorter than the clock can tell one by one. */
    private static final Pattern LOOKUPS =
            Pattern.compile("(FibFull|LanFirewall|Classifier)Benchmark\\..*");

    /** Told apart by it in the figures' names. */
    private static final String RULE_COUNT = "ruleCount";

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private MicroRun() {}

    /**
     * @param log of JMH
     */
    static MicroFigures run(Path log) throws IOException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(BENCHMARKS);
        options.param("cipher", CIPHER).param("length", LENGTH).param("stream", "random");
        options.param("flowCount", FLOW_COUNT).param(RULE_COUNT, FEW_RULES, MANY_RULES);
        options.forks(3).warmupIterations(2).measurementIterations(3);
        options.warmupTime(TimeValue.seconds(1)).measurementTime(TimeValue.seconds(1));
        options.mode(Mode.SampleTime).mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS);
        options.addProfiler(GCProfiler.class).shouldFailOnError(true).output(log.toString());
        Map<String, Double> ns = new HashMap<>();
        Map<String, Double> bytes = new HashMap<>();
        try {
            for (RunResult result : new Runner(options.build()).run()) {
                String name = name(result.getParams());
                boolean isLookup = LOOKUPS.matcher(name).matches();
                if (result.getParams().getMode() == Mode.SampleTime) {
                    double rank = name.startsWith("Fib") ? HIGH : MEDIAN;
                    double found = result.getPrimaryResult().getStatistics().getPercentile(rank);
                    if (!isLookup) ns.put(name, found);
                } else {
                    if (isLookup) ns.put(name, result.getPrimaryResult().getScore());
                    result.getSecondaryResults()
                            .forEach((label, figure) -> note(bytes, name, label, figure));
                }
            }
        } catch (NoBenchmarksException e) {
            return new MicroFigures(Map.of(), Map.of()); // which the verdict then says
        } catch (RunnerException e) {
            throw new IOException("micro-benchmarks: " + e.getMessage() + ", see " + log, e);
        }
        if (DpdkReference.isInstalled()) ns.putAll(DpdkReference.measure());
        return new MicroFigures(ns, bytes);
    }

    private static void note(
            Map<String, Double> bytes, String name, String label, Result<?> figure) {
        if (label.endsWith(ALLOCATED)) bytes.put(name, figure.getScore());
    }

    /** Class and method, and how many rules. */
    private static String name(BenchmarkParams params) {
        String benchmark = params.getBenchmark();
        int method = benchmark.lastIndexOf('.');
        String name = benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
        String rules = params.getParam(RULE_COUNT);
        return rules == null ? name : name + ", " + rules;
    }
}
