package io.spillway.bench.verdict;

import io.spillway.bench.Environment;
import io.spillway.bench.PrivateBench;
import io.spillway.bench.bgp.BgpCommand;
import io.spillway.bench.bgp.BgpDaemon;
import io.spillway.bench.bgp.BgpFigures;
import io.spillway.bench.scale.ReturnCommand;
import io.spillway.bench.scale.ReturnFigures;
import io.spillway.bench.scale.ScaleCommand;
import io.spillway.bench.scale.ScaleFigures;
import io.spillway.bench.tunnel.Metric;
import io.spillway.bench.tunnel.Results;
import io.spillway.bench.tunnel.TunnelBench;
import io.spillway.bench.tunnel.TunnelOptions;
import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway bench verdict}: exit status 1 when a promise does not hold. */
@Command(
        name = "verdict",
        mixinStandardHelpOptions = true,
        description = "Measure everything that is promised in figures, and judge it.")
public final class VerdictCommand implements Callable<Integer> {
    private static final Set<String> OURS =
            Set.of(Contender.KERNEL, TunnelMusts.OURS, TunnelMusts.NULL_CIPHER);
    private static final Set<Metric> METRICS =
            EnumSet.complementOf(
                    EnumSet.of(
                            Metric.FIRST_PACKET_MS,
                            Metric.RSS_KIB,
                            Metric.TCP4_GBPS,
                            Metric.TCP1R_GBPS));

    @Spec private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(
            names = "--soak",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = {
                "At full rate for so long, and as long each on a slow path and under full",
                "load in the lab: 60s, 10m, 1h (default: 1h)."
            })
    private String soak;

    /** What can be measured by itself. */
    enum Part {
        tunnel,
        micro,
        soak,
        scale,
        recovery,
        bgp
    }

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            description = {
                "Only these: tunnel, micro, soak, scale, recovery, bgp (default: all);",
                "what is not measured is missing in the verdict."
            })
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--cuts",
            defaultValue = "100",
            description = "Of the PoP, in the lab (default: 100).")
    private int cuts;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "Default: 3.")
    private int seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration length = soakDuration();
        if (rounds < 1 || seconds < 1 || cuts < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds, --seconds, --cuts: expected 1 or more");
        }
        Environment environment = PrivateBench.enter(spec);
        Files.createDirectories(PrivateBench.DIRECTORY);
        Evidence evidence =
                new Evidence(tunnels(), micro(), soak(length), scale(), back(), recovery(), bgp());
        VerdictReport report = new VerdictReport(musts(), evidence);
        System.out.println();
        System.out.print(report.text());
        if (json != null) report.write(json, environment);
        return report.hasFailed() ? 1 : 0;
    }

    /** In the order of the report; what is promised later is added here. */
    private static List<Must> musts() {
        List<Must> all = new ArrayList<>(TunnelMusts.all());
        all.addAll(MicroMusts.all());
        all.addAll(FibMusts.all());
        all.addAll(FirewallMusts.all());
        all.addAll(SoakMusts.all());
        all.addAll(ScaleMusts.all());
        all.addAll(RecoveryMusts.all());
        all.addAll(BgpMusts.all());
        return all;
    }

    /** Null if it failed. */
    private ScaleFigures scale() throws InterruptedException {
        if (!parts.contains(Part.scale)) return null;
        try {
            ScaleFigures figures =
                    ScaleCommand.measure(
                            ScaleMusts.PEERS, ScaleMusts.LINKS, ScaleMusts.IDLE_SECONDS);
            System.out.print(figures.text());
            return figures;
        } catch (IOException e) {
            System.out.println("scale FAILED: " + e.getMessage());
            return null;
        }
    }

    /** Null if it failed. */
    private ReturnFigures back() throws InterruptedException {
        if (!parts.contains(Part.scale)) return null;
        try {
            ReturnFigures figures =
                    ReturnCommand.measure(
                            ScaleMusts.SITES, ScaleMusts.RETURN_LINKS, ScaleMusts.ROUTES);
            System.out.print(figures.text());
            return figures;
        } catch (IOException e) {
            System.out.println("return FAILED: " + e.getMessage());
            return null;
        }
    }

    private Duration soakDuration() {
        try {
            Duration length = Duration.parse("PT" + soak);
            if (length.isPositive()) return length;
        } catch (java.time.format.DateTimeParseException e) {
            // The same answer as for a negative one.
        }
        throw new ParameterException(
                spec.commandLine(), "--soak " + soak + ": expected a duration such as 60s or 1h");
    }

    private Results tunnels() throws IOException, InterruptedException {
        List<Contender> contenders =
                Contender.all().stream()
                        .filter(each -> OURS.contains(each.name()) || !each.isOurs())
                        .filter(each -> each.missing().isEmpty())
                        .toList();
        if (!parts.contains(Part.tunnel)) return new Results(contenders);
        TunnelOptions options =
                new TunnelOptions(contenders, List.of(Wan.values()), METRICS, rounds, seconds);
        return new TunnelBench(options, PrivateBench.DIRECTORY, System.out::println).run();
    }

    private MicroFigures micro() throws IOException {
        if (!parts.contains(Part.micro)) return new MicroFigures(Map.of(), Map.of());
        return MicroRun.run(PrivateBench.DIRECTORY.resolve("micro.log"));
    }

    private List<BgpFigures> bgp() throws InterruptedException {
        List<BgpFigures> figures = new ArrayList<>();
        if (!parts.contains(Part.bgp)) return figures;
        try {
            BgpCommand.measure(
                    BgpDaemon.installed(), BgpMusts.PREFIXES, BgpMusts.SETS, figures::add);
        } catch (IOException e) {
            System.out.println("bgp FAILED: " + e.getMessage());
        }
        return figures;
    }

    /** Null if it was not to be measured, or could not be. */
    private RecoveryFigures recovery() {
        if (!parts.contains(Part.recovery)) return null;
        System.out.println("recovery: " + cuts + " cuts, " + soak + " of calm twice");
        try {
            Path reports = PrivateBench.DIRECTORY.resolve("recovery");
            return new RecoveryRun(reports).run(cuts, soak);
        } catch (IOException e) {
            System.out.println("recovery FAILED: " + e.getMessage());
            return null;
        }
    }

    /** Null if it did not come to its end: then its lines say so, and the others stand. */
    private SoakFigures soak(Duration length) throws InterruptedException {
        if (!parts.contains(Part.soak)) return null;
        System.out.println("soak: " + length);
        try {
            SoakFigures figures = new Soak(length, PrivateBench.DIRECTORY.resolve("soak")).run();
            System.out.print(figures.pauses().text());
            return figures;
        } catch (IOException e) {
            System.out.println("soak FAILED: " + e.getMessage());
            return null;
        }
    }
}
