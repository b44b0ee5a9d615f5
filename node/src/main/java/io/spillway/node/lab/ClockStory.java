package io.spillway.node.lab;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An appliance starts in 1970 while every PoP is dead: it goes on from the time it saved, forwards
 * as after any other start, and learns the time from the PoP that comes back.
 */
final class ClockStory {
    private static final String BOOT = "1970-01-01 00:00:10";

    /**
     * Twice what a restart alone may take: the library stands between the process and its clock.
     */
    private static final double FORWARDING_MAX_MS = 10_000;

    private static final long FORWARDING_WAIT_MS = 60_000;

    /** Until what was learnt last is on the disk. */
    private static final long SAVED_MS = 2_000;

    private static final long AWAY_MS = 3_000;

    /** What passed between the last write and the start is not known to the appliance. */
    private static final double LAG_MAX_MS = 60_000;

    /** Once a PoP has said the time; asking takes a moment too. */
    private static final double LAG_WITH_POP_MAX_MS = 1_000;

    private final Stage stage;
    private final NodeProcess site;

    ClockStory(Stage stage) {
        this.stage = stage;
        site = stage.sites().get(1);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        List<String> clock = FakeClock.startingAt(BOOT);
        long startMs = System.currentTimeMillis();
        stage.open();
        stage.awaitCalm();
        Thread.sleep(SAVED_MS);
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(Stage.EVENT_MS);
        boot(clock, result);
        comeBack(startMs, result);
    }

    private void boot(List<String> clock, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("killed: " + site.name());
        site.kill();
        Thread.sleep(AWAY_MS);
        stage.phase("started again at " + BOOT + ": " + site.name());
        site.start(clock);
        long forwardingMs = stage.awaitFlow(FORWARDING_WAIT_MS);
        result.atMost("forwardingMs", forwardingMs, FORWARDING_MAX_MS, "ms");
        stage.awaitReady();
        JsonNode told = site.ask("status").path("clock");
        stage.phase("its clock: " + told);
        long daysBehind = Duration.ofSeconds(-told.path("deviationS").asLong(0)).toDays();
        long daysSince1970 = Duration.ofMillis(System.currentTimeMillis()).toDays();
        result.exactly("foundBehindDays", daysBehind, daysSince1970, "days");
        result.atMost("clockLagMs", lagMs(told), LAG_MAX_MS, "ms");
    }

    private void comeBack(long startMs, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.comeBack(result);
        JsonNode told = site.ask("status").path("clock");
        stage.phase("its clock: " + told);
        result.atMost("clockLagWithPopMs", lagMs(told), LAG_WITH_POP_MAX_MS, "ms");
        long early =
                LabEvent.parse(site.name(), site.ask("events")).stream()
                        .filter(event -> event.epochMs() < startMs)
                        .count();
        result.exactly("eventsBeforeTheLab", early, 0, "events");
        result.exactly(
                "activated", stage.countEvents(LabEvent.ACTIVATED), stage.sites().size(), "events");
    }

    private static double lagMs(JsonNode clock) {
        Instant time = Instant.parse(clock.path("time").asString("1970-01-01T00:00:00Z"));
        return Math.abs(Duration.between(time, Instant.now()).toMillis());
    }
}
