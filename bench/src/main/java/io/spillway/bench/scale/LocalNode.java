package io.spillway.bench.scale;

import io.spillway.bench.jvm.JavaLog;
import io.spillway.bench.tunnel.ProcessCost;
import io.spillway.node.lab.NodeCommand;
import io.spillway.node.lab.NodeProcess;
import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The node under test, a process of the product in a namespace of its own, with one wire for each
 * link to ours, where everybody else is.
 */
final class LocalNode implements AutoCloseable {
    private static final String NAMESPACE = "scale";

    private static final long COLLECTION_MS = 10_000;
    private static final long CHECK_MS = 50;

    private final Path directory;
    private final NodeProcess process;

    /**
     * @param directory with its configuration, {@code node.yaml}
     */
    LocalNode(String role, Path directory) {
        this.directory = directory;
        List<String> options =
                JavaLog.OPTIONS.stream()
                        .map(option -> option.replace("%s", directory.toString()))
                        .toList();
        List<String> program =
                NodeCommand.product()
                        .with(options)
                        .line(role, "--config", directory.resolve("node.yaml").toString());
        process =
                new NodeProcess(
                        role, NAMESPACE, program, socket(directory), directory.resolve("log"));
    }

    static Path socket(Path directory) {
        return directory.resolve("command.sock");
    }

    /** The node's namespace, its wires, and the addresses of all others on our loopback. */
    static void prepareNetwork(int links) throws IOException {
        Programs.run("ip link set lo up");
        Programs.run("ip route add local " + FarSites.NETWORK + " dev lo");
        Programs.run("ip netns add " + NAMESPACE);
        in("ip link set lo up");
        in("sysctl -qw net.ipv4.conf.all.rp_filter=0");
        in("sysctl -qw net.ipv4.conf.default.rp_filter=0");
        in("ip link add br-lan type bridge mcast_snooping 0");
        in("ip link set br-lan up");
        for (int link = 0; link < links; link++) {
            connect(FarSites.device(link), link);
        }
    }

    private static void connect(String device, int link) throws IOException {
        String veth = "ip link add to-%s type veth peer name %s netns %s";
        Programs.run(veth.formatted(device, device, NAMESPACE));
        String hub = FarSites.hubAddress(link);
        Programs.run("ip address add %s/24 dev to-%s".formatted(hub, device));
        Programs.run("ip link set to-%s up".formatted(device));
        in("ip address add %s/24 dev %s".formatted(FarSites.ownAddress(link), device));
        in("ip link set %s up".formatted(device));
        in("ip route add default via %s dev %s metric %d".formatted(hub, device, link + 1));
    }

    private static void in(String commandLine) throws IOException {
        Programs.run("ip netns exec " + NAMESPACE + " " + commandLine);
    }

    /** The wires go with the namespace. */
    static void forgetNetwork() throws IOException {
        Programs.run("ip netns delete " + NAMESPACE);
        Programs.run("ip route delete local " + FarSites.NETWORK + " dev lo");
    }

    /** The far ends use the product's own parts, whose lines about each of them nobody wants. */
    static void quietFarEnds() {
        System.setProperty("spillway.log.level", "error");
    }

    NodeProcess process() {
        return process;
    }

    double cpuSeconds() throws IOException {
        return ProcessCost.cpuSeconds(List.of(process));
    }

    /** After a collection, live objects, and all that is resident. */
    Memory memory() throws IOException, InterruptedException {
        int before = heaps().size();
        Programs.run("kill -QUIT " + process.pid());
        for (long waitedMs = 0; waitedMs < COLLECTION_MS; waitedMs += CHECK_MS) {
            List<Integer> heaps = heaps();
            if (heaps.size() > before) {
                return new Memory(heaps.getLast(), ProcessCost.residentKib(List.of(process)));
            }
            Thread.sleep(CHECK_MS);
        }
        throw new IOException("no collection in " + directory.resolve(JavaLog.FILE));
    }

    record Memory(double heapKib, double residentKib) {}

    private List<Integer> heaps() throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve(JavaLog.FILE))) {
            return JavaLog.heapsKib(lines);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
