package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything a lab runs on, built and torn down together.
 *
 * @param directory for configurations, logs and captures while it runs
 */
record LabSetup(
        LabNetwork network,
        LabNodes nodes,
        LabTraffic traffic,
        SiteWatch watch,
        InternetCapture capture,
        ImpairmentRelay impairment,
        Marker marker,
        Path directory)
        implements AutoCloseable {

    static LabSetup build(LabOptions options, Setting setting, Path directory) throws IOException {
        Files.createDirectories(directory);
        LabNetwork network = new LabNetwork(LabSite.first(options.sites()), setting.shape());
        network.build();
        LabNodes nodes = nodes(network, new LabConfig(directory, options, setting, network));
        Marker marker = new Marker(new SplittableRandom(options.seed()));
        boolean isKept = options.capture() != null || options.svg() != null;
        return new LabSetup(
                network,
                nodes,
                new LabTraffic(network, marker),
                new SiteWatch(nodes.sites()),
                new InternetCapture(network, directory, marker, isKept),
                new ImpairmentRelay(network, options.seed()),
                marker,
                directory);
    }

    private static LabNodes nodes(LabNetwork network, LabConfig config) throws IOException {
        List<NodeProcess> sites = new ArrayList<>();
        for (LabSite site : network.sites()) {
            sites.add(config.site(site));
        }
        return new LabNodes(config.pop(), sites);
    }

    @Override
    public void close() {
        watch.close();
        traffic.close();
        capture.close();
        nodes.close();
        impairment.close();
    }
}
