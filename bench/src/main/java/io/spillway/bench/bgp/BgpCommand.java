package io.spillway.bench.bgp;

import io.spillway.bench.Environment;
import io.spillway.bench.PrivateBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway bench bgp}. */
@Command(
        name = "bgp",
        mixinStandardHelpOptions = true,
        description = {
            "A whole table from one router through a BGP speaker to another one, and its",
            "withdrawal: time, memory, processor time, of each speaker that is installed."
        })
public final class BgpCommand implements Callable<Integer> {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(names = "--prefixes", defaultValue = "1000000", description = "Default: 1000000.")
    private int prefixes;

    @Option(
            names = "--sets",
            defaultValue = "125000",
            description = "Different sets of attributes; default: 125000.")
    private int sets;

    @Option(
            names = "--daemons",
            split = ",",
            paramLabel = "NAME",
            description = "spillway, frr, bird; default: those that are installed.")
    private List<String> daemons;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (prefixes < 1 || prefixes > PrefixSet.SIZE_MAX || sets < 1 || sets > prefixes) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected --prefixes 1 to %d, --sets 1 to as many"
                            .formatted(PrefixSet.SIZE_MAX));
        }
        List<BgpDaemon> chosen = chosen();
        Environment environment = PrivateBench.enter(spec);
        List<BgpFigures> results = new ArrayList<>();
        measure(chosen, prefixes, sets, results::add);
        if (json != null) {
            ObjectNode report = JSON.createObjectNode();
            report.set("environment", JSON.valueToTree(environment));
            report.set("bgp", JSON.valueToTree(results));
            Files.writeString(json, JSON.writeValueAsString(report) + "\n");
        }
        return 0;
    }

    /**
     * In a namespace of our own.
     *
     * @param results takes those of each in turn
     */
    public static void measure(
            List<BgpDaemon> daemons, int prefixes, int sets, Consumer<BgpFigures> results)
            throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "%-10s %12s %12s %10s %8s%n",
                "speaker",
                "announced, s",
                "withdrawn, s",
                "RSS, MiB",
                "CPU, s");
        for (BgpDaemon daemon : daemons) {
            Path place = PrivateBench.DIRECTORY.resolve("bgp-" + daemon.key());
            BgpFigures figures = new BgpRun(daemon, prefixes, sets, place).run();
            results.accept(figures);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %12.2f %12.2f %10.0f %8.2f%n",
                    figures.daemon(),
                    figures.announcedSeconds(),
                    figures.withdrawnSeconds(),
                    figures.residentMib(),
                    figures.cpuSeconds());
        }
    }

    private List<BgpDaemon> chosen() {
        if (daemons == null) {
            return BgpDaemon.installed();
        }
        return daemons.stream().map(this::named).toList();
    }

    private BgpDaemon named(String name) {
        return Stream.of(BgpDaemon.values())
                .filter(daemon -> daemon.key().equals(name))
                .filter(BgpDaemon::isInstalled)
                .findFirst()
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "--daemons: " + name + " is unknown or not installed"));
    }
}
