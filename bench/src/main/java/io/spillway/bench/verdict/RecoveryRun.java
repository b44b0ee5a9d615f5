package io.spillway.bench.verdict;

import io.spillway.bench.bgp.BgpDaemon;
import io.spillway.node.lab.LabCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets the lab look for outages and for recoveries that nobody needs. The cuts come last: their
 * network stays until the whole measurement's namespaces go.
 */
final class RecoveryRun {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RTT_MS = "40";

    private final Path directory;

    /**
     * @param directory for the lab's reports
     */
    RecoveryRun(Path directory) {
        this.directory = directory;
    }

    /**
     * @param calm as the lab reads it, such as 1h
     */
    RecoveryFigures run(int cuts, String calm) throws IOException {
        Files.createDirectories(directory);
        boolean hasRouters =
                BgpDaemon.installed().containsAll(List.of(BgpDaemon.FRR, BgpDaemon.BIRD));
        String load = hasRouters ? RecoveryFigures.LOAD_AND_BFD : RecoveryFigures.LOAD;
        String scenarios = RecoveryFigures.SLOW + "," + load;
        JsonNode calmReport = lab("calm.json", "--scenario", scenarios, "--calm", calm);
        JsonNode cutReport = lab("cuts.json", "--cuts", Integer.toString(cuts), "--rtt", RTT_MS);
        return RecoveryFigures.of(cutReport, calmReport);
    }

    /** Its report says what it found, whatever its exit status; empty where it made none. */
    private JsonNode lab(String name, String... arguments) {
        Path report = directory.resolve(name);
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--json";
        all[arguments.length + 1] = report.toString();
        new CommandLine(new LabCommand()).execute(all);
        return Files.exists(report) ? JSON.readTree(report) : JSON.createObjectNode();
    }
}
