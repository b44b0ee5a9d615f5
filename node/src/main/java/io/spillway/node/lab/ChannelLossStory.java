package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Every channel to the PoP is lost, silently, and the tunnels to it live. Only these decide: nobody
 * recovers, the routes are kept and called stale, and the channels come back by themselves.
 */
final class ChannelLossStory {
    /** 15 s of silence, and what the machine adds. */
    private static final double NOTICED_MAX_MS = 20_000;

    /** Without channels. */
    private static final long HOLD_MS = 10_000;

    /** The longest wait between two attempts is 5 s, the last may just have begun in vain. */
    private static final double RECONNECTED_MAX_MS = 20_000;

    private static final long WAIT_MS = 60_000;
    private static final long STATE_MS = 5_000;

    private final Stage stage;

    ChannelLossStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        Map<Direction, Long> mark = stage.mark();
        loseThem(result);
        comeBack(result);
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");
        result.exactly("cloudLost", stage.countRecoveries(stage.sites()), 0, "times");
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), 0, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), 0, "events");
    }

    private void loseThem(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("between the PoP and all sites: " + PopTraffic.CHANNEL.lacking());
        stage.cutter().cut(stage.sites().stream().map(stage::place).toList(), PopTraffic.CHANNEL);
        long noticedMs = stage.await("without channels", it -> !it.isChannelOpen(), WAIT_MS);
        result.atMost("noticedMs", noticedMs, NOTICED_MAX_MS, "ms");
        stage.awaitAnswer("routes", "stale", routes -> isEveryRemote(routes, true), STATE_MS);
        stage.phase("no channel, every route of another site is stale");
        stage.stays(
                "in the cloud without a channel",
                status -> status.isInCloud() && !status.isChannelOpen(),
                HOLD_MS);
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("everything passes again");
        stage.cutter().heal();
        long reconnectedMs = stage.await("with channels", SiteStatus::isChannelOpen, WAIT_MS);
        result.atMost("reconnectedMs", reconnectedMs, RECONNECTED_MAX_MS, "ms");
        stage.awaitAnswer("routes", "fresh", routes -> isEveryRemote(routes, false), STATE_MS);
        stage.stays("in the cloud", SiteStatus::isAtRest, STATE_MS);
    }

    /** False also without any. */
    private static boolean isEveryRemote(JsonNode answer, boolean isStale) {
        int count = 0;
        for (JsonNode route : answer.path("routes")) {
            if (!route.has("site")) continue;
            if (route.path("stale").asBoolean() != isStale) return false;
            count++;
        }
        return count > 0;
    }
}
