package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * Somebody beside the Internet's router answers everything that sites and PoP send with ICMP errors
 * and TCP resets. These are suspicions, never decisions: the tunnels live, so nobody recovers, and
 * in recovery nobody leaves a tunnel that lives. Channels, which are TCP, may end and come back.
 */
final class LiesStory {
    /** Fifty times the silence after which a tunnel is given up. */
    private static final long HOLD_MS = 15_000;

    private static final long SETTLE_MS = 2_000;

    /** Some thousand packets a second are forwarded. */
    private static final double TOLD_MIN = 10_000;

    /** Not to every packet: a reset of a reset, an error about a broadcast. */
    private static final double TOLD_PERCENT_MIN = 95;

    private final Stage stage;

    LiesStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        Map<Direction, Long> mark = stage.mark();
        stage.phase("lies about everything that is sent, while the PoP lives");
        Liar liar = Liar.start(stage.network());
        stage.stays("in the cloud", SiteStatus::isInCloud, HOLD_MS);
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");
        result.exactly("cloudLost", stage.countRecoveries(stage.sites()), 0, "times");
        result.exactly("eventsInCloud", stage.events().size(), 0, "events");
        recover(result);
        long told = liar.told();
        result.atLeast("lies", told, TOLD_MIN, "messages");
        result.atLeast("liesPerHundred", 100.0 * told / liar.heard(), TOLD_PERCENT_MIN, "messages");
        stage.phase("no more lies");
        liar.stop();
        stage.comeBack(result);
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), sites(), "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), sites(), "events");
    }

    private void recover(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP dies, the lies go on");
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().cut(CutKind.SIGKILL);
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        Map<Direction, Long> since = stage.mark();
        stage.stays("in recovery", SiteStatus::isInRecovery, HOLD_MS);
        result.exactly("recoveryLostPackets", stage.lostSince(since), 0, "packets");
    }

    private int sites() {
        return stage.sites().size();
    }
}
