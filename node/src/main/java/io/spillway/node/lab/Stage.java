package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What the stories have in common: a lab that is ready, waiting with a limit, losses. */
final class Stage {
    private static final long CHECK_MS = 10;
    private static final long FLOWING_MS = 100;
    private static final long FLIGHT_MS = 400;
    private static final long TRAFFIC_MAX_MS = 10_000;

    private final LabSetup setup;
    private final LabTimes times;
    private final Screen screen;

    Stage(LabSetup setup, LabTimes times, Screen screen) {
        this.setup = setup;
        this.times = times;
        this.screen = screen;
    }

    NodeProcess pop() {
        return setup.nodes().pop();
    }

    List<NodeProcess> sites() {
        return setup.nodes().sites();
    }

    LabTimes times() {
        return times;
    }

    void phase(String text) {
        screen.phase(text);
    }

    /** Starts everything; returns when every site is ready and traffic flows in all directions. */
    void open() throws IOException, InterruptedException, LabException {
        start();
        phase("ready: " + setup.nodes().awaitReady(times.readyTimeout()));
        startTraffic();
    }

    void start() throws IOException {
        phase("starting a PoP and " + sites().size() + " sites");
        setup.nodes().start();
        setup.watch().start();
        screen.table(setup.watch()::describeAll);
    }

    void startTraffic() throws InterruptedException, LabException {
        setup.traffic().start();
        awaitFlow(TRAFFIC_MAX_MS);
    }

    /** Milliseconds until packets arrive in every direction again. */
    long awaitFlow(long maxMs) throws InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (!setup.traffic().silent(FLOWING_MS).isEmpty()) {
            if (System.nanoTime() - startNs > maxMs * 1_000_000) {
                throw new LabException(
                        "no traffic after %d ms: silent %s; %s"
                                .formatted(
                                        maxMs,
                                        setup.traffic().silent(FLOWING_MS),
                                        setup.watch().describeAll()));
            }
            Thread.sleep(CHECK_MS);
        }
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    /** Milliseconds until every site says so. */
    long await(String what, Predicate<SiteStatus> condition, long maxMs) throws LabException {
        long ms = setup.watch().await(condition, maxMs);
        if (ms < 0) {
            throw new LabException("not " + what + ": " + setup.watch().describeAll());
        }
        return ms;
    }

    /** Every site is ready for all others, whether or not a PoP is there. */
    void awaitReady() throws InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (!isReady()) {
            if (System.nanoTime() - startNs > times.readyTimeout() * 1_000_000) {
                throw new LabException("not ready: " + setup.nodes().readiness());
            }
            Thread.sleep(CHECK_MS);
        }
    }

    private boolean isReady() {
        int others = sites().size() - 1;
        return setup.nodes().readiness().values().stream().allMatch(it -> it.isComplete(others));
    }

    Map<Direction, Long> mark() {
        return setup.traffic().mark(0);
    }

    /** Packets lost since the mark, but for what may still be on its way. */
    long lostSince(Map<Direction, Long> mark) throws InterruptedException {
        Map<Direction, Long> end = mark();
        Thread.sleep(FLIGHT_MS);
        return setup.traffic().loss(mark, end).values().stream().mapToLong(StreamLoss::lost).sum();
    }

    /** Of any direction since the mark, but for what may still be on its way. */
    double longestOutageMs(Map<Direction, Long> mark) throws InterruptedException {
        Map<Direction, Long> end = mark();
        Thread.sleep(FLIGHT_MS);
        return setup.traffic().loss(mark, end).values().stream()
                .mapToDouble(loss -> loss.longestGapNs() / 1e6)
                .max()
                .orElse(0);
    }

    /** How often sites told of that event. */
    long countEvents(String words) throws IOException {
        return setup.nodes().events().stream().filter(event -> event.says(words)).count();
    }
}
