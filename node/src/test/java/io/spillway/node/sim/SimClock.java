package io.spillway.node.sim;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/** Virtual time of the whole simulation, moved by hand. */
public final class SimClock implements NanoClock, EpochClock {
    private static final long EPOCH_MS = 1_767_225_600_000L; // 2026-01-01
    private final long startNs;
    private long nowNs;

    /**
     * @param startNs anything: nobody may rely on where nanoseconds begin
     */
    public SimClock(long startNs) {
        this.startNs = startNs;
        nowNs = startNs;
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public long time() {
        return EPOCH_MS + elapsedMs();
    }

    public long elapsedMs() {
        return (nowNs - startNs) / 1_000_000;
    }

    void advance(long ns) {
        nowNs += ns;
    }
}
