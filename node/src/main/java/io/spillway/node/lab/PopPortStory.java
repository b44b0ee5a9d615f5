package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * No datagram to the PoP's first port passes: sites attach by the other one (D56), and stay with it
 * when the first passes again.
 */
final class PopPortStory {
    private static final int BLOCKED = 443;
    private static final int OTHER = 1337;
    private static final double ATTACHED_MAX_MS = 15_000;
    private static final long ATTACH_MS = 60_000;
    private static final long AFTER_MS = 5_000;

    private final Stage stage;

    PopPortStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.cutter().block(BLOCKED);
        stage.start();
        long attachedMs = stage.await("attached by the other port", this::isByOther, ATTACH_MS);
        result.atMost("attachedMs", attachedMs, ATTACHED_MAX_MS, "ms");
        stage.awaitReady();
        stage.startTraffic();
        stage.awaitCalm();
        Map<Direction, Long> mark = stage.mark();
        stage.stays("attached by the other port", this::isByOther, AFTER_MS);
        stage.phase("port " + BLOCKED + " passes again");
        stage.cutter().heal();
        stage.stays("attached by the other port", this::isByOther, AFTER_MS);
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");
        result.exactly("cloudLost", stage.countRecoveries(stage.sites()), 0, "times");
    }

    private boolean isByOther(SiteStatus status) {
        return status.isInCloud() && status.popPorts().equals(List.of(OTHER));
    }
}
