package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Cuts the PoP off, looks at recovery, brings it back, looks at the return. */
final class CutRun {
    private static final long RECOVERY_TIMEOUT_MS = 10_000;
    private static final long RETURN_TIMEOUT_MS = 90_000;
    private static final int PHASE_MS = 300;
    private static final long LEAD_PACKETS = 50;
    private static final long SETTLE_MS = 1500;
    private static final long FLIGHT_MS = 400;
    private static final long HOLD_MS = 1000;
    private static final long AFTER_RETURN_MS = 2000;

    private final LabNetwork network;
    private final LabTraffic traffic;
    private final SiteWatch watch;
    private final Cutter cutter;
    private final InternetCapture capture;
    private final Pings pings;
    private final Marker marker;
    private final Screen screen;
    private final RandomGenerator random;

    /** What all cuts of a lab share. */
    CutRun(
            LabNetwork network,
            LabTraffic traffic,
            SiteWatch watch,
            Cutter cutter,
            InternetCapture capture,
            Pings pings,
            Marker marker,
            Screen screen,
            RandomGenerator random) {
        this.network = network;
        this.traffic = traffic;
        this.watch = watch;
        this.cutter = cutter;
        this.capture = capture;
        this.pings = pings;
        this.marker = marker;
        this.screen = screen;
        this.random = random;
    }

    /**
     * @param number from 1
     * @param isReal false: nothing is cut, for the test that the lab notices
     */
    CutResult run(int number, CutKind kind, boolean isReal)
            throws IOException, InterruptedException {
        String title = "cut " + number + ", " + kind;
        capture.start();
        // The moment of the cut must not be in step with the sites' probes.
        Thread.sleep(PHASE_MS + random.nextInt(PHASE_MS));
        screen.phase(title);
        long cutEpochMs = System.currentTimeMillis();
        Map<Direction, Long> cutMark = traffic.mark(LEAD_PACKETS);
        if (isReal) cutter.cut(kind);
        long recoveredMs = watch.await(SiteStatus::isInRecovery, RECOVERY_TIMEOUT_MS);
        Thread.sleep(SETTLE_MS);
        Map<Direction, StreamLoss> cutLoss = lossSince(cutMark);
        capture.stop();
        screen.phase(title + ": in recovery, " + worst(cutLoss));

        double throughput = recover(number);

        capture.start();
        screen.phase(title + ": the PoP comes back");
        long restoredEpochMs = System.currentTimeMillis();
        Map<Direction, Long> returnMark = traffic.mark(0);
        if (isReal) cutter.restore(kind);
        long returnedMs = watch.await(SiteStatus::isInCloud, RETURN_TIMEOUT_MS);
        Thread.sleep(AFTER_RETURN_MS);
        Map<Direction, StreamLoss> returnLoss = lossSince(returnMark);
        capture.stop();
        long returnLost = returnLoss.values().stream().mapToLong(StreamLoss::lost).sum();
        screen.phase(title + ": back in the cloud, " + returnLost + " packets lost on the way");
        return new CutResult(
                number,
                kind,
                cutEpochMs,
                restoredEpochMs,
                recoveredMs,
                returnedMs,
                outages(cutLoss),
                throughput,
                returnLost);
    }

    /** The loss up to now, but for what may still be on its way. */
    private Map<Direction, StreamLoss> lossSince(Map<Direction, Long> mark)
            throws InterruptedException {
        Map<Direction, Long> end = traffic.mark(0);
        Thread.sleep(FLIGHT_MS);
        return traffic.loss(mark, end);
    }

    private double recover(int number) throws IOException, InterruptedException {
        pings.run("in cut " + number);
        LabSite from = network.sites().get(0);
        LabSite to = network.sites().get(1);
        double throughput = new TcpBurst(network, from, to, marker).run();
        Thread.sleep(HOLD_MS);
        return throughput;
    }

    private static String worst(Map<Direction, StreamLoss> losses) {
        double worst = losses.values().stream().mapToDouble(StreamLoss::outageMs).max().orElse(0);
        return "outage %.0f ms at worst".formatted(worst);
    }

    private static List<CutResult.Outage> outages(Map<Direction, StreamLoss> losses) {
        List<CutResult.Outage> outages = new ArrayList<>();
        losses.forEach(
                (direction, loss) ->
                        outages.add(new CutResult.Outage(direction, loss.outageMs(), loss.lost())));
        return List.copyOf(outages);
    }
}
