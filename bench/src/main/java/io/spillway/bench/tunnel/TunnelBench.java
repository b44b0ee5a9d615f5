package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.BenchNetwork;
import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Tunnel;
import io.spillway.bench.tunnel.contender.Wan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * All rounds. They are interleaved: every tunnel once, then every tunnel again, so that a machine
 * that grows slower does so for all.
 */
public final class TunnelBench {
    private final TunnelOptions options;
    private final Path directory;
    private final Consumer<String> progress;
    private final Results results;

    /**
     * @param directory for configurations and logs
     * @param progress gets a line for each tunnel measured
     */
    public TunnelBench(TunnelOptions options, Path directory, Consumer<String> progress) {
        this.options = options;
        this.directory = directory;
        this.progress = progress;
        this.results = new Results(options.contenders());
    }

    public Results run() throws IOException, InterruptedException {
        for (int round = 1; round <= options.rounds(); round++) {
            for (Wan wan : options.wans()) {
                for (Contender contender : options.contenders()) {
                    measure(round, wan, contender);
                }
            }
        }
        return results;
    }

    /** A tunnel that fails is noted; the others go on. */
    private void measure(int round, Wan wan, Contender contender)
            throws IOException, InterruptedException {
        String what = "round %d, %s, %s".formatted(round, wan.label(), contender.name());
        Path place = directory.resolve(round + "-" + wan.label() + "-" + contender.name());
        Files.createDirectories(place);
        try (BenchNetwork network = BenchNetwork.build(wan);
                Tunnel tunnel = contender.factory().create(network, place)) {
            try {
                Measurement measurement =
                        new Measurement(network, tunnel, options.metrics(), options.seconds());
                Map<Metric, Double> measured = measurement.run(place.resolve("iperf3.log"));
                results.add(contender.name(), wan, measured);
                progress.accept(what + ": " + text(measured));
            } catch (IOException e) {
                results.fail(contender.name(), wan, e.getMessage());
                progress.accept(what + " FAILED: " + e.getMessage() + "\n" + tunnel.lastWords());
            }
        }
    }

    private static String text(Map<Metric, Double> measured) {
        return measured.entrySet().stream()
                .map(
                        entry ->
                                String.format(
                                        Locale.ROOT,
                                        "%s %.4g",
                                        entry.getKey().label(),
                                        entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
