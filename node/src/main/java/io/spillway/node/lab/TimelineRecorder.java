package io.spillway.node.lab;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Puts together what the lab knows of one cut: the streams' logs, the capture of the Internet, and
 * what the sending site logged. The direction is one without the long TCP session, so that all that
 * is not the stream are probes.
 */
final class TimelineRecorder {
    private static final double LEAD_MS = 200;
    private static final double TRAIL_MS = 250;

    /** Of the return: a site probes the PoP and proves the way to its peer in less. */
    private static final double RETURN_LEAD_MS = 400;

    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000;
    private static final int LOG_TIME_LENGTH = 12; // HH:mm:ss.SSS
    private static final String LOST_LINE = "CLOUD -> RECOVERY";

    private final LabSetup setup;
    private final Direction direction;

    TimelineRecorder(LabSetup setup) {
        this.setup = setup;
        List<LabSite> sites = setup.network().sites();
        direction = new Direction(sites.getLast(), sites.getFirst());
    }

    /**
     * Of the first cut, at once after it: the logs reach back for minutes only.
     *
     * @throws IOException also when the capture does not show what happened
     */
    Timeline record(CutResult cut, int rttMs) throws IOException {
        List<Long> arrivals = arrivals();
        String title =
                "%s, %s, round trip %s"
                        .formatted(
                                direction,
                                cut.kind(),
                                rttMs == 0 ? "as fast as it goes" : rttMs + " ms");
        return new Timeline(title, cutWindow(cut, arrivals), comebackWindow(cut, arrivals));
    }

    private Timeline.Window cutWindow(CutResult cut, List<Long> arrivals) throws IOException {
        long zeroNs = cut.cutEpochMs() * NS_PER_MS;
        WireRecords wire = WireRecords.read(setup.capture().kept().get(0), direction);
        List<Double> probes = Timeline.since(zeroNs, wire.probes());
        List<Double> replies = Timeline.since(zeroNs, wire.replies());
        List<Double> direct = Timeline.since(zeroNs, wire.direct());
        double tunnelMs =
                Timeline.first(direct)
                        .orElseThrow(() -> new IOException("no packet by tunnel in the first cut"));
        List<Timeline.Mark> marks = new ArrayList<>();
        marks.add(new Timeline.Mark(0, "PoP cut off"));
        mark(marks, Timeline.lastBefore(replies, tunnelMs), "last reply");
        mark(marks, Timeline.burstStart(probes), "suspect");
        mark(marks, lostMs(cut), "lost");
        marks.add(new Timeline.Mark(tunnelMs, "first packet by tunnel"));
        marks.sort(Comparator.comparingDouble(Timeline.Mark::ms));
        Timeline.Ways ways = Timeline.Ways.of(Timeline.since(zeroNs, arrivals), direct);
        return new Timeline.Window(
                "The cut",
                -LEAD_MS,
                tunnelMs + TRAIL_MS,
                ways.byPop(),
                ways.byTunnel(),
                probes,
                replies,
                marks);
    }

    private Timeline.Window comebackWindow(CutResult cut, List<Long> arrivals) throws IOException {
        WireRecords wire = WireRecords.read(setup.capture().kept().get(1), direction);
        if (wire.direct().isEmpty()) throw new IOException("no packet by tunnel before the return");
        long zeroNs = wire.direct().getLast();
        List<Double> direct = Timeline.since(zeroNs, wire.direct());
        double awayS = zeroNs / 1e9 - cut.restoredEpochMs() / 1e3;
        Timeline.Ways ways = Timeline.Ways.of(Timeline.since(zeroNs, arrivals), direct);
        return new Timeline.Window(
                String.format(Locale.ROOT, "The return, %.1f s after the PoP came back", awayS),
                -RETURN_LEAD_MS,
                TRAIL_MS,
                ways.byPop(),
                ways.byTunnel(),
                Timeline.since(zeroNs, wire.probes()),
                Timeline.since(zeroNs, wire.replies()),
                List.of(new Timeline.Mark(0, "last packet by tunnel")));
    }

    private static void mark(List<Timeline.Mark> marks, OptionalDouble ms, String text) {
        ms.ifPresent(when -> marks.add(new Timeline.Mark(when, text)));
    }

    /** At the receiving host, since the epoch. */
    private List<Long> arrivals() {
        Instant now = Instant.now();
        long offsetNs = now.getEpochSecond() * NS_PER_S + now.getNano() - System.nanoTime();
        return setup.traffic().logs().get(direction).arrivals().stream()
                .map(ns -> ns + offsetNs)
                .toList();
    }

    /** As the sending site's log says. */
    private OptionalDouble lostMs(CutResult cut) throws IOException {
        NodeProcess site = setup.nodes().sites().get(direction.from().index());
        String line = site.lastLine(LOST_LINE);
        if (line.length() < LOG_TIME_LENGTH) return OptionalDouble.empty();
        LocalTime said = LocalTime.parse(line.substring(0, LOG_TIME_LENGTH));
        LocalTime zero =
                LocalTime.ofInstant(Instant.ofEpochMilli(cut.cutEpochMs()), ZoneId.systemDefault());
        return OptionalDouble.of((said.toNanoOfDay() - zero.toNanoOfDay()) / 1e6);
    }
}
