package io.spillway.bench.appliance;

import io.spillway.bench.tunnel.ProcessCost;
import io.spillway.bench.tunnel.contender.BenchNetwork;
import io.spillway.bench.tunnel.contender.Side;
import io.spillway.bench.tunnel.contender.SpillwayCipher;
import io.spillway.bench.tunnel.contender.SpillwayTunnel;
import io.spillway.bench.tunnel.contender.Wan;
import io.spillway.bench.tunnel.load.Host;
import io.spillway.bench.tunnel.load.Iperf;
import io.spillway.bench.tunnel.load.RateSearch;
import io.spillway.bench.tunnel.load.UdpEcho;
import io.spillway.bench.tunnel.load.UdpLoad;
import io.spillway.bench.tunnel.load.UdpTally;
import io.spillway.node.lab.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Two sites in recovery on an honest WAN that is wide enough for the longest packets and what a
 * tunnel adds to them.
 */
final class CapacityRun implements AutoCloseable {
    /** IPv4, UDP, record and tag take less than this. */
    private static final int OVERHEAD_MAX = 150;

    private static final int WAN_MTU = ApplianceClass.LARGE_LENGTH + OVERHEAD_MAX;

    /** Headers of IPv4 and TCP. iperf3 takes the timestamps from the segment. */
    private static final int TCP_HEADERS = 40;

    private static final int STREAMS = 4;

    /** Cold code is not what an appliance runs for long. */
    private static final int WARM_UP_SECONDS = 10;

    private static final int FIRST_PACKET_SECONDS = 30;
    private static final long MTU_MS = 20_000;
    private static final long CHECK_MS = 100;
    private static final double START_KPPS = 40;
    private static final double TRIAL_SECONDS = 1;

    /** Below the highest rate, so that no trial's luck is needed twice. */
    private static final double COST_RATE = 0.9;

    private final BenchNetwork network;
    private final SpillwayTunnel tunnel;
    private final Host near;
    private final Host far;
    private final Path directory;
    private final int seconds;

    /**
     * @param seconds each TCP run and each run that is paid for takes
     */
    CapacityRun(Path directory, int seconds) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.seconds = seconds;
        near = Side.A.asHost();
        far = Side.B.asHost();
        network = BenchNetwork.build(Wan.HONEST, WAN_MTU);
        try {
            tunnel = new SpillwayTunnel(SpillwayCipher.IPSECMB, network, directory, List.of());
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    /** By packet length, the longest last. */
    Map<Integer, Capacity> measure() throws IOException, InterruptedException {
        tunnel.startFar();
        try (UdpEcho echo = new UdpEcho(near, far)) {
            tunnel.startNear();
            echo.awaitAnswer(FIRST_PACKET_SECONDS);
        }
        tunnel.settle();
        awaitMtu();
        Map<Integer, Capacity> measured = new TreeMap<>();
        try (Iperf iperf = new Iperf(near, far, directory.resolve("iperf3.log"))) {
            iperf.run(STREAMS, false, WARM_UP_SECONDS);
            new UdpLoad(near, far).run(ApplianceClass.SMALL_LENGTH, START_KPPS, WARM_UP_SECONDS);
            for (int length : List.of(ApplianceClass.SMALL_LENGTH, ApplianceClass.LARGE_LENGTH)) {
                measured.put(length, measure(iperf, length));
            }
        }
        return measured;
    }

    /** The search for it begins with the tunnel. */
    private void awaitMtu() throws IOException, InterruptedException {
        for (long waitedMs = 0; waitedMs < MTU_MS; waitedMs += CHECK_MS) {
            if (mtu(Side.A) >= ApplianceClass.LARGE_LENGTH
                    && mtu(Side.B) >= ApplianceClass.LARGE_LENGTH) {
                return;
            }
            Thread.sleep(CHECK_MS);
        }
        throw new IOException(
                "the tunnel takes packets of %d bytes, not of %d"
                        .formatted(mtu(Side.A), ApplianceClass.LARGE_LENGTH));
    }

    /** Of the tunnel to the other site; that to the PoP is narrower. */
    private int mtu(Side side) throws IOException {
        int largest = 0;
        for (JsonNode each : tunnel.ask(side, "tunnels").path("tunnels")) {
            largest = Math.max(largest, each.path("mtu").asInt(0));
        }
        return largest;
    }

    private Capacity measure(Iperf iperf, int length) throws IOException, InterruptedException {
        double[] before = cpuSeconds();
        Iperf.Throughput tcp = iperf.run(STREAMS, false, seconds, length - TCP_HEADERS);
        double gbpsPerCore = tcp.gigabits() / busier(before);

        UdpLoad udp = new UdpLoad(near, far);
        double kpps =
                new RateSearch(START_KPPS).highest(rate -> udp.run(length, rate, TRIAL_SECONDS));
        before = cpuSeconds();
        UdpTally tally = udp.run(length, kpps * COST_RATE, seconds);
        double kppsPerCore = tally.received() / 1e3 / busier(before);
        return new Capacity(tcp.gbps(), kpps, gbpsPerCore, kppsPerCore);
    }

    private double[] cpuSeconds() throws IOException {
        List<NamespaceProcess> sites = tunnel.processes();
        double[] used = new double[sites.size()];
        for (int i = 0; i < used.length; i++) {
            used[i] = ProcessCost.cpuSeconds(List.of(sites.get(i)));
        }
        return used;
    }

    /** What the site that used more has used since. */
    private double busier(double[] before) throws IOException {
        double[] now = cpuSeconds();
        double most = 0;
        for (int i = 0; i < now.length; i++) {
            most = Math.max(most, now[i] - before[i]);
        }
        return most;
    }

    @Override
    public void close() throws IOException {
        tunnel.close();
        network.close();
    }
}
