package io.spillway.node.lab;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** However slow, jittery and lossy a living path is, it is no reason to leave it (X13). */
final class SlowPathStory {
    private static final Impairment SLOW = Impairment.delayed(300).withJitter(30).losing(0.03);

    /** Between two hosts a packet passes the Internet twice, and is lost with 5.9 % in all. */
    private static final double LOST_SHARE_LEAST = 0.04;

    private static final double LOST_SHARE_MOST = 0.08;
    private static final double RTT_LEAST_MS = 590;
    private static final double RTT_MOST_MS = 700;

    private final Stage stage;

    SlowPathStory(Stage stage) {
        this.stage = stage;
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("600 ms round trip, 30 ms jitter, 3 % loss");
        stage.impair(Impairments.everywhere(SLOW));
        stage.open();
        stage.awaitCalm();
        CalmWatch calm = new CalmWatch(stage);
        Losses slice = calm.watch(() -> {});
        measure(result, slice);
        calm.measure(result);
    }

    /** The last slice proves that the paths were as bad as they are said to be. */
    private void measure(ScenarioResult.Builder result, Losses slice) throws IOException {
        double lost = slice.lost();
        double share = lost / (lost + slice.arrived());
        result.between(
                "lostPercent", share * 100, LOST_SHARE_LEAST * 100, LOST_SHARE_MOST * 100, "%");
        for (NodeProcess site : stage.sites()) {
            String name = "popRttMs " + site.name();
            result.between(name, popRttMs(site), RTT_LEAST_MS, RTT_MOST_MS, "ms");
        }
    }

    /** As the site measures it by its probes; 0 if it does not. */
    private static double popRttMs(NodeProcess site) throws IOException {
        for (JsonNode tunnel : site.ask("tunnels").path("tunnels")) {
            if (tunnel.path("peer").asString("").equals(LabSite.POP_NAME)) {
                return tunnel.path("rttMs").asDouble(0);
            }
        }
        return 0;
    }
}
