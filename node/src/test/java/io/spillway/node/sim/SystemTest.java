package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.Transport;
import io.spillway.node.site.SiteView;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What the system tests share: worlds that are ready, and what must hold of them. */
abstract class SystemTest {
    static final boolean IS_LONG = Boolean.getBoolean("spillway.long");
    static final String ACTIVATED = RecoveryEvents.ACTIVATED;
    static final String STOPPED = RecoveryEvents.STOPPED;
    static final long OUTAGE_MAX_MS = 500;

    /** Packets of the last moments may be under way still. */
    static final long TAIL_MS = 300;

    private static final long READY_MAX_MS = 6_000;

    @TempDir Path directory;

    /** One run with one seed. */
    interface Run {
        void with(long seed, SimWorld world);
    }

    /** Runs so many seeds, each in a world of its own, and names the seed that fails. */
    void seeds(int count, Run run) {
        seeds(1, count, run);
    }

    void seeds(long first, int count, Run run) {
        for (long seed = first; seed < first + count; seed++) {
            try (SimWorld world = world(seed)) {
                run.with(seed, world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** Runs so many seeds in worlds with several PoP nodes. */
    void seeds(List<SimPlace> places, int count, Run run) {
        for (long seed = 1; seed <= count; seed++) {
            Path state = directory.resolve("seed-" + seed);
            try (SimWorld world = new SimWorld(state, seed, places)) {
                run.with(seed, world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    SimWorld world(long seed) {
        return new SimWorld(directory.resolve("seed-" + seed), seed);
    }

    /** Everybody in the cloud, every tunnel up. */
    static void awaitReady(SimWorld world) {
        boolean isReady = world.runUntil(() -> isReady(world), READY_MAX_MS);
        assertTrue(isReady, () -> "not ready: " + describe(world));
        world.run(100);
    }

    static boolean isReady(SimWorld world) {
        int peers = world.sites().size() - 1;
        return isAllInCloud(world)
                && world.sites().stream()
                        .allMatch(
                                site -> isPeeredWithAll(site, peers) && knowsGateway(world, site));
    }

    private static boolean knowsGateway(SimWorld world, SimSite site) {
        return world.host(site.number()).knowsGateway();
    }

    private static boolean isPeeredWithAll(SimSite site, int peers) {
        SiteView view = new SiteView(site.control());
        return view.peerTunnels().size() >= peers
                && view.peerTunnels().stream().allMatch(tunnel -> tunnel.isAlive());
    }

    static boolean isAllInCloud(SimWorld world) {
        int peers = world.sites().size() - 1;
        return world.sites().stream()
                .map(site -> new SiteView(site.control()))
                .allMatch(
                        view ->
                                view.state() == RecoveryState.CLOUD
                                        && view.machine().countOf(Transport.CLOUD) == peers);
    }

    static boolean isAllInRecovery(SimWorld world) {
        int peers = world.sites().size() - 1;
        return world.sites().stream()
                .map(site -> new SiteView(site.control()))
                .allMatch(view -> view.machine().countOf(Transport.RECOVERY) == peers);
    }

    static void awaitReturn(SimWorld world, long maxMs) {
        boolean isBack = world.runUntil(() -> isAllInCloud(world), maxMs);
        assertTrue(isBack, () -> "not back: " + describe(world));
    }

    static void assertEvents(SimWorld world, String... expected) {
        for (SimSite site : world.sites()) {
            assertEquals(List.of(expected), site.events(), "events of site " + site.number());
        }
    }

    static void assertOutages(Collection<SimStream> streams, long maxMs) {
        for (SimStream stream : streams) {
            long outageMs = stream.outageMs(TAIL_MS);
            if (maxMs == OUTAGE_MAX_MS) {
                Outages.note(outageMs);
            }
            assertTrue(outageMs < maxMs, () -> "outage " + outageMs + " ms: " + stream);
        }
    }

    static void assertNothingLost(Collection<SimStream> streams) {
        for (SimStream stream : streams) {
            assertEquals(0, stream.lost(TAIL_MS), () -> "lost: " + stream);
            assertEquals(0, stream.duplicates(), () -> "duplicates: " + stream);
        }
    }

    static void mark(Collection<SimStream> streams) {
        streams.forEach(SimStream::mark);
    }

    static SiteView view(SimWorld world, int site) {
        return new SiteView(world.site(site).control());
    }

    static String describe(SimWorld world) {
        StringBuilder text = new StringBuilder();
        for (SimSite site : world.sites()) {
            SiteView view = new SiteView(site.control());
            text.append("\n  site ").append(site.number()).append(' ').append(view.state());
            text.append(' ').append(view.machine().peers());
            text.append(" peer tunnels ");
            view.peerTunnels().forEach(t -> text.append(t.liveness().state()).append(' '));
            text.append("PoP tunnels ");
            view.popTunnels().forEach(t -> text.append(t.liveness().state()).append(' '));
            text.append(site.events()).append(site.dataPlane.counters().dropped());
        }
        return text.toString();
    }
}
