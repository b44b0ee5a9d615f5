package io.spillway.bench.verdict;

import io.spillway.bench.jvm.JavaLog;
import io.spillway.bench.jvm.Pause;
import io.spillway.bench.tunnel.ProcessCost;
import io.spillway.bench.tunnel.contender.BenchNetwork;
import io.spillway.bench.tunnel.contender.Side;
import io.spillway.bench.tunnel.contender.SpillwayCipher;
import io.spillway.bench.tunnel.contender.SpillwayTunnel;
import io.spillway.bench.tunnel.contender.Wan;
import io.spillway.bench.tunnel.load.Iperf;
import io.spillway.bench.tunnel.load.UdpEcho;
import io.spillway.bench.tunnel.load.UdpLoad;
import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Two sites at full rate for long, TCP both ways and UDP floods in turn, and what leaks. */
final class Soak {
    private static final double EARLY = 0.2;
    private static final int SLICE_SECONDS = 10;
    private static final int STREAMS = 4;
    private static final int SMALL_LENGTH = 64;
    private static final int LARGE_LENGTH = 1400;
    private static final int FIRST_PACKET_SECONDS = 30;
    private static final long REST_MS = 2_000;
    private static final long COLLECTION_MS = 10_000;
    private static final long CHECK_MS = 100;

    private final Duration duration;
    private final Path directory;
    private double gigabits;
    private long packets;

    Soak(Duration duration, Path directory) {
        this.duration = duration;
        this.directory = directory;
    }

    SoakFigures run() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        try (BenchNetwork network = BenchNetwork.build(Wan.HONEST);
                SpillwayTunnel tunnel =
                        new SpillwayTunnel(
                                SpillwayCipher.IPSECMB, network, directory, JavaLog.OPTIONS)) {
            tunnel.startFar();
            bringUp(tunnel);
            return soak(tunnel);
        }
    }

    private static void bringUp(SpillwayTunnel tunnel) throws IOException, InterruptedException {
        try (UdpEcho echo = new UdpEcho(Side.A.asHost(), Side.B.asHost())) {
            tunnel.startNear();
            echo.awaitAnswer(FIRST_PACKET_SECONDS);
        }
        tunnel.settle();
    }

    private SoakFigures soak(SpillwayTunnel tunnel) throws IOException, InterruptedException {
        int freeBefore = freeAtRest(tunnel);
        Map<Side, Integer> pausesBefore = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            pausesBefore.put(side, pauses(tunnel, side).size());
        }
        load((long) (duration.toNanos() * EARLY));
        Memory early = memory(tunnel);
        load((long) (duration.toNanos() * (1 - EARLY)));
        int freeAfter = freeAtRest(tunnel);
        Memory late = memory(tunnel);
        return new SoakFigures(
                duration,
                gigabits,
                packets,
                freeBefore - freeAfter,
                early.heapKib(),
                late.heapKib(),
                early.residentKib(),
                late.residentKib(),
                pausesSince(tunnel, pausesBefore));
    }

    private void load(long lengthNs) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        UdpLoad udp = new UdpLoad(Side.A.asHost(), Side.B.asHost());
        Path log = directory.resolve("iperf3.log");
        try (Iperf iperf = new Iperf(Side.A.asHost(), Side.B.asHost(), log)) {
            while (System.nanoTime() - startNs < lengthNs) {
                gigabits += iperf.run(STREAMS, false, SLICE_SECONDS).gigabits();
                gigabits += iperf.run(STREAMS, true, SLICE_SECONDS).gigabits();
                packets += flood(udp, SMALL_LENGTH);
                packets += flood(udp, LARGE_LENGTH);
            }
        }
    }

    private static long flood(UdpLoad udp, int packetLength)
            throws IOException, InterruptedException {
        return udp.run(packetLength, UdpLoad.UNPACED_KPPS, SLICE_SECONDS).received();
    }

    private record Memory(double heapKib, double residentKib) {}

    /** A histogram starts with a collection, and leaves nothing behind but lines in the log. */
    private static Memory memory(SpillwayTunnel tunnel) throws IOException, InterruptedException {
        double heapKib = 0;
        double residentKib = 0;
        for (Side side : Side.values()) {
            int before = heaps(tunnel, side).size();
            Programs.run("kill -QUIT " + tunnel.site(side).pid());
            heapKib += awaitHeap(tunnel, side, before);
            residentKib += ProcessCost.residentKib(List.of(tunnel.site(side)));
        }
        return new Memory(heapKib, residentKib);
    }

    private static int awaitHeap(SpillwayTunnel tunnel, Side side, int before)
            throws IOException, InterruptedException {
        for (long waitedMs = 0; waitedMs < COLLECTION_MS; waitedMs += CHECK_MS) {
            List<Integer> heaps = heaps(tunnel, side);
            if (heaps.size() > before) return heaps.getLast();
            Thread.sleep(CHECK_MS);
        }
        throw new IOException(side + ": no collection in " + JavaLog.FILE);
    }

    private static List<Integer> heaps(SpillwayTunnel tunnel, Side side) throws IOException {
        try (Stream<String> lines = lines(tunnel, side)) {
            return JavaLog.heapsKib(lines);
        }
    }

    private static Stream<String> lines(SpillwayTunnel tunnel, Side side) throws IOException {
        return Files.lines(tunnel.directory(side).resolve(JavaLog.FILE));
    }

    /** Free packet slots of both sites when nothing moves but the tunnel's own probes. */
    private static int freeAtRest(SpillwayTunnel tunnel) throws IOException, InterruptedException {
        Thread.sleep(REST_MS);
        int free = 0;
        for (Side side : Side.values()) {
            JsonNode pool = tunnel.ask(side, "status").path("pool");
            free += pool.path("free").asInt(0);
        }
        return free;
    }

    /** Without those of the start, when nothing is forwarded yet. */
    private static Pauses pausesSince(SpillwayTunnel tunnel, Map<Side, Integer> before)
            throws IOException {
        List<Pause> since = new ArrayList<>();
        for (Side side : Side.values()) {
            List<Pause> all = pauses(tunnel, side);
            since.addAll(all.subList(before.get(side), all.size()));
        }
        return new Pauses(since);
    }

    private static List<Pause> pauses(SpillwayTunnel tunnel, Side side) throws IOException {
        try (Stream<String> lines = lines(tunnel, side)) {
            return JavaLog.pauses(lines);
        }
    }
}
