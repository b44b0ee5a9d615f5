package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * A site is suddenly somewhere else (R031, RFC 9146 §6): its tunnels are followed, or built anew
 * where a NAT of its peers shuts the new end out, and serve when the PoP is killed soon after.
 */
final class MoveStory {
    /** Until every tunnel lives again. */
    private static final double READY_MAX_MS = 5_000;

    private static final long SETTLE_MS = 2_000;

    private final Stage stage;
    private final Move move;
    private final NodeProcess moved;

    MoveStory(Stage stage, Move move) {
        this.stage = stage;
        this.move = move;
        moved = stage.sites().get(1); // it calls one of its peers and is called by the other
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        makeMove(result);
        cut(result);
        stage.comeBack(result);
    }

    private void makeMove(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase(moved.name() + ": " + move);
        Map<Direction, Long> mark = stage.mark();
        move.make(stage.network(), stage.place(moved));
        long startNs = System.nanoTime();
        stage.stays("in the cloud", SiteStatus::isInCloud, SETTLE_MS);
        Losses losses = stage.lossSince(mark);
        losses.of(this::isTouched).measureOutages(result, Stage.OUTAGE_MAX_MS);
        long elsewhere = losses.of(direction -> !isTouched(direction)).lost();
        result.exactly("lostBetweenOthers", elsewhere, 0, "packets");
        stage.awaitReady();
        double readyMs = (System.nanoTime() - startNs) / 1e6;
        result.atMost("readyMs", readyMs, READY_MAX_MS, "ms");
        long recoveries = stage.countRecoveries(stage.sites());
        result.exactly("recoveries", recoveries, 0, "times");
    }

    private void cut(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        double outageMs = stage.lossSince(mark).outageMs();
        result.atMost("outageMs", outageMs, Stage.OUTAGE_MAX_MS, "ms");
    }

    private boolean isTouched(Direction direction) {
        return direction.touches(stage.place(moved));
    }
}
