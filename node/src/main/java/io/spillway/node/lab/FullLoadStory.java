package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Each site sends to the next as much as TCP can, all at once: probes wait behind that, and still
 * nobody takes the PoP for dead.
 */
final class FullLoadStory {
    private static final long BURST_MS = 15_000;

    /** Less is no load: two cores that also run hosts, routers and PoP carry ten times as much. */
    private static final double LEAST_MBPS = 200;

    private final Stage stage;

    /** BFD at 100 ms, three of which may be missed, on two LANs. */
    private final boolean isWithRouters;

    private double leastGbps = Double.POSITIVE_INFINITY;

    FullLoadStory(Stage stage, boolean isWithRouters) {
        this.stage = stage;
        this.isWithRouters = isWithRouters;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        if (isWithRouters) {
            loadWithRouters(result);
        } else {
            load(result);
        }
    }

    private void loadWithRouters(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        try (LanRouters routers = new LanRouters(stage)) {
            routers.start();
            load(result);
            result.exactly("bfdDown", stage.countEvents("BFD session down"), 0, "times");
            result.exactly("bgpEnded", stage.countEvents("session ended"), 0, "times");
        }
    }

    private void load(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.awaitCalm();
        CalmWatch calm = new CalmWatch(stage);
        calm.watch(this::burst);
        result.atLeast("leastMbps", leastGbps * 1000, LEAST_MBPS, "Mbit/s");
        calm.measure(result);
    }

    private void burst() throws IOException, InterruptedException {
        List<LabSite> sites = stage.network().sites();
        double sumGbps = 0;
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
            List<Future<Double>> bursts = new ArrayList<>();
            for (int i = 0; i < sites.size(); i++) {
                LabSite to = sites.get((i + 1) % sites.size());
                bursts.add(
                        threads.submit(
                                new TcpBurst(
                                                stage.network(),
                                                sites.get(i),
                                                to,
                                                stage.marker(),
                                                BURST_MS)
                                        ::run));
            }
            for (Future<Double> burst : bursts) {
                sumGbps += burst.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("load: " + e.getCause(), e);
        }
        // A burst that broke off is NaN, which no comparison lets pass.
        leastGbps = sumGbps < leastGbps || Double.isNaN(sumGbps) ? sumGbps : leastGbps;
        stage.phase("%.2f Gbit/s in all".formatted(sumGbps));
    }
}
