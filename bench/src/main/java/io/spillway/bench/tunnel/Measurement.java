package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.BenchNetwork;
import io.spillway.bench.tunnel.contender.Side;
import io.spillway.bench.tunnel.contender.Tunnel;
import io.spillway.bench.tunnel.load.Host;
import io.spillway.bench.tunnel.load.Iperf;
import io.spillway.bench.tunnel.load.RateSearch;
import io.spillway.bench.tunnel.load.UdpEcho;
import io.spillway.bench.tunnel.load.UdpLoad;
import io.spillway.bench.tunnel.load.UdpTally;
import io.spillway.node.lab.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;

/**
 * Brings one tunnel up and measures it once: host A to host B, one metric after the other, so that
 * nothing but the tunnel and the traffic in question runs.
 */
final class Measurement {
    /** IP packets; their UDP payload is 28 bytes shorter. */
    private static final int SMALL_LENGTH = 64;

    private static final int LARGE_LENGTH = 1400;

    /** Every tunnel known takes it without loss: the cost of a packet is compared at one rate. */
    private static final double COMMON_KPPS = 20;

    private static final double SMALL_START_KPPS = 40;
    private static final double LARGE_START_KPPS = 20;
    private static final double TRIAL_SECONDS = 1;
    private static final int WARM_UP_TCP_SECONDS = 3;
    private static final int WARM_UP_UDP_SECONDS = 5;
    private static final int WARM_UP_ROUND_TRIPS = 50_000;
    private static final int ROUND_TRIPS = 5000;
    private static final int FIRST_PACKET_SECONDS = 30;
    private static final double US_PER_S = 1e6;

    private final BenchNetwork network;
    private final Tunnel tunnel;
    private final Set<Metric> wanted;
    private final int seconds;
    private final Host near;
    private final Host far;
    private final UdpLoad udp;
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    /**
     * @param seconds each TCP run and each flood takes
     */
    Measurement(BenchNetwork network, Tunnel tunnel, Set<Metric> wanted, int seconds)
            throws IOException {
        this.network = network;
        this.tunnel = tunnel;
        this.wanted = wanted;
        this.seconds = seconds;
        this.near = Side.A.asHost();
        this.far = Side.B.asHost();
        this.udp = new UdpLoad(near, far);
    }

    /**
     * @param log of iperf3's server
     * @return what was wanted and exists for this tunnel
     */
    Map<Metric, Double> run(Path log) throws IOException, InterruptedException {
        tunnel.startFar();
        try (UdpEcho echo = new UdpEcho(near, far);
                Iperf iperf = new Iperf(near, far, log)) {
            bringUp(echo);
            warmUp(iperf, echo);
            roundTrips(echo);
            tcp(iperf);
            udpRates();
            udpCost();
            floods();
            take(Metric.RSS_KIB, () -> ProcessCost.residentKib(processes()));
            plainLan(iperf);
        }
        return values;
    }

    private void bringUp(UdpEcho echo) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        FutureTask<Double> answer = echo.firstAnswerMs(startNs, FIRST_PACKET_SECONDS);
        tunnel.startNear();
        double answeredMs = Host.await(answer);
        take(Metric.FIRST_PACKET_MS, () -> answeredMs);
        tunnel.settle();
    }

    /**
     * Cold code, empty neighbour tables and small windows are nobody's figure; what a cold start
     * costs is a metric of its own.
     */
    private void warmUp(Iperf iperf, UdpEcho echo) throws IOException, InterruptedException {
        iperf.run(1, false, WARM_UP_TCP_SECONDS);
        iperf.run(1, true, WARM_UP_TCP_SECONDS);
        udp.run(SMALL_LENGTH, COMMON_KPPS, WARM_UP_UDP_SECONDS);
        echo.measure(WARM_UP_ROUND_TRIPS);
    }

    private void roundTrips(UdpEcho echo) throws IOException, InterruptedException {
        if (!wants(Metric.RTT_P50_US) && !wants(Metric.RTT_P99_US)) return;
        UdpEcho.RoundTrips trips = echo.measure(ROUND_TRIPS);
        take(Metric.RTT_P50_US, () -> trips.quantileUs(0.50));
        take(Metric.RTT_P99_US, () -> trips.quantileUs(0.99));
    }

    private void tcp(Iperf iperf) throws IOException, InterruptedException {
        if (wants(Metric.TCP1_GBPS) || wants(Metric.CPU_S_PER_GBIT)) {
            double before = ProcessCost.cpuSeconds(processes());
            Iperf.Throughput throughput = iperf.run(1, false, seconds);
            double used = ProcessCost.cpuSeconds(processes()) - before;
            take(Metric.TCP1_GBPS, throughput::gbps);
            take(Metric.CPU_S_PER_GBIT, () -> used / throughput.gigabits());
        }
        take(Metric.TCP4_GBPS, () -> iperf.run(4, false, seconds).gbps());
        take(Metric.TCP1R_GBPS, () -> iperf.run(1, true, seconds).gbps());
    }

    private void udpRates() throws IOException, InterruptedException {
        take(Metric.UDP64_NDR_KPPS, () -> highest(SMALL_LENGTH, SMALL_START_KPPS));
        take(Metric.UDP1400_NDR_KPPS, () -> highest(LARGE_LENGTH, LARGE_START_KPPS));
    }

    private double highest(int packetLength, double startKpps)
            throws IOException, InterruptedException {
        return new RateSearch(startKpps)
                .highest(kpps -> udp.run(packetLength, kpps, TRIAL_SECONDS));
    }

    private void udpCost() throws IOException, InterruptedException {
        take(
                Metric.UDP64_TUNNEL_US,
                () -> {
                    double before = ProcessCost.cpuSeconds(processes());
                    UdpTally tally = udp.run(SMALL_LENGTH, COMMON_KPPS, seconds);
                    double used = ProcessCost.cpuSeconds(processes()) - before;
                    if (tally.loss() > RateSearch.LOSS_MAX) {
                        throw new IOException(
                                "%.1f %% lost at %.0f kpps"
                                        .formatted(tally.loss() * 100, COMMON_KPPS));
                    }
                    return used * US_PER_S / tally.received();
                });
    }

    private void floods() throws IOException, InterruptedException {
        take(Metric.UDP64_FLOOD_KPPS, () -> flood(SMALL_LENGTH));
        take(Metric.UDP1400_FLOOD_KPPS, () -> flood(LARGE_LENGTH));
    }

    private double flood(int packetLength) throws IOException, InterruptedException {
        return udp.run(packetLength, UdpLoad.UNPACED_KPPS, seconds).deliveredKpps();
    }

    private void plainLan(Iperf iperf) throws IOException, InterruptedException {
        if (!wants(Metric.TCP1_PLAINLAN_GBPS)) return;
        network.offloadLans(false);
        take(Metric.TCP1_PLAINLAN_GBPS, () -> iperf.run(1, false, seconds).gbps());
        network.offloadLans(true);
    }

    @FunctionalInterface
    private interface Value {
        double get() throws IOException, InterruptedException;
    }

    private void take(Metric metric, Value value) throws IOException, InterruptedException {
        if (!wants(metric)) return;
        try {
            values.put(metric, value.get());
        } catch (IOException e) {
            throw new IOException(metric.label() + ": " + e.getMessage(), e);
        }
    }

    private boolean wants(Metric metric) {
        return wanted.contains(metric) && !(metric.isOfProcesses() && processes().isEmpty());
    }

    private List<NamespaceProcess> processes() {
        return tunnel.processes();
    }
}
