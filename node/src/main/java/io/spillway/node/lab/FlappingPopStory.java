package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The PoP goes and comes, again and again. Sites come back later each time; once it goes again
 * before they did, which makes the wait longer and is the same episode still.
 */
final class FlappingPopStory {
    /** As {@link Setting#FLAPPING} has them, for the episodes that end at the first return. */
    private static final long[] WAITS_MS = {0, 1_000, 2_000};

    /** The next wait would be 4 s, and the PoP goes meanwhile. */
    private static final long LAST_WAIT_MS = 8_000;

    /** Beside the wait: until tunnel and channel are back, the state complete, the path proven. */
    private static final long RETURN_MAX_MS = 3_000;

    private static final long SETTLE_MS = 2_000;

    private final Stage stage;

    FlappingPopStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        for (int i = 0; i < WAITS_MS.length; i++) {
            go(result, i + 1);
            comeBack(result, i + 1, WAITS_MS[i]);
        }
        go(result, WAITS_MS.length + 1);
        comeAndGo(result);
        comeBack(result, WAITS_MS.length + 1, LAST_WAIT_MS);
        result.exactly("unpairedEvents", countUnpaired(), 0, "events");
    }

    private void go(ScenarioResult.Builder result, int number)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP goes, " + number);
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().cut(CutKind.DROP);
        long maxMs = stage.times().recoveryTimeout();
        stage.await("in recovery", SiteStatus::isInRecovery, maxMs);
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        double outageMs = stage.lossSince(mark).outageMs();
        result.atMost("outageMs " + number, outageMs, Stage.OUTAGE_MAX_MS, "ms");
        measureEvents(result, LabEvent.ACTIVATED, "activated " + number, number);
    }

    /** Its tunnels live again, and nothing moves before the wait is over. */
    private void comeAndGo(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes, and goes before anybody is back");
        Map<Direction, Long> mark = stage.mark();
        stage.cutter().heal();
        long maxMs = stage.times().recoveryTimeout();
        stage.await("with a PoP", SiteStatus::isPopConnected, maxMs);
        stage.cutter().cut(CutKind.DROP);
        stage.await("in recovery", SiteStatus::isInRecovery, maxMs);
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        result.exactly("shortReturnLostPackets", stage.lostSince(mark), 0, "packets");
    }

    private void comeBack(ScenarioResult.Builder result, int number, long waitMs)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes, " + number + ", after which a site waits " + waitMs + " ms");
        Map<Direction, Long> mark = stage.mark();
        long startNs = System.nanoTime();
        stage.cutter().heal();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        long returnedMs = (System.nanoTime() - startNs) / 1_000_000;
        long limitMs = waitMs + RETURN_MAX_MS;
        result.between("returnedMs " + number, returnedMs, waitMs, limitMs, "ms");
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        stage.stays("in the cloud", SiteStatus::isAtRest, SETTLE_MS);
        long lost = stage.lostSince(mark);
        result.exactly("returnLostPackets " + number, lost, 0, "packets");
        measureEvents(result, LabEvent.STOPPED, "stopped " + number, number);
    }

    /** One per site and episode up to now. */
    private void measureEvents(
            ScenarioResult.Builder result, String words, String name, int episodes)
            throws IOException {
        long expected = (long) episodes * stage.sites().size();
        result.exactly(name, stage.countEvents(words), expected, "events");
    }

    /** Those that are not, at their site, Activated and Stopped in turn. */
    private long countUnpaired() throws IOException {
        List<LabEvent> events = stage.events();
        long unpaired = 0;
        for (NodeProcess site : stage.sites()) {
            String expected = LabEvent.ACTIVATED;
            for (LabEvent event : events) {
                if (!event.site().equals(site.name())) continue;
                unpaired += event.says(expected) ? 0 : 1;
                boolean isStart = event.says(LabEvent.ACTIVATED);
                expected = isStart ? LabEvent.STOPPED : LabEvent.ACTIVATED;
            }
        }
        return unpaired;
    }
}
