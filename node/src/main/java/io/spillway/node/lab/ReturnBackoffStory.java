package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * A PoP that flaps is trusted later each time (D37): the first waits of the default back-off on
 * real sites, with what they show and what ends a wait by hand; then all of them, up to 1024 s and
 * the reset, by a site's decisions under a simulated clock.
 */
final class ReturnBackoffStory {
    private static final long[] WAITS_S = {0, 8, 16, 32, 64, 128, 256, 512, 1024, 1024};
    private static final long STABLE_S = 1024;

    /** Until tunnel and channel are back, the state complete, the path proven. */
    private static final long RETURN_MAX_MS = 3_000;

    /** Between the PoP's coming and the look at what remains. */
    private static final double LOOK_S = 3;

    /** The machine looks at itself every 100 ms; proofs take a turn or two. */
    private static final double TURN_S = 0.3;

    private static final long SETTLE_MS = 1_000;

    private final Stage stage;

    ReturnBackoffStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        flap(result, 1);
        flap(result, 2);
        endByHand(result);
        simulate(result);
    }

    private void flap(ScenarioResult.Builder result, int number)
            throws IOException, InterruptedException, LabException {
        go();
        long waitMs = WAITS_S[number - 1] * 1000;
        Map<Direction, Long> mark = stage.mark();
        long startNs = come(result, number);
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        double ms = (System.nanoTime() - startNs) / 1e6;
        result.between("returnedMs " + number, ms, waitMs, waitMs + RETURN_MAX_MS, "ms");
        rest(result, number, mark);
    }

    /** The third wait, of 16 s. */
    private void endByHand(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        go();
        Map<Direction, Long> mark = stage.mark();
        come(result, 3);
        stage.phase("spillway recovery return, at every site");
        long startNs = System.nanoTime();
        for (NodeProcess site : stage.sites()) {
            site.ask("return");
        }
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        double ms = (System.nanoTime() - startNs) / 1e6;
        result.atMost("returnedByHandMs", ms, RETURN_MAX_MS, "ms");
        rest(result, 3, mark);
    }

    private void go() throws IOException, InterruptedException, LabException {
        stage.phase("the PoP goes");
        stage.cutter().cut(CutKind.DROP);
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
    }

    /** Returns when it came, in nanoTime, after a look at what each site shows. */
    private long come(ScenarioResult.Builder result, int number) throws IOException, LabException {
        long waitS = WAITS_S[number - 1];
        stage.phase("the PoP comes, " + number + ", after which a site waits " + waitS + " s");
        long startNs = System.nanoTime();
        stage.cutter().heal();
        stage.await("with a PoP", SiteStatus::isPopConnected, stage.times().recoveryTimeout());
        for (NodeProcess site : stage.sites()) {
            String name = "shownRemainingS " + number + " " + site.name();
            double least = Math.max(0, waitS - LOOK_S);
            result.between(name, remainingS(site), least, waitS, "s");
        }
        return startNs;
    }

    private void rest(ScenarioResult.Builder result, int number, Map<Direction, Long> mark)
            throws IOException, InterruptedException, LabException {
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        result.exactly("returnLostPackets " + number, stage.lostSince(mark), 0, "packets");
    }

    private static double remainingS(NodeProcess site) throws IOException {
        return site.ask("status").path("returnBackoff").path("remainingS").asDouble(-1);
    }

    private void simulate(ScenarioResult.Builder result) {
        stage.phase("the same for hours, by a simulated clock");
        SimulatedFlaps flaps = new SimulatedFlaps();
        for (int i = 0; i < WAITS_S.length; i++) {
            measure(result, "simulatedWaitS " + (i + 1), flaps.flap(1), WAITS_S[i]);
        }
        measure(result, "simulatedByHandS", flaps.flapEndedByHand(1, 5), 5);
        flaps.stay(STABLE_S);
        measure(result, "simulatedAfterStableS", flaps.flap(1), 0);
        measure(result, "simulatedNextS", flaps.flap(1), WAITS_S[1]);
    }

    private static void measure(
            ScenarioResult.Builder result, String name, double seconds, long expectedS) {
        result.between(name, seconds, expectedS, expectedS + TURN_S, "s");
    }
}
