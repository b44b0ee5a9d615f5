package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * All the lab's traffic: a UDP stream per direction and one long TCP session between the first two
 * sites' hosts.
 */
final class LabTraffic implements AutoCloseable {
    private static final long CALM_MS = 500;
    private static final long CALM_MAX_MS = 10_000;
    private static final long CALM_GAP_MS = 40;
    private static final long CALM_CHECK_MS = 10;

    private final LabNetwork network;
    private final Marker marker;
    private final Map<Direction, StreamLog> logs = new LinkedHashMap<>();
    private final HostThreads threads = new HostThreads();
    private final TcpSession tcp;

    LabTraffic(LabNetwork network, Marker marker) {
        this.network = network;
        this.marker = marker;
        for (Direction direction : Direction.among(network.sites())) {
            logs.put(direction, new StreamLog());
        }
        tcp = new TcpSession(network.sites().get(0), network.sites().get(1), marker);
    }

    void start() {
        for (LabSite site : network.sites()) {
            run(site, new UdpHost(site, logs, UdpHost.STREAM, marker));
        }
        run(network.sites().get(0), tcp.listener());
        run(network.sites().get(1), tcp.dialler());
    }

    private void run(LabSite site, HostJob job) {
        threads.start(network.namespacePath(site.hostNamespace()), job);
    }

    TcpSession tcp() {
        return tcp;
    }

    Map<Direction, StreamLog> logs() {
        return logs;
    }

    /** Threads that ended by an error. */
    List<String> failures() {
        return threads.failures();
    }

    /** Where every stream is now, {@code back} packets ago. */
    Map<Direction, Long> mark(long back) {
        Map<Direction, Long> marks = new LinkedHashMap<>();
        logs.forEach((direction, log) -> marks.put(direction, Math.max(0, log.next() - back)));
        return marks;
    }

    /** What every stream lost between two marks, seen from now. */
    Map<Direction, StreamLoss> loss(Map<Direction, Long> from, Map<Direction, Long> to) {
        Map<Direction, StreamLoss> losses = new LinkedHashMap<>();
        logs.forEach((key, log) -> losses.put(key, log.loss(from.get(key), to.get(key))));
        return losses;
    }

    long arrived() {
        return logs.values().stream().mapToLong(StreamLog::arrived).sum();
    }

    long duplicates() {
        return logs.values().stream().mapToLong(StreamLog::duplicates).sum();
    }

    long reordered() {
        return logs.values().stream().mapToLong(StreamLog::reordered).sum();
    }

    /** Returns when nothing was silent for half a second, or after 10 s. */
    void awaitCalm(Predicate<Direction> which) throws InterruptedException {
        long startNs = System.nanoTime();
        long calmNs = startNs;
        long nowNs = startNs;
        while (nowNs - calmNs < CALM_MS * 1_000_000 && nowNs - startNs < CALM_MAX_MS * 1_000_000) {
            Thread.sleep(CALM_CHECK_MS);
            nowNs = System.nanoTime();
            if (!silent(which, CALM_GAP_MS).isEmpty()) calmNs = nowNs;
        }
    }

    /** Directions in which nothing has arrived in the last {@code ms}. */
    List<String> silent(long ms) {
        return silent(direction -> true, ms);
    }

    List<String> silent(Predicate<Direction> which, long ms) {
        List<String> silent = new ArrayList<>();
        long nowNs = System.nanoTime();
        logs.forEach(
                (direction, log) -> {
                    long lastNs = log.lastArrivalNs();
                    boolean isSilent = lastNs == 0 || nowNs - lastNs > ms * 1_000_000;
                    if (isSilent && which.test(direction)) {
                        silent.add(direction.toString());
                    }
                });
        return silent;
    }

    @Override
    public void close() {
        threads.close();
    }
}
