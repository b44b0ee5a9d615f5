package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** FRR on the first site's LAN, BIRD on the second's. */
final class LanRouters implements AutoCloseable {
    /** Behind each. */
    static final int NETWORKS = 4;

    private static final long UP_MAX_MS = 30_000;

    private final Stage stage;
    private final LanRouter frr;
    private final LanRouter bird;

    /**
     * @throws LabException where FRR cannot run
     */
    LanRouters(Stage stage) throws IOException, LabException {
        this.stage = stage;
        FrrRouter.requireGroup();
        LabNetwork network = stage.network();
        Path directory = stage.directory();
        frr = new FrrRouter(network, network.sites().get(0), directory);
        bird = new BirdRouter(network, network.sites().get(1), directory);
    }

    LanRouter frr() {
        return frr;
    }

    LanRouter bird() {
        return bird;
    }

    /** Milliseconds until all sessions, and BFD where it is spoken, are up. */
    long start() throws IOException, InterruptedException, LabException {
        stage.phase("FRR starts at " + frr.site().name() + ", BIRD at " + bird.site().name());
        frr.start();
        bird.start();
        return stage.awaitThat("all BGP and BFD sessions up", () -> isUp(0) && isUp(1), UP_MAX_MS);
    }

    private boolean isUp(int site) throws IOException {
        JsonNode neighbours = stage.sites().get(site).ask("bgp").path("neighbours");
        boolean isUp = !neighbours.isEmpty();
        for (JsonNode each : neighbours) {
            isUp &= each.path("state").asString("").equals("Established");
            isUp &= each.path("bfd").asString("UP").equals("UP");
        }
        return isUp;
    }

    @Override
    public void close() {
        frr.close();
        bird.close();
    }
}
