package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Cuts the PoP off, looks at recovery, brings it back, looks at the return. */
final class CutRun {
    private static final int PHASE_MS = 300;
    private static final long LEAD_PACKETS = 50;
    private static final long FLIGHT_MS = 400;

    /** The end of an episode is told a second after the last packet. */
    private static final long EVENT_MS = 3_000;

    private final LabNetwork network;
    private final LabTraffic traffic;
    private final SiteWatch watch;
    private final Cutter cutter;
    private final InternetCapture capture;
    private final Pings pings;
    private final Marker marker;
    private final Screen screen;
    private final LabTimes times;
    private final RandomGenerator random;

    /** What all cuts of a lab share. */
    CutRun(
            LabSetup setup,
            Cutter cutter,
            Pings pings,
            Screen screen,
            LabTimes times,
            RandomGenerator random) {
        this.network = setup.network();
        this.traffic = setup.traffic();
        this.watch = setup.watch();
        this.capture = setup.capture();
        this.marker = setup.marker();
        this.cutter = cutter;
        this.pings = pings;
        this.screen = screen;
        this.times = times;
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
        // An outage is the cut's only if the streams flowed before it: a PoP just started is slow.
        traffic.awaitCalm(direction -> true);
        // The moment of the cut must not be in step with the sites' probes.
        Thread.sleep(PHASE_MS + random.nextInt(PHASE_MS));
        screen.phase(title);
        long cutEpochMs = System.currentTimeMillis();
        Map<Direction, Long> cutMark = traffic.mark(LEAD_PACKETS);
        if (isReal) cutter.cut(kind);
        long recoveredMs = watch.await(SiteStatus::isInRecovery, times.recoveryTimeout());
        Thread.sleep(times.settle());
        Map<Direction, StreamLoss> cutLoss = lossSince(cutMark);
        capture.stop();
        screen.phase(title + ": in recovery, " + worst(cutLoss));

        double throughput = recover(number);

        capture.start();
        screen.phase(title + ": the PoP comes back");
        long restoredEpochMs = System.currentTimeMillis();
        Map<Direction, Long> returnMark = traffic.mark(0);
        if (isReal) cutter.restore(kind);
        long returnedMs = watch.await(SiteStatus::isInCloud, times.returnTimeout());
        Thread.sleep(times.afterReturn());
        watch.await(SiteStatus::isAtRest, EVENT_MS);
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
        double throughput = new TcpBurst(network, from, to, marker, times.burst()).run();
        Thread.sleep(times.hold());
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
