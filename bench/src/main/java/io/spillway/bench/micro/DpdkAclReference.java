package io.spillway.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * DPDK's classifier on this machine, with the rules and packets of an {@link AccessList}: {@code
 * dpdk-test-acl} of Debian's package dpdk-dev, without huge pages or devices, 256 packets a call.
 */
final class DpdkAclReference {
    private static final Path PROGRAM = Path.of("/usr/bin/dpdk-test-acl");

    /** Its plain code, and the vectors that it chooses. */
    private static final List<String> ALGORITHMS = List.of("scalar", "default");

    private static final int ITERATIONS = 100;
    private static final int PORT_MAX = (1 << 16) - 1;
    private static final Pattern FIGURE = Pattern.compile(" ([0-9.]+) cycles/pkt");

    private DpdkAclReference() {}

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * @return nanoseconds a packet, by algorithm
     */
    static Map<String, Double> measure(int ruleCount) throws IOException {
        AccessList list = new AccessList(ruleCount);
        Path rules = write("rules", list.rules.stream().map(DpdkAclReference::line).toList());
        Path traces = write("traces", list.packets.stream().map(DpdkAclReference::line).toList());
        double cyclesPerNs = DpdkReference.cyclesPerNs();
        Map<String, Double> figures = new LinkedHashMap<>();
        try {
            for (String algorithm : ALGORITHMS) {
                double cycles = cycles(run(rules, traces, list, algorithm));
                figures.put(algorithm, cycles / cyclesPerNs);
            }
        } finally {
            Files.delete(rules);
            Files.delete(traces);
        }
        return figures;
    }

    private static Path write(String name, List<String> lines) throws IOException {
        return Files.write(Files.createTempFile("spillway-acl-", name), lines);
    }

    /** ClassBench's form. */
    static String line(AccessList.Rule rule) {
        boolean isAny = rule.protocol() == 0;
        return String.format(
                Locale.ROOT,
                "@%s %s 0 : %d %d : %d 0x%02x/0x%02x",
                rule.source(),
                rule.destination(),
                PORT_MAX,
                isAny ? 0 : rule.port(),
                isAny ? PORT_MAX : rule.portMax(),
                rule.protocol(),
                isAny ? 0 : 0xFF);
    }

    static String line(AccessList.Packet packet) {
        return Integer.toUnsignedString(packet.source())
                + " "
                + Integer.toUnsignedString(packet.destination())
                + " "
                + AccessList.SOURCE_PORT
                + " "
                + packet.port()
                + " "
                + packet.protocol();
    }

    private static String run(Path rules, Path traces, AccessList list, String algorithm)
            throws IOException {
        Process process =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "--no-huge",
                                "--no-pci",
                                "-m",
                                "2048",
                                "--",
                                "--rulesf=" + rules,
                                "--tracef=" + traces,
                                "--rulenum=" + (list.rules.size() + 1),
                                "--tracenum=" + (list.packets.size() + 1),
                                "--iter=" + ITERATIONS,
                                "--alg=" + algorithm)
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        Thread.ofVirtual().start(() -> DpdkReference.endLate(process));
        return process.inputReader(StandardCharsets.UTF_8)
                .lines()
                .collect(Collectors.joining("\n"));
    }

    /** The last figure is that of the classification that counts. */
    static double cycles(String output) throws IOException {
        double cycles = 0;
        for (Matcher found = FIGURE.matcher(output); found.find(); ) {
            cycles = Double.parseDouble(found.group(1));
        }
        if (cycles == 0) {
            String end = output.substring(Math.max(0, output.length() - 200));
            throw new IOException(PROGRAM + " says no figure: " + end);
        }
        return cycles;
    }
}
