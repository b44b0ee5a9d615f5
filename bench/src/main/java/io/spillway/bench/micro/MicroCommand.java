package io.spillway.bench.micro;

import io.spillway.crypto.record.RecordCiphers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code spillway bench micro}: exit status 0 when all was measured, 1 when JMH could not, 2 for a
 * usage error.
 *
 * <p>Each benchmark runs in a machine of its own with the flags of {@code jvm.options}, found by
 * the system property {@code spillway.home}, and the class path of this one.
 */
@Command(
        name = "micro",
        description = {
            "Measure single steps, each beside its reference, with JMH.",
            "About six minutes for all of them. Allocation is always shown (gc.alloc.rate.norm,"
                    + " bytes an operation)."
        },
        mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final String CIPHER = "cipher";
    private static final List<String> CIPHERS = List.of("ipsec-mb", "openssl", "jce");

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Benchmarks whose names contain it, such as RecordSeal (default: all).")
    private String regex;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Leaves JMH's report for machines.")
    private Path json;

    @Option(
            names = {"-p", "--param"},
            paramLabel = "NAME=VALUES",
            description = "Values of a parameter, with commas, such as length=64,1400.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "3",
            description = "Iterations before those that count (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "5",
            description = "Iterations that count (default: ${DEFAULT-VALUE}).")
    private int iterations;

    @Option(
            names = "--millis",
            paramLabel = "MS",
            defaultValue = "300",
            description = "Length of an iteration in milliseconds (default: ${DEFAULT-VALUE}).")
    private int millis;

    @Override
    public Integer call() throws IOException {
        try {
            checkOptions();
            Collection<RunResult> results = new Runner(options()).run();
            if (results.stream().anyMatch(each -> isOf(each, FibFullBenchmark.class))) showDpdk();
            return 0;
        } catch (NoBenchmarksException e) {
            return fail(USAGE, "REGEX " + regex + ": no benchmark has such a name");
        } catch (IllegalArgumentException e) {
            return fail(USAGE, e.getMessage());
        } catch (RunnerException e) {
            return fail(FAILED, e.getMessage());
        }
    }

    private static boolean isOf(RunResult result, Class<?> benchmark) {
        return result.getParams().getBenchmark().contains(benchmark.getName());
    }

    private void showDpdk() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (DpdkReference.isInstalled()) {
            out.println("DPDK beside (random addresses, ns a lookup; takes minutes):");
            DpdkReference.measure()
                    .forEach((what, ns) -> out.printf(Locale.ROOT, "  %-42s %8.3f%n", what, ns));
        } else {
            out.println("DPDK beside: not installed (Debian: apt-get install dpdk-dev)");
        }
        out.flush();
    }

    private int fail(int exitStatus, String why) {
        spec.commandLine().getErr().println("spillway bench micro: " + why);
        return exitStatus;
    }

    private void checkOptions() {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("REGEX " + regex + ": " + e.getDescription(), e);
        }
        if (warmUp < 0 || iterations < 1 || millis < 1) {
            throw new IllegalArgumentException(
                    "--warm-up 0 or more, --iterations and --millis 1 or more");
        }
        if (json != null && (Files.isDirectory(json) || !Files.isWritable(parentOf(json)))) {
            throw new IllegalArgumentException("--json " + json + ": cannot be written");
        }
    }

    private Options options() throws IOException {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(regex)
                        .forks(1)
                        .warmupIterations(warmUp)
                        .warmupTime(TimeValue.milliseconds(millis))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.milliseconds(millis))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .jvmArgs(machineFlags().toArray(String[]::new));
        parameters.putIfAbsent(CIPHER, String.join(",", usableCiphers()));
        parameters.forEach((name, values) -> options.param(name, values.split(",")));
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        return options.build();
    }

    /** Those that this machine has; of the others it says why not. */
    private List<String> usableCiphers() {
        List<String> usable = new ArrayList<>();
        for (String cipher : CIPHERS) {
            try {
                usable.add(RecordCiphers.choose(cipher).name());
            } catch (IllegalStateException e) {
                spec.commandLine().getErr().println("left out: " + e.getMessage());
            }
        }
        return usable;
    }

    /** The lines of {@code jvm.options}, and the collector that the launcher chooses. */
    private List<String> machineFlags() throws IOException {
        String home = System.getProperty("spillway.home");
        if (home == null) {
            throw new IllegalArgumentException("spillway.home is not set; start by the launcher");
        }
        List<String> flags = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(home, "jvm.options"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                flags.add(line.strip());
            }
        }
        flags.add("-XX:+UseSerialGC");
        flags.add("-Dspillway.home=" + home);
        return flags;
    }

    private static Path parentOf(Path file) {
        return file.toAbsolutePath().getParent();
    }
}
