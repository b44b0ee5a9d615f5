package io.spillway.bench.tunnel;

import io.spillway.node.lab.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What processes have used, from {@code /proc} (proc(5)). */
public final class ProcessCost {
    private static final int USER_TIME_FIELD = 11; // after the name, which may hold blanks
    private static final int SYSTEM_TIME_FIELD = 12;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
    private static final String RESIDENT = "VmRSS:";

    private ProcessCost() {}

    /** Seconds on any processor since their start, of all together. */
    public static double cpuSeconds(List<NamespaceProcess> processes) throws IOException {
        double seconds = 0;
        for (NamespaceProcess process : processes) {
            seconds += cpuSeconds(Files.readString(file(process, "stat")));
        }
        return seconds;
    }

    /** Of this process. */
    public static double ownCpuSeconds() throws IOException {
        return cpuSeconds(Files.readString(Path.of("/proc/self/stat")));
    }

    static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks =
                Long.parseLong(fields[USER_TIME_FIELD]) + Long.parseLong(fields[SYSTEM_TIME_FIELD]);
        return ticks / TICKS_PER_SECOND;
    }

    /** Resident memory of the larger one. */
    public static double residentKib(List<NamespaceProcess> processes) throws IOException {
        double largest = 0;
        for (NamespaceProcess process : processes) {
            largest = Math.max(largest, residentKib(Files.readString(file(process, "status"))));
        }
        return largest;
    }

    static double residentKib(String status) {
        return status.lines()
                .filter(line -> line.startsWith(RESIDENT))
                .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]))
                .findFirst()
                .orElse(0);
    }

    private static Path file(NamespaceProcess process, String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }
}
