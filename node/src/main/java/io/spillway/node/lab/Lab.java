package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The whole run: ready, then cut after cut, then what was found out. {@link LabSetup} has built
 * what it runs on.
 */
final class Lab {
    private static final long TRAFFIC_TIMEOUT_MS = 10_000;
    private static final long CHECK_MS = 50;

    private final LabOptions options;
    private final LabSetup setup;
    private final LabTimes times;
    private final LabNetwork network;
    private final LabNodes nodes;
    private final LabTraffic traffic;
    private final SiteWatch watch;
    private final InternetCapture capture;
    private final Pings pings;
    private final Screen screen;
    private final Marker marker;
    private final Path directory;
    private final List<CutResult> cuts = new ArrayList<>();

    Lab(LabOptions options, LabSetup setup, LabTimes times, Screen screen) {
        this.options = options;
        this.setup = setup;
        this.times = times;
        this.network = setup.network();
        this.nodes = setup.nodes();
        this.traffic = setup.traffic();
        this.watch = setup.watch();
        this.capture = setup.capture();
        this.marker = setup.marker();
        this.directory = setup.directory();
        this.pings = new Pings(network, Direction.among(network.sites()));
        this.screen = screen;
    }

    /**
     * @throws LabException if it did not come as far as the first cut
     */
    LabResult run() throws IOException, InterruptedException, LabException {
        screen.phase("starting a PoP and " + options.sites() + " sites");
        if (options.rttMs() > 0) {
            setup.impairment()
                    .set(Impairments.everywhere(Impairment.delayed(options.rttMs() / 2.0)));
        }
        nodes.start();
        watch.start();
        screen.table(this::rows);
        Map<String, Readiness> readiness = awaitReady();
        screen.phase("ready: " + readiness);
        startTraffic();
        Map<String, Long> lanMarked = captureLans();
        LabEnvironment environment =
                LabEnvironment.of(options, nodes.sites().getFirst().ask("status"));
        cutAll();
        pings.run("in the end");
        return result(readiness, lanMarked, environment);
    }

    /** Where recovery is off, nothing is ever ready for it: then traffic by the PoP is enough. */
    private Map<String, Readiness> awaitReady() throws InterruptedException, LabException {
        if (options.recovery()) return nodes.awaitReady(times.readyTimeout());
        int others = options.sites() - 1;
        watch.await(
                site -> site.isInCloud() && site.peers().size() == others, times.readyTimeout());
        return nodes.readiness();
    }

    private void startTraffic() throws InterruptedException, LabException, IOException {
        traffic.start();
        long startNs = System.nanoTime();
        while (!traffic.silent(1000).isEmpty() || !traffic.tcp().survived()) {
            if (System.nanoTime() - startNs > TRAFFIC_TIMEOUT_MS * 1_000_000) {
                throw new LabException(
                        "no traffic after %d s: silent %s, TCP %s, threads %s"
                                .formatted(
                                        TRAFFIC_TIMEOUT_MS / 1000,
                                        traffic.silent(1000),
                                        traffic.tcp().survived() ? "well" : traffic.tcp().failure(),
                                        traffic.failures()));
            }
            Thread.sleep(CHECK_MS);
        }
        screen.phase("traffic flows in " + traffic.logs().size() + " directions");
        pings.run("before the first cut");
    }

    /**
     * How often the marker is seen on each site's LAN in a second: proof that looking for it can
     * find it.
     */
    private Map<String, Long> captureLans() throws IOException, InterruptedException {
        Map<String, Long> marked = new LinkedHashMap<>();
        for (LabSite site : network.sites()) {
            Path file = directory.resolve("lan-" + site.name() + ".pcap");
            PacketCapture lan =
                    PacketCapture.start(network.namespacePath(site.name()), "lan0", file);
            Thread.sleep(times.lanCapture());
            lan.stop();
            CaptureCheck check = new CaptureCheck();
            check.add(file, marker);
            Files.delete(file);
            marked.put(site.name(), check.marked());
        }
        return marked;
    }

    private void cutAll() throws IOException, InterruptedException {
        Cutter cutter = new Cutter(network, nodes.pop());
        CutRun run =
                new CutRun(
                        setup, cutter, pings, screen, times, new SplittableRandom(options.seed()));
        for (int i = 0; i < options.cuts(); i++) {
            cuts.add(run.run(i + 1, options.way(i), options.cut()));
            if (i == 0 && options.svg() != null) draw(cuts.getFirst());
        }
    }

    private void draw(CutResult cut) throws IOException {
        Timeline timeline = new TimelineRecorder(setup).record(cut, options.rttMs());
        Files.writeString(options.svg(), TimelineSvg.of(timeline));
    }

    private LabResult result(
            Map<String, Readiness> readiness,
            Map<String, Long> lanMarked,
            LabEnvironment environment)
            throws IOException {
        List<String> troubles = new ArrayList<>(traffic.failures());
        troubles.addAll(setup.impairment().failures());
        nodes.dead().forEach(name -> troubles.add(name + " ended"));
        TcpSession tcp = traffic.tcp();
        return new LabResult(
                options.sites(),
                readiness,
                List.copyOf(cuts),
                nodes.events(),
                new LabResult.Tcp(
                        tcp.survived(), tcp.failure(), tcp.longestGapMs(), tcp.bytesChecked()),
                new LabResult.Streams(traffic.arrived(), traffic.duplicates(), traffic.reordered()),
                pings.unanswered(),
                pings.sent(),
                capture.check(),
                capture.dropped(),
                lanMarked,
                troubles,
                environment);
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>(watch.describeAll());
        rows.add("silent for 50 ms: " + traffic.silent(50));
        return rows;
    }
}
