package io.spillway.bench.bgp;

import io.spillway.bench.tunnel.ProcessCost;
import io.spillway.node.lab.NamespaceProcess;
import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Feeder and sink in our namespace, the speaker between them in its own.
 *
 * <pre>
 *   feeder, AS 65001 -- speaker, AS 65000 -- sink, AS 65002
 *   10.97.1.2       10.97.1.1   10.97.2.1       10.97.2.2
 * </pre>
 */
final class BgpRun {
    private static final int FEEDER_AS = 65_001;
    private static final int SINK_AS = 65_002;
    private static final InetAddress FEEDER = InetAddress.ofLiteral("10.97.1.2");
    private static final InetAddress FEEDER_SIDE = InetAddress.ofLiteral("10.97.1.1");
    private static final InetAddress SINK = InetAddress.ofLiteral("10.97.2.2");
    private static final InetAddress SINK_SIDE = InetAddress.ofLiteral("10.97.2.1");
    private static final int WITHDRAWN_AT_ONCE = 500; // of 4 bytes each in one UPDATE
    private static final int CONNECT_TRIES = 100;
    private static final long RETRY_MS = 100;
    private static final long CHECK_MS = 1;
    private static final long TABLE_MAX_MS = 300_000;
    private static final double KIB_PER_MIB = 1024;

    private final BgpDaemon daemon;
    private final int prefixes;
    private final int sets;
    private final Path place;

    /**
     * @param sets of attributes, among which the prefixes are parted evenly
     * @param place a fresh directory
     */
    BgpRun(BgpDaemon daemon, int prefixes, int sets, Path place) {
        this.daemon = daemon;
        this.prefixes = prefixes;
        this.sets = sets;
        this.place = place;
    }

    BgpFigures run() throws IOException, InterruptedException {
        prepareNetwork();
        List<NamespaceProcess> processes = daemon.processes(Files.createDirectories(place));
        try {
            for (NamespaceProcess process : processes.reversed()) {
                process.start();
            }
            return measure(processes.getFirst());
        } catch (IOException e) {
            throw new IOException(
                    daemon.key() + ": " + e.getMessage() + "\n" + processes.getFirst().lastWords(),
                    e);
        } finally {
            processes.forEach(NamespaceProcess::close);
            forgetNetwork();
        }
    }

    private void prepareNetwork() throws IOException {
        Programs.run("ip netns add " + BgpDaemon.NAMESPACE);
        BgpDaemon.in("ip link set lo up");
        daemon.prepare();
        wire("feed", FEEDER, FEEDER_SIDE);
        wire("sink", SINK, SINK_SIDE);
    }

    private void wire(String name, InetAddress ours, InetAddress theirs) throws IOException {
        Programs.run(
                "ip link add to-%s type veth peer name %s netns %s"
                        .formatted(name, name, BgpDaemon.NAMESPACE));
        Programs.run("ip address add %s/24 dev to-%s".formatted(ours.getHostAddress(), name));
        Programs.run("ip link set to-%s up".formatted(name));
        daemon.connect(name, theirs.getHostAddress());
    }

    /** The kernel takes the wires of a namespace that is gone only a moment later. */
    private static void forgetNetwork() throws IOException {
        Programs.run("ip link delete to-feed");
        Programs.run("ip link delete to-sink");
        Programs.run("ip netns delete " + BgpDaemon.NAMESPACE);
    }

    private BgpFigures measure(NamespaceProcess speaker) throws IOException, InterruptedException {
        try (BgpPeer sink = connect(SINK, SINK_SIDE, SINK_AS);
                BgpPeer feeder = connect(FEEDER, FEEDER_SIDE, FEEDER_AS)) {
            List<NamespaceProcess> measured = List.of(speaker);
            double cpuBefore = ProcessCost.cpuSeconds(measured);
            double announced = time(feeder, table(), sink, count -> count == prefixes);
            double residentKib = ProcessCost.residentKib(measured);
            double withdrawn = time(feeder, withdrawals(), sink, count -> count == 0);
            double cpu = ProcessCost.cpuSeconds(measured) - cpuBefore;
            return new BgpFigures(
                    daemon.key(),
                    prefixes,
                    sets,
                    announced,
                    withdrawn,
                    residentKib / KIB_PER_MIB,
                    cpu);
        }
    }

    /** The speaker needs a moment until it listens. */
    private static BgpPeer connect(InetAddress local, InetAddress remote, int as)
            throws IOException, InterruptedException {
        IOException refused = null;
        for (int i = 0; i < CONNECT_TRIES; i++) {
            try {
                return BgpPeer.connect(local, remote, as);
            } catch (IOException e) {
                refused = e;
                Thread.sleep(RETRY_MS);
            }
        }
        throw refused;
    }

    private static double time(
            BgpPeer feeder, List<byte[]> messages, BgpPeer sink, IntPredicate isDone)
            throws IOException, InterruptedException {
        int length = messages.stream().mapToInt(message -> message.length).sum();
        ByteBuffer all = ByteBuffer.allocateDirect(length);
        messages.forEach(all::put);
        all.flip();
        long startNs = System.nanoTime();
        Thread sending =
                Thread.ofPlatform()
                        .daemon()
                        .name("bgp feeder")
                        .start(
                                () -> {
                                    try {
                                        feeder.send(all);
                                    } catch (IOException e) {
                                        // its reader has heard the reason
                                    }
                                });
        while (!isDone.test(sink.heardCount())) {
            sink.requireUp();
            feeder.requireUp();
            if (System.nanoTime() - startNs > TABLE_MAX_MS * 1_000_000) {
                throw new IOException(sink.heardCount() + " prefixes at the sink at last");
            }
            Thread.sleep(CHECK_MS);
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        sending.join();
        return seconds;
    }

    private List<byte[]> table() {
        int nextHop = ByteBuffer.wrap(FEEDER.getAddress()).getInt();
        List<byte[]> messages = new ArrayList<>();
        for (int set = 0; set < sets; set++) {
            int first = (int) ((long) prefixes * set / sets);
            int end = (int) ((long) prefixes * (set + 1) / sets);
            messages.add(BgpMessages.announcement(FEEDER_AS, nextHop, set, first, end - first));
        }
        return messages;
    }

    private List<byte[]> withdrawals() {
        List<byte[]> messages = new ArrayList<>();
        for (int first = 0; first < prefixes; first += WITHDRAWN_AT_ONCE) {
            int count = Math.min(WITHDRAWN_AT_ONCE, prefixes - first);
            messages.add(BgpMessages.withdrawal(first, count));
        }
        return messages;
    }
}
