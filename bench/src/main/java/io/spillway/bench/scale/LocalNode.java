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

/** The node under test, a process of the product in the namespace that we are in ourselves. */
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

    /** Gives our namespace its name, and all addresses of a run to its loopback. */
    static void prepareNetwork() throws IOException {
        Programs.run("ip netns attach " + NAMESPACE + " " + ProcessHandle.current().pid());
        Programs.run("ip link set lo up");
        Programs.run("ip route add local " + FarSites.NETWORK + " dev lo");
        Programs.run("ip link add br-lan type bridge mcast_snooping 0");
        Programs.run("ip link set br-lan up");
    }

    static void forgetNetwork() throws IOException {
        Programs.run("ip link delete br-lan");
        Programs.run("ip route delete local " + FarSites.NETWORK + " dev lo");
        Programs.run("ip netns delete " + NAMESPACE);
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
