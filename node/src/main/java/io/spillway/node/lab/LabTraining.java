package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Shows the first site's Java machine all that a site does at its start and on the packet's way, so
 * that later starts have it from the cache: classes, links between them, and which code is hot.
 */
final class LabTraining {
    static final int SITES = 2;

    private static final long READY_MS = 40_000;
    private static final long TRAFFIC_MS = 1000;
    private static final long BURST_MS = 1000;
    private static final int CACHE_SECONDS = 60;

    private final LabSetup setup;
    private final Path cache;
    private final Screen screen;

    LabTraining(LabSetup setup, Path cache, Screen screen) {
        this.setup = setup;
        this.cache = cache;
        this.screen = screen;
    }

    /**
     * @throws LabException if the sites did not come as far, or no cache was written
     */
    void run() throws IOException, InterruptedException, LabException {
        screen.phase("training: starting a PoP and " + SITES + " sites");
        setup.nodes().start();
        setup.watch().start();
        await("in the cloud with tunnels to all peers", LabTraining::isReady);
        screen.phase("traffic");
        setup.traffic().start();
        Thread.sleep(TRAFFIC_MS);
        burst();
        screen.phase("PoP process killed");
        setup.nodes().pop().kill();
        await("in recovery", SiteStatus::isInRecovery);
        burst();
        keep();
    }

    private static boolean isReady(SiteStatus site) {
        return site.isInCloud()
                && !site.peers().isEmpty()
                && site.peers().stream().allMatch(peer -> peer.tunnelsUp() > 0);
    }

    private void await(String what, Predicate<SiteStatus> condition) throws LabException {
        if (setup.watch().await(condition, READY_MS) < 0) {
            throw new LabException("not " + what + ": " + setup.watch().describeAll());
        }
    }

    private void burst() throws InterruptedException {
        LabSite from = setup.network().sites().get(0);
        LabSite to = setup.network().sites().get(1);
        new TcpBurst(setup.network(), from, to, setup.marker(), BURST_MS).run();
    }

    /** The machine writes the cache as it ends; nothing else may take the processors then. */
    private void keep() throws IOException, InterruptedException, LabException {
        screen.phase("writing " + cache);
        setup.watch().close();
        setup.traffic().close();
        NodeProcess trained = setup.nodes().sites().getFirst();
        setup.nodes().sites().getLast().kill();
        trained.terminate();
        if (!trained.awaitEnd(CACHE_SECONDS) || !Files.exists(cache)) {
            throw new LabException(cache + " was not written");
        }
    }
}
