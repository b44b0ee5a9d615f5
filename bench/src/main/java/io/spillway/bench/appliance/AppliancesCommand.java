package io.spillway.bench.appliance;

import io.spillway.bench.Environment;
import io.spillway.bench.Median;
import io.spillway.bench.PrivateBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway bench appliances}. */
@Command(
        name = "appliances",
        mixinStandardHelpOptions = true,
        description = {
            "Which of the reference appliances' throughput a site reaches in recovery:",
            "packets of 1450 and of 1300 bytes, here and by the core."
        })
public final class AppliancesCommand implements Callable<Integer> {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(names = "--rounds", defaultValue = "3", description = "The median counts; default: 3.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "For each run; default: 3.")
    private int seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || seconds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds, --seconds: expected 1 or more");
        }
        Environment environment = PrivateBench.enter(spec);
        List<Map<Integer, Capacity>> measured = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            Path place = PrivateBench.DIRECTORY.resolve("appliances-" + round);
            try (CapacityRun run = new CapacityRun(place, seconds)) {
                measured.add(run.measure());
            }
            System.out.println("round " + round + ": " + ApplianceTable.line(measured.getLast()));
        }
        Map<Integer, Capacity> medians = medians(measured);
        System.out.println();
        System.out.print(ApplianceTable.text(medians));
        if (json != null) write(environment, medians);
        return 0;
    }

    static Map<Integer, Capacity> medians(List<Map<Integer, Capacity>> rounds) {
        Map<Integer, Capacity> medians = new TreeMap<>();
        for (int length : rounds.getFirst().keySet()) {
            List<Capacity> all = rounds.stream().map(round -> round.get(length)).toList();
            medians.put(
                    length,
                    new Capacity(
                            median(all, Capacity::gbps),
                            median(all, Capacity::kpps),
                            median(all, Capacity::gbpsPerCore),
                            median(all, Capacity::kppsPerCore)));
        }
        return medians;
    }

    private static double median(List<Capacity> all, ToDoubleFunction<Capacity> figure) {
        return Median.of(all.stream().mapToDouble(figure));
    }

    private void write(Environment environment, Map<Integer, Capacity> medians) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.set("environment", JSON.valueToTree(environment));
        ObjectNode lengths = report.putObject("packets");
        medians.forEach(
                (length, capacity) ->
                        lengths.set(Integer.toString(length), JSON.valueToTree(capacity)));
        Files.writeString(json, JSON.writeValueAsString(report) + "\n");
    }
}
