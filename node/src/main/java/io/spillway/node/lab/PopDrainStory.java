package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/** A node is drained, and stopped when its sites are gone: nobody notices. */
final class PopDrainStory {
    private static final double MOVED_MAX_MS = 10_000;

    private static final long MOVE_MS = 30_000;

    /** The old tunnels stay for 10 s. */
    private static final long LINGER_MS = 12_000;

    private static final long AFTER_MS = 5_000;

    private final Stage stage;

    PopDrainStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        stage.phase("node " + stage.pop().name() + " is drained");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().ask("drain");
        long movedMs = stage.await("at the other node", this::isAtOther, MOVE_MS);
        result.atMost("movedMs", movedMs, MOVED_MAX_MS, "ms");
        stage.stays("at the other node", this::isAtOther, LINGER_MS);
        stage.phase("node " + stage.pop().name() + " is killed");
        stage.pop().kill();
        stage.stays("at the other node", this::isAtOther, AFTER_MS);
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");
        result.exactly("cloudLost", stage.countRecoveries(stage.sites()), 0, "times");
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), 0, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), 0, "events");
    }

    private boolean isAtOther(SiteStatus status) {
        return status.isAtRestAt(stage.otherPop().name());
    }
}
