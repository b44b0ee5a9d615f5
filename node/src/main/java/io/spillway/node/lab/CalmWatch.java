package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/** For as long as {@link Stage#calmMs}: nobody may leave the cloud. */
final class CalmWatch {
    private static final long SLICE_MS = 20_000;

    /** Twice over the slowest path, at the worst of its jitter. */
    private static final long FLIGHT_MS = 1_500;

    private final Stage stage;
    private long watchedMs;

    /** What goes on meanwhile, again and again; it lasts as long as it likes. */
    interface Load {
        void run() throws IOException, InterruptedException;
    }

    CalmWatch(Stage stage) {
        this.stage = stage;
    }

    /** Returns what the streams lost in the last slice of time. */
    Losses watch(Load load) throws IOException, InterruptedException {
        stage.impairment().takeLongestStallNs();
        long startNs = System.nanoTime();
        Losses slice;
        do {
            Map<Direction, Long> mark = stage.mark();
            long leftMs = stage.calmMs() - watchedMs;
            long sliceNs = System.nanoTime();
            load.run();
            long loadMs = (System.nanoTime() - sliceNs) / 1_000_000;
            Thread.sleep(Math.max(0, Math.min(SLICE_MS, leftMs) - loadMs));
            slice = stage.lossSince(mark, FLIGHT_MS);
            watchedMs = (System.nanoTime() - startNs) / 1_000_000;
            double stallMs = stage.impairment().takeLongestStallNs() / 1e6;
            stage.phase(
                    "%d s, recoveries: %d, paths late by %.0f ms at most"
                            .formatted(
                                    watchedMs / 1000,
                                    stage.countRecoveries(stage.sites()),
                                    stallMs));
        } while (watchedMs < stage.calmMs());
        return slice;
    }

    void measure(ScenarioResult.Builder result) throws IOException {
        result.atLeast("watchedS", watchedMs / 1000.0, stage.calmMs() / 1000.0, "s");
        result.exactly("recoveries", stage.countRecoveries(stage.sites()), 0, "times");
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), 0, "events");
    }
}
