package io.spillway.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The lookups of DPDK's own performance tests on this machine: {@code dpdk-test} of Debian's
 * package dpdk-dev, without huge pages or devices, with random addresses in about a million routes.
 */
public final class DpdkReference {
    /** Of IPv4, as DPDK names them; each with lookups one by one, in bulk, or both. */
    public static final List<String> TESTS = List.of("fib_perf_autotest", "lpm_perf_autotest");

    private static final String PROGRAM = "/usr/bin/dpdk-test";
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final int MINUTES_MAX = 5;

    /** Such as "BULK LPM Lookup: 23.2 cycles (fails = 12.5%)". */
    private static final Pattern FIGURE =
            Pattern.compile("(?m)^ *((?:Average|BULK) (?:LPM|FIB) Lookup): ([0-9.]+) cycles");

    /** Twice the frequency of the time-stamp counter in MHz, on x86. */
    private static final Pattern BOGOMIPS = Pattern.compile("(?m)^bogomips\\s*: ([0-9.]+)");

    private DpdkReference() {}

    public static boolean isInstalled() {
        return Files.isExecutable(Path.of(PROGRAM));
    }

    /**
     * Takes minutes.
     *
     * @return nanoseconds a lookup, by the test's name and what it says of it
     */
    public static Map<String, Double> measure() throws IOException {
        double cyclesPerNs = cyclesPerNs(Files.readString(CPU));
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String test : TESTS) {
            lookups(run(test))
                    .forEach(
                            (what, cycles) ->
                                    figures.put(test + ", " + what, cycles / cyclesPerNs));
        }
        return figures;
    }

    private static String run(String test) throws IOException {
        Process process =
                new ProcessBuilder(PROGRAM, "--no-huge", "--no-pci", "-m", "2048")
                        .redirectErrorStream(true)
                        .start();
        try (Stream<String> lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
            process.getOutputStream().write((test + "\nquit\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            Thread.ofVirtual().start(() -> endLate(process));
            return String.join("\n", lines.toList());
        } finally {
            process.destroy();
        }
    }

    private static void endLate(Process process) {
        try {
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }

    /** Cycles by what the test calls them. */
    static Map<String, Double> lookups(String output) {
        Map<String, Double> cycles = new LinkedHashMap<>();
        for (Matcher found = FIGURE.matcher(output); found.find(); ) {
            cycles.put(found.group(1), Double.parseDouble(found.group(2)));
        }
        return cycles;
    }

    static double cyclesPerNs(String cpuInfo) throws IOException {
        Matcher found = BOGOMIPS.matcher(cpuInfo);
        if (!found.find()) throw new IOException(CPU + " names no bogomips");
        return Double.parseDouble(found.group(1)) / 2 / 1_000;
    }
}
