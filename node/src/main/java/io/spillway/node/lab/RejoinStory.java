package io.spillway.node.lab;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * An appliance starts again while every PoP is dead, behind a router that meanwhile gives out other
 * ports (R021, R031): the saved ways to peers behind a NAT are none any more. It reaches the one
 * that lets anybody in, which relays at first and brings it together with the others.
 */
final class RejoinStory {
    private static final double FORWARDING_MAX_MS = 15_000;
    private static final double DIRECT_MAX_MS = 15_000;
    private static final long WAIT_MS = 60_000;

    /** Until what was learnt last is on the disk. */
    private static final long SAVED_MS = 2_000;

    /** Longer than its peers need to find out. */
    private static final long AWAY_MS = 3_000;

    /** What was relayed moves to a direct tunnel that has lived for 5 s. */
    private static final long SETTLE_MS = 7_000;

    private final Stage stage;
    private final NodeProcess restarted;

    RejoinStory(Stage stage) {
        this.stage = stage;
        restarted = stage.sites().get(1);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        Thread.sleep(SAVED_MS);
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.phase("killed: " + restarted.name() + ", whose router starts again too");
        restarted.kill();
        Move.NAT_REBOOT.make(stage.network(), stage.place(restarted));
        Thread.sleep(AWAY_MS);
        rejoin(result);
        Map<Direction, Long> mark = stage.mark();
        Thread.sleep(SETTLE_MS);
        result.exactly("lostPackets", stage.lostSince(mark), 0, "packets");
        stage.comeBack(result);
    }

    private void rejoin(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("started again: " + restarted.name());
        long startNs = System.nanoTime();
        restarted.start();
        long forwardingMs = stage.awaitFlow(WAIT_MS);
        result.atMost("forwardingMs", forwardingMs, FORWARDING_MAX_MS, "ms");
        stage.phase("forwarding after " + forwardingMs + " ms");
        int peers = stage.sites().size() - 1;
        stage.awaitAnswer("tunnels", "direct", it -> direct(it).size() == peers, WAIT_MS);
        double directMs = (System.nanoTime() - startNs) / 1e6;
        result.atMost("directMs", directMs, DIRECT_MAX_MS, "ms");
        stage.phase("direct tunnels to all after " + Math.round(directMs) + " ms");
    }

    /** The peers to which a tunnel without a third site lives. */
    private static Set<String> direct(JsonNode answer) {
        Set<String> peers = new HashSet<>();
        for (JsonNode tunnel : answer.path("tunnels")) {
            boolean isDirect = tunnel.path("way").asString("").startsWith("at ");
            String peer = tunnel.path("peer").asString("");
            boolean isToSite = !peer.equals(LabSite.POP_NAME);
            if (isDirect && isToSite && tunnel.path("state").asString("").equals("UP")) {
                peers.add(peer);
            }
        }
        return peers;
    }
}
