package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * Sites with a private WAN beside the Internet lose their cloud: they go on by the private WAN, and
 * where that is lost too by recovery, until it is back (R041-R043).
 */
final class AltWanStory {
    private static final long SETTLE_MS = 2_000;

    /** Its idle tunnels are probed every 15 s. */
    private static final long ALT_WAN_BACK_MAX_MS = 40_000;

    private final Stage stage;
    private final boolean isLostToo;

    AltWanStory(Stage stage, boolean isLostToo) {
        this.stage = stage;
        this.isLostToo = isLostToo;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitReadyOnAltWan();
        stage.awaitCalm();
        loseCloud(result);
        if (isLostToo) {
            loseAltWan(result);
            regainAltWan(result);
        }
        stage.comeBack(result);
        count(result);
    }

    private void loseCloud(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("on Alt WAN", SiteStatus::isOnAltWan, stage.times().recoveryTimeout());
        stage.stays("on Alt WAN", SiteStatus::isOnAltWan, SETTLE_MS);
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
    }

    private void loseAltWan(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("nothing passes the private WAN any more");
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().cut(stage.network().sites(), LabUplink.ALT_WAN);
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        double outageMs = stage.lossSince(mark).outageMs();
        result.atMost("altWanLostOutageMs", outageMs, Stage.OUTAGE_MAX_MS, "ms");
    }

    private void regainAltWan(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the private WAN is back");
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().heal();
        stage.await("on Alt WAN", SiteStatus::isOnAltWan, ALT_WAN_BACK_MAX_MS);
        stage.stays("on Alt WAN", SiteStatus::isOnAltWan, SETTLE_MS);
        result.exactly("altWanBackLostPackets", stage.lostSince(mark), 0, "packets");
    }

    private void count(ScenarioResult.Builder result) throws IOException {
        int sites = stage.sites().size();
        int recovered = isLostToo ? sites : 0;
        count(result, "altWanActivated", LabEvent.ALT_WAN_ACTIVATED, sites);
        count(result, "altWanStopped", LabEvent.ALT_WAN_STOPPED, sites);
        count(result, "activated", LabEvent.ACTIVATED, recovered);
        count(result, "stopped", LabEvent.STOPPED, recovered);
    }

    private void count(ScenarioResult.Builder result, String name, String words, int expected)
            throws IOException {
        result.exactly(name, stage.countEvents(words), expected, "events");
    }
}
