package io.spillway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where something was measured.
 *
 * @param load average of the minute before
 */
public record Environment(
        String processor, int cores, String kernel, String jdk, String date, double load) {
    /** What others may take of each core before figures are not worth much. */
    private static final double LOAD_MAX_PER_CORE = 0.25;

    public static Environment here() throws IOException {
        return new Environment(
                processor(Files.readString(Path.of("/proc/cpuinfo"))),
                Runtime.getRuntime().availableProcessors(),
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                Runtime.version().toString(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                load(Files.readString(Path.of("/proc/loadavg"))));
    }

    /** The first processor's name; there is none on some architectures. */
    static String processor(String cpuinfo) {
        return cpuinfo.lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    static double load(String loadavg) {
        return Double.parseDouble(loadavg.substring(0, loadavg.indexOf(' ')));
    }

    /** A line for people when the machine is busy with something else, else empty. */
    public String warning() {
        return load <= LOAD_MAX_PER_CORE * cores
                ? ""
                : "load average %.2f: other work on this machine distorts what follows"
                        .formatted(load);
    }
}
