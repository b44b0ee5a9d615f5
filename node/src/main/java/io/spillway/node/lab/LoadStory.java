package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Two sites whose lines carry 20 Mbit/s, with a modem's queue before each. The first one is told so
 * in its configuration, the last one is not. While each sends a file as fast as TCP can, the 1 ms
 * streams beside it tell how long any other packet takes: of the last one in the cloud, of the
 * first one there, over the PoP's death and in recovery. The last one goes first, for all nodes to
 * have compiled what a download needs.
 */
final class LoadStory {
    static final String FIRST_LINK = ", bandwidth: {up: 19Mbit}";

    private static final long LINE_BITS = 20_000_000;
    private static final long MODEM_MS = 400;
    private static final int PATH_MS = 5;

    /** Fills the queue until it loses; others, BBR for one, keep out of it themselves. */
    private static final String SENDER = "ip route change default via %s congctl cubic";

    private static final Impairment OPEN = Impairment.delayed(PATH_MS);

    private static final long WINDOW_MS = 8_000;
    private static final long BEGIN_MS = 4_000;
    private static final long DOWNLOAD_MS = 2 * (BEGIN_MS + WINDOW_MS) + 6_000;

    /** How long a packet may take on the worst of these paths. */
    private static final long FLIGHT_MS = 1_000;

    private static final double ADDED_MAX_MS = 20;

    /** From site to site by the PoP it is two such ways, without it one. */
    private static final double DIRECT_SHORTER_MS = PATH_MS;

    /** Less would say that the line is not narrow, or its queue not deep. */
    private static final double UNSHAPED_LEAST_MS = 100;

    /** Of what the two streams beside it leave of the line: three quarters. */
    private static final double DOWNLOAD_LEAST_MBPS = 10;

    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final double MBPS_PER_GBPS = 1000;

    private final Stage stage;
    private final LabSite shaped;
    private final LabSite receiver;
    private final LabSite unshaped;

    LoadStory(Stage stage) {
        this.stage = stage;
        shaped = stage.network().sites().getFirst();
        receiver = stage.network().sites().get(1);
        unshaped = stage.network().sites().getLast();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.impair(
                Impairments.everywhere(OPEN)
                        .from(shaped.wanAddress(), OPEN.narrow(LINE_BITS, MODEM_MS))
                        .from(unshaped.wanAddress(), OPEN.narrow(LINE_BITS, MODEM_MS)));
        for (LabSite site : List.of(shaped, unshaped)) {
            stage.network().in(site.hostNamespace(), SENDER.formatted(site.lan4(1)));
        }
        stage.open();
        stage.awaitCalm();
        downloadUnshaped(result);
        Window idle = new Window(shaped);
        measure(result, "Idle", idle);
        downloadOverTheCut(result, idle.ms(P99));
        stage.comeBack(result);
    }

    /** What the streams tell while it goes on in the cloud, and in recovery. */
    private void downloadOverTheCut(ScenarioResult.Builder result, double idleMs)
            throws IOException, InterruptedException, LabException {
        stage.phase("a download from %s, whose line is shaped".formatted(shaped.name()));
        CompletableFuture<Double> download = download(shaped, DOWNLOAD_MS);
        Thread.sleep(BEGIN_MS);
        measureAdded(result, "InCloud", new Window(shaped), idleMs);
        long left = stage.countRecoveries(stage.sites().subList(0, 1));
        result.exactly("leftBeforeCut", left, 0, "times");
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(BEGIN_MS);
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        measureAdded(result, "InRecovery", new Window(shaped), idleMs - DIRECT_SHORTER_MS);
        stage.stays("in recovery", SiteStatus::isInRecovery, stage.times().settle());
        double mbps = download.join() * MBPS_PER_GBPS;
        result.atLeast("downloadMbps", mbps, DOWNLOAD_LEAST_MBPS, "Mbit/s");
    }

    private static void measureAdded(
            ScenarioResult.Builder result, String when, Window loaded, double idleMs) {
        measure(result, when, loaded);
        double addedMs = Math.max(0, loaded.ms(P99) - idleMs);
        result.atMost("addedP99Ms" + when, addedMs, ADDED_MAX_MS, "ms");
    }

    private static void measure(ScenarioResult.Builder result, String when, Window window) {
        result.atLeast("p50Ms" + when, window.ms(P50), 0, "ms");
        result.atLeast("p99Ms" + when, window.ms(P99), 0, "ms");
    }

    /** What it would be: in the cloud, where that site may even take its PoP for dead. */
    private void downloadUnshaped(ScenarioResult.Builder result) throws InterruptedException {
        Window idle = new Window(unshaped);
        measure(result, "UnshapedIdle", idle);
        stage.phase("a download from %s, whose line is not".formatted(unshaped.name()));
        CompletableFuture<Double> download = download(unshaped, BEGIN_MS + WINDOW_MS);
        Thread.sleep(BEGIN_MS);
        Window window = new Window(unshaped);
        measure(result, "Unshaped", window);
        double addedMs = window.ms(P99) - idle.ms(P99);
        result.atLeast("addedP99MsUnshaped", addedMs, UNSHAPED_LEAST_MS, "ms");
        result.atLeast("unshapedMbps", download.join() * MBPS_PER_GBPS, 0, "Mbit/s");
    }

    /** NaN, which no comparison lets pass, if it broke off. */
    private CompletableFuture<Double> download(LabSite from, long ms) {
        var burst = new TcpBurst(stage.network(), from, receiver, stage.marker(), ms);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return burst.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return Double.NaN;
                    }
                });
    }

    /** What the streams of one site tell of a while. */
    private final class Window {
        private final LabSite from;
        private final Map<Direction, Long> begin;
        private final Map<Direction, Long> end;

        Window(LabSite from) throws InterruptedException {
            this.from = from;
            begin = stage.mark();
            Thread.sleep(WINDOW_MS);
            end = stage.mark();
            Thread.sleep(FLIGHT_MS);
        }

        /** One way, of the worst direction. */
        double ms(double share) {
            return stage.traffic().logs().entrySet().stream()
                    .filter(log -> log.getKey().from().equals(from))
                    .mapToDouble(log -> ms(log.getKey(), log.getValue(), share))
                    .max()
                    .orElse(Double.NaN);
        }

        private double ms(Direction direction, StreamLog log, double share) {
            long[] delaysNs = log.delaysNs(begin.get(direction), end.get(direction));
            boolean isSilent = delaysNs.length == 0;
            return isSilent ? Double.NaN : delaysNs[(int) (delaysNs.length * share)] / 1e6;
        }
    }
}
