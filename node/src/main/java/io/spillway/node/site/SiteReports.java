package io.spillway.node.site;

import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.event.EventJournal;
import io.spillway.control.event.TunnelEvents;
import io.spillway.control.readiness.Fault;
import io.spillway.control.readiness.ReadinessHistory;
import io.spillway.control.readiness.ReadinessMessages;
import io.spillway.control.readiness.SiteReadiness;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.HeardPeers;
import io.spillway.control.wire.ReadinessReport;
import io.spillway.node.FrameSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what readiness was: to the disk what is worth keeping, to the PoP what there is now and
 * whom this site hears, to the journal of events when tunnels came and went. Owned by control.
 */
final class SiteReports {
    private static final Logger LOG = LoggerFactory.getLogger(SiteReports.class);

    private static final long LOOK_NS = 1_000_000_000L;

    /** Each look costs a little for every tunnel: where there are thousands, they are rarer. */
    private static final long LOOK_NS_PER_TUNNEL = 2_000_000L;

    /** What has not changed is told again, so that a PoP sees how old it is. */
    private static final long REPEAT_NS = 60_000_000_000L;

    private static final long JOURNAL_LENGTH_MAX = 128 * 1024;
    private static final int JOURNAL_FILES_MAX = 4;
    private static final long NS_PER_MS = 1_000_000L;

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final SiteTunnels tunnels;
    private final SiteEvents events;
    private final FrameSender sender;
    private final EpochClock wallClock;
    private final EventJournal journal;
    private final Executor files;
    private final ReadinessHistory history;
    private final TunnelEvents tunnelEvents;
    private ReadinessReport reported = ReadinessReport.getDefaultInstance();
    private HeardPeers heard = HeardPeers.getDefaultInstance();
    private boolean isChannelOpen;
    private long lookNs;
    private long repeatNs;

    /** Of states of readiness, apart from that of events: it stays here. */
    static EventJournal.Config journalIn(Path state, long siteId) {
        return new EventJournal.Config(
                state.resolve("readiness"),
                Long.toUnsignedString(siteId),
                JOURNAL_LENGTH_MAX,
                JOURNAL_FILES_MAX);
    }

    /**
     * @param journal of readiness, owned by {@code files}
     */
    SiteReports(
            SiteSetup setup,
            PeerDirectory directory,
            SiteTunnels tunnels,
            SiteEvents events,
            SiteControl.Surroundings around,
            long nowNs) {
        this.setup = setup;
        this.directory = directory;
        this.tunnels = tunnels;
        this.events = events;
        sender = around.channel();
        wallClock = around.wallClock();
        journal = around.readinessJournal();
        files = around.files();
        history = new ReadinessHistory(nowNs);
        tunnelEvents = new TunnelEvents(setup.own().id(), setup.own().name(), nowNs);
        lookNs = nowNs;
        repeatNs = nowNs;
    }

    boolean isLookDue(long nowNs) {
        return nowNs - lookNs >= 0;
    }

    void look(SiteReadiness readiness, long nowNs) {
        lookNs = nowNs + Math.max(LOOK_NS, tunnels.toPeers().size() * LOOK_NS_PER_TUNNEL);
        long timeMs = wallClock.time();
        history.poll(ReadinessSummary.of(readiness, setup), timeMs, nowNs).ifPresent(this::keep);
        tunnelEvents
                .poll(paths(readiness), nowNs)
                .forEach(told -> events.append(timeMs - told.ageNs() / NS_PER_MS, told.draft()));
        if (isChannelOpen) {
            report(readiness, timeMs, nowNs);
        }
    }

    /** The PoP is to be told everything anew. */
    void onConnected() {
        isChannelOpen = true;
        reported = ReadinessReport.getDefaultInstance();
        heard = HeardPeers.getDefaultInstance();
    }

    void onDisconnected() {
        isChannelOpen = false;
    }

    /** An episode of recovery begins: what was before it is kept. */
    void onCloudLost(long nowNs) {
        history.onRecovery(nowNs).ifPresent(this::keep);
    }

    private void keep(ReadinessHistory.Entry entry) {
        files.execute(
                () -> {
                    try {
                        journal.append(entry.timeMs(), entry.draft());
                    } catch (IOException e) {
                        LOG.error("readiness is not kept: {}", e.getMessage());
                    }
                });
    }

    private void report(SiteReadiness readiness, long timeMs, long nowNs) {
        ReadinessReport report = ReadinessMessages.report(readiness, timeMs);
        boolean isNews = !timeless(report).equals(timeless(reported));
        if (isNews || nowNs - repeatNs >= 0) {
            repeatNs = nowNs + REPEAT_NS;
            reported = report;
            sender.send(Frame.newBuilder().setReadinessReport(report).build());
        }
        HeardPeers.Builder hearing = HeardPeers.newBuilder();
        tunnels.carriers().stream()
                .map(carrier -> carrier.tunnel().siteId())
                .sorted()
                .forEach(hearing::addSiteIds);
        HeardPeers hears = hearing.build();
        if (!hears.equals(heard)) {
            heard = hears;
            sender.send(Frame.newBuilder().setHeardPeers(hears).build());
        }
    }

    private static ReadinessReport timeless(ReadinessReport report) {
        return report.toBuilder().clearTimeMs().build();
    }

    private Map<TunnelEvents.Path, TunnelEvents.Status> paths(SiteReadiness readiness) {
        Map<TunnelEvents.Path, Fault> faults = new HashMap<>();
        readiness
                .missing()
                .forEach(
                        (link, missing) ->
                                missing.forEach(fault -> faults.put(path(fault.tunnel()), fault)));
        Map<TunnelEvents.Path, TunnelEvents.Status> paths = new HashMap<>();
        for (TunnelPlan plan : directory.tunnels()) {
            TunnelEvents.Path path = path(plan.key());
            Fault fault = faults.get(path);
            paths.putIfAbsent(path, status(plan.key(), false, fault));
        }
        tunnels.toPeers()
                .forEach(
                        (key, tunnel) -> {
                            if (tunnel.isAlive()) {
                                paths.put(path(key), status(key, true, null));
                            }
                        });
        return paths;
    }

    private static TunnelEvents.Path path(TunnelPlan.Key key) {
        return new TunnelEvents.Path(key.siteId(), key.localLink());
    }

    private TunnelEvents.Status status(TunnelPlan.Key key, boolean isUp, Fault fault) {
        var peer = directory.peer(key.siteId());
        return new TunnelEvents.Status(
                peer == null ? Long.toUnsignedString(key.siteId()) : peer.site().name(),
                setup.linkName(key.localLink()),
                isUp,
                fault == null ? "" : fault.code().name(),
                fault == null ? "" : fault.code().remedy());
    }
}
