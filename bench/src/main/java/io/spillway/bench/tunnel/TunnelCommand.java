package io.spillway.bench.tunnel;

import io.spillway.bench.Environment;
import io.spillway.bench.PrivateBench;
import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway bench tunnel}: exit status 1 if one of the tunnels could not be measured. */
@Command(
        name = "tunnel",
        mixinStandardHelpOptions = true,
        description = {
            "Compare our tunnel with plain forwarding and with other tunnels.",
            "Two sites and a host behind each, all on this machine; other tunnels are measured"
                    + " where they are installed."
        })
public final class TunnelCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            description = "Only these: kernel, spillway-openssl, wireguard-go … (default: all).")
    private List<String> peers = List.of();

    @Option(
            names = "--metrics",
            paramLabel = "NAME",
            split = ",",
            description = "Only these: tcp1_gbps, udp64_ndr_kpps … (default: all).")
    private List<String> metrics = List.of();

    @Option(
            names = "--wan",
            defaultValue = "both",
            description = "veth, honest or both (default: both).")
    private String wan;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "All tunnels so many times, interleaved (default: 3).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "For each TCP run and each flood (default: 3).")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Leaves a chart.")
    private Path svg;

    @Override
    public Integer call() throws IOException, InterruptedException {
        TunnelOptions options = options();
        Environment environment = PrivateBench.enter(spec);
        TunnelBench bench = new TunnelBench(options, PrivateBench.DIRECTORY, System.out::println);
        Results results = bench.run();
        ResultTable table = new ResultTable(results, options.metrics());
        System.out.println();
        options.wans().forEach(each -> System.out.print(table.text(each)));
        if (json != null) ResultJson.write(json, environment, options, results);
        if (svg != null) new ResultChart(results, options).write(svg);
        return results.failures().isEmpty() ? 0 : 1;
    }

    private TunnelOptions options() {
        require(rounds >= 1, "--rounds " + rounds + ": expected 1 or more");
        require(seconds >= 1, "--seconds " + seconds + ": expected 1 or more");
        return new TunnelOptions(installed(), wans(), metrics(), rounds, seconds);
    }

    private void require(boolean holds, String message) {
        if (!holds) throw new ParameterException(spec.commandLine(), message);
    }

    /** Those asked for, without the ones whose programs are missing; these are named. */
    private List<Contender> installed() {
        List<Contender> all = Contender.all();
        List<String> names = all.stream().map(Contender::name).toList();
        for (String peer : peers) {
            require(names.contains(peer), "--peers " + peer + ": expected one of " + names);
        }
        List<Contender> installed = new ArrayList<>();
        for (Contender contender : all) {
            if (!peers.isEmpty() && !peers.contains(contender.name())) continue;
            List<String> missing = contender.missing();
            if (missing.isEmpty()) {
                installed.add(contender);
            } else {
                String programs = String.join(", ", missing);
                System.out.println(contender.name() + " is skipped: not installed: " + programs);
            }
        }
        return installed;
    }

    private List<Wan> wans() {
        if (wan.equals("both")) return List.of(Wan.values());
        List<Wan> one =
                Arrays.stream(Wan.values()).filter(each -> each.label().equals(wan)).toList();
        require(!one.isEmpty(), "--wan " + wan + ": expected veth, honest or both");
        return one;
    }

    private Set<Metric> metrics() {
        if (metrics.isEmpty()) return EnumSet.allOf(Metric.class);
        Set<Metric> chosen = EnumSet.noneOf(Metric.class);
        List<Metric> all = List.of(Metric.values());
        for (String name : metrics) {
            all.stream().filter(each -> each.label().equals(name)).forEach(chosen::add);
            require(
                    all.stream().anyMatch(each -> each.label().equals(name)),
                    "--metrics %s: expected one of %s"
                            .formatted(
                                    name,
                                    all.stream()
                                            .map(Metric::label)
                                            .collect(Collectors.joining(", "))));
        }
        return chosen;
    }
}
