package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code spillway lab verify FILE}: the outages once more, from a capture of the Internet alone.
 */
@Command(
        name = "verify",
        description = {
            "Recompute the outages from a capture that `spillway lab --capture FILE` left.",
            "Per direction: the time between the last record of the stream that the PoP delivered"
                    + " and the first one that came directly."
        },
        mixinStandardHelpOptions = true)
final class LabVerifyCommand implements Callable<Integer> {
    /** The hosts' measure includes their 1 ms pacing, the LANs and the nodes' queues. */
    private static final double TOLERANCE_MS = 25;

    @Parameters(paramLabel = "FILE", description = "The capture.")
    private Path capture;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "The same run's --json report: its worst outage must agree.")
    private Path report;

    @Override
    public Integer call() {
        try {
            return verify();
        } catch (IOException e) {
            System.err.println("spillway lab verify: " + describe(e));
            return CommandLine.ExitCode.USAGE;
        }
    }

    private int verify() throws IOException {
        CaptureOutages outages = new CaptureOutages();
        outages.read(capture);
        List<CaptureOutages.Outage> found = outages.outages();
        for (CaptureOutages.Outage outage : found) {
            System.out.println(outage);
        }
        OutageStatistics statistics =
                OutageStatistics.of(found.stream().map(CaptureOutages.Outage::ms));
        System.out.printf(
                "%d outages: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
                statistics.count(), statistics.p50Ms(), statistics.p99Ms(), statistics.maxMs());
        boolean passed = statistics.count() > 0 && statistics.maxMs() < LabChecks.OUTAGE_MAX_MS;
        return passed && (report == null || agrees(statistics)) ? 0 : 1;
    }

    private static String describe(IOException e) {
        boolean isMissing = e instanceof NoSuchFileException;
        return e.getMessage() + (isMissing ? ": no such file" : "");
    }

    private boolean agrees(OutageStatistics statistics) throws IOException {
        JsonNode json = new JsonMapper().readTree(report.toFile());
        double maxMs = json.path("recovery").path("outageMs").path("max").asDouble(Double.NaN);
        int count = 0;
        for (JsonNode cut : json.path("cuts")) {
            count += cut.path("outages").size();
        }
        System.out.printf("the report says %d outages, max %.0f ms%n", count, maxMs);
        return count == statistics.count() && Math.abs(maxMs - statistics.maxMs()) <= TOLERANCE_MS;
    }
}
