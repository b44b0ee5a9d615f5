package io.spillway.bench.tunnel.contender;

import io.spillway.bench.tunnel.load.Host;
import io.spillway.node.lab.NamespaceProcess;
import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Somebody else's tunnel: a daemon at each site with a TUN device, to which the kernel routes.
 * Subclasses say how it is configured.
 */
abstract class OtherTunnel implements Tunnel {
    /** Fits a WAN of 1500 with the overhead of each of them. */
    static final int MTU = 1420;

    private static final long DEVICE_MS = 5_000;
    private static final long CHECK_MS = 5;
    private final BenchNetwork network;
    private final Path directory;
    private final Map<Side, NamespaceProcess> daemons = new EnumMap<>(Side.class);

    /**
     * @param directory exists, for its configuration and logs
     */
    OtherTunnel(BenchNetwork network, Path directory) {
        this.network = network;
        this.directory = directory;
    }

    /** Makes keys and configuration of both ends. */
    abstract void prepare() throws IOException;

    /** The daemon's command line; it stays in the foreground. */
    abstract List<String> program(Side side) throws IOException;

    /** When the device is there: gives it what the daemon does not. */
    abstract void configure(Side side) throws IOException, InterruptedException;

    @Override
    public final void startFar() throws IOException, InterruptedException {
        network.routeLans();
        prepare();
        start(Side.B);
    }

    @Override
    public final void startNear() throws IOException, InterruptedException {
        start(Side.A);
    }

    private void start(Side side) throws IOException, InterruptedException {
        List<String> program = new ArrayList<>();
        program.addAll(List.of("nice", "-n", Integer.toString(Host.NICENESS)));
        program.addAll(program(side));
        NamespaceProcess daemon =
                new NamespaceProcess(side.site(), side.site(), program, log(side));
        daemons.put(side, daemon);
        daemon.start();
        awaitDevice(side);
        configure(side);
        in(side, "ip link set " + device(side) + " mtu " + MTU + " up");
        in(side, "ip route replace " + side.other().lan() + " dev " + device(side));
    }

    private void awaitDevice(Side side) throws IOException, InterruptedException {
        List<String> show = List.of("ip", "-n", side.site(), "link", "show", device(side));
        await(side, "no device " + device(side), () -> Programs.outcome(show).status() == 0);
    }

    /** Something the daemon does after its start. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * @throws IOException saying what is not, when the daemon ends or takes too long
     */
    final void await(Side side, String otherwise, Condition condition)
            throws IOException, InterruptedException {
        for (long waitedMs = 0; !condition.holds(); waitedMs += CHECK_MS) {
            if (!daemons.get(side).isAlive()) throw new IOException(side.site() + " ended");
            if (waitedMs > DEVICE_MS) throw new IOException(side.site() + ": " + otherwise);
            Thread.sleep(CHECK_MS);
        }
    }

    /** Nothing: it is as it will be. */
    @Override
    public final void settle() {
        // No other state to come into.
    }

    @Override
    public final List<NamespaceProcess> processes() {
        return List.copyOf(daemons.values());
    }

    @Override
    public final String lastWords() {
        return daemons.values().stream()
                .map(daemon -> "--- " + daemon.name() + "\n" + daemon.lastWords())
                .collect(Collectors.joining("\n"));
    }

    /** The TUN device's name; both ends differ since some daemons make files of it. */
    final String device(Side side) {
        return "tun-" + side.letter();
    }

    /** The directory of one end. */
    final Path directory(Side side) throws IOException {
        return Files.createDirectories(directory.resolve(side.letter()));
    }

    final Path directory() {
        return directory;
    }

    private Path log(Side side) throws IOException {
        return directory(side).resolve("log");
    }

    final void in(Side side, String commandLine) throws IOException {
        network.in(side.site(), commandLine);
    }

    @Override
    public final void close() {
        daemons.values().forEach(NamespaceProcess::terminate);
        daemons.values().forEach(NamespaceProcess::close);
    }
}
