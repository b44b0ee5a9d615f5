package io.spillway.bench.scale;

import io.spillway.bench.tunnel.ProcessCost;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.node.lab.SiteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One appliance, the product's own process with real sockets, handshakes and records, and so many
 * peers, whose far ends are real too but simple, and share one process.
 */
final class ScaleRun {
    private static final long UP_MS = 180_000;
    private static final long CLOUD_MS = 120_000;

    /** Old keys go after 30 s, keep-alives find together, compilers have nothing left to do. */
    private static final long SETTLE_MS = 150_000;

    private static final long REST_MS = 3_000;
    private static final long CHECK_MS = 20;
    private static final long TELL_NS = 5_000_000_000L;
    private static final int EMPTY_SECONDS = 20;

    private static final String CONFIG =
            """
            site: {id: %d, name: appliance, account: %s}
            identity: %s
            state: %s
            commandSocket: %s
            pops: [{name: %s, address: %s, tunnelPort: %d, channelPort: %d}]
            links: [%s]
            lan:
              - port: spw-lan
                bridge: br-lan
                networks: [{name: office, vlan: 0, gateways: [192.168.77.1/24]}]
            """;

    private final int peers;
    private final int links;
    private final int idleSeconds;
    private final Path directory;
    private final FarAccount account;
    private final Identity pop;
    private final Consumer<String> progress;
    private final FarTunnel.Tally toPop = new FarTunnel.Tally();
    private final FarTunnel.Tally toPeers = new FarTunnel.Tally();
    private final List<FarTunnel> tunnels = new ArrayList<>();
    private final List<FarTunnel> popTunnels = new ArrayList<>();

    /**
     * @param directory for everything; a fresh one
     * @param progress a line for people now and then
     */
    ScaleRun(int peers, int links, int idleSeconds, Path directory, Consumer<String> progress)
            throws IOException {
        this.peers = peers;
        this.links = links;
        this.idleSeconds = idleSeconds;
        this.directory = directory;
        this.progress = progress;
        account = new FarAccount(directory);
        pop = account.pop();
    }

    /** All there is to measure. */
    ScaleFigures run() throws IOException, InterruptedException {
        return inNetwork(this::measure);
    }

    /** Nothing at rest. */
    StartFigures runStarts() throws IOException, InterruptedException {
        return inNetwork(() -> start(_ -> {}));
    }

    private interface Measurement<T> {
        T take() throws IOException, InterruptedException;
    }

    private <T> T inNetwork(Measurement<T> measurement) throws IOException, InterruptedException {
        LocalNode.prepareNetwork(links);
        try (FarNetwork network = new FarNetwork()) {
            FarSocket popSocket = network.open(FarSites.farPop());
            HandshakeFactory popHandshakes = FarAccount.handshakes(pop);
            for (int link = 0; link < links; link++) {
                var role = new FarTunnel.Role(0, link, false, 0);
                popTunnels.add(
                        new FarTunnel(
                                network,
                                popSocket,
                                FarSites.own(link),
                                popHandshakes,
                                role,
                                toPop));
            }
            openPeers(network);
            return measurement.take();
        } finally {
            LocalNode.forgetNetwork();
        }
    }

    private void openPeers(FarNetwork network) throws IOException {
        for (int number = 0; number < peers; number++) {
            Identity identity = account.site(FarSites.id(number), FarSites.name(number));
            HandshakeFactory handshakes = FarAccount.handshakes(identity);
            for (int link = 0; link < links; link++) {
                FarSocket socket = network.open(FarSites.end(number, link));
                var role = new FarTunnel.Role(FarSites.id(number), link, false, 0);
                for (int own = 0; own < links; own++) {
                    tunnels.add(
                            new FarTunnel(
                                    network, socket, FarSites.own(own), handshakes, role, toPeers));
                }
            }
        }
    }

    private record Empty(LocalNode.Memory memory, double cpu) {}

    private record Rest(LocalNode.Memory memory, double cpu, double keepAlives, double echoes) {}

    /** What is done with an appliance whose tunnels all stand. */
    private interface AtRest {
        void look(LocalNode site) throws IOException, InterruptedException;
    }

    private ScaleFigures measure() throws IOException, InterruptedException {
        Empty empty = measureEmpty();
        AtomicReference<Rest> found = new AtomicReference<>();
        StartFigures starts = start(site -> found.set(measureRest(site)));
        Rest rest = found.get();
        return new ScaleFigures(
                (rest.memory().residentKib() - empty.memory().residentKib()) / tunnels.size(),
                (rest.memory().heapKib() - empty.memory().heapKib()) / tunnels.size(),
                rest.cpu(),
                empty.cpu(),
                idleSeconds,
                rest.keepAlives(),
                rest.echoes(),
                starts);
    }

    private StartFigures start(AtRest between) throws IOException, InterruptedException {
        try (LocalNode site = new LocalNode("site", place("full"))) {
            StartFigures.Start built;
            try (FarPop _ = new FarPop(pop, peers, links)) {
                built = startAndAwait(site);
                between.look(site);
            }
            site.process().kill();
            return new StartFigures(tunnels.size(), built, startAndAwait(site));
        }
    }

    private Rest measureRest(LocalNode site) throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MS);
        LocalNode.Memory memory = site.memory();
        Thread.sleep(REST_MS);
        long heard = toPeers.probesHeard.get();
        long echoed = toPeers.echoesHeard.get();
        double cpu = cpu(site, idleSeconds);
        double keepAlives = (toPeers.probesHeard.get() - heard) / (double) idleSeconds;
        double echoes = (toPeers.echoesHeard.get() - echoed) / (double) idleSeconds;
        requireUp();
        return new Rest(memory, cpu, keepAlives, echoes);
    }

    private Empty measureEmpty() throws IOException, InterruptedException {
        try (FarPop _ = new FarPop(pop, 0, links);
                LocalNode site = new LocalNode("site", place("empty"))) {
            site.process().start();
            awaitCloud(site);
            Thread.sleep(SETTLE_MS);
            LocalNode.Memory memory = site.memory();
            Thread.sleep(REST_MS);
            return new Empty(memory, cpu(site, EMPTY_SECONDS));
        }
    }

    private static double cpu(LocalNode site, int seconds)
            throws IOException, InterruptedException {
        double before = site.cpuSeconds();
        long startNs = System.nanoTime();
        Thread.sleep(seconds * 1000L);
        return (site.cpuSeconds() - before) / ((System.nanoTime() - startNs) / 1e9);
    }

    /** Until every peer has heard it under the keys of a session that began since. */
    private StartFigures.Start startAndAwait(LocalNode site)
            throws IOException, InterruptedException {
        double farBefore = ProcessCost.ownCpuSeconds();
        long startNs = System.nanoTime();
        long toldNs = startNs;
        site.process().start();
        while (countUp(startNs) < tunnels.size()) {
            long nowNs = System.nanoTime();
            if (!site.process().isAlive() || nowNs - startNs > UP_MS * 1_000_000) {
                throw new IOException(
                        "%d of %d tunnels stand%n%s"
                                .formatted(
                                        countUp(startNs),
                                        tunnels.size(),
                                        site.process().lastWords()));
            }
            if (nowNs - toldNs >= TELL_NS) {
                toldNs = nowNs;
                tell(startNs);
            }
            Thread.sleep(CHECK_MS);
        }
        tell(startNs);
        return new StartFigures.Start(
                (System.nanoTime() - startNs) / 1e9,
                site.cpuSeconds(),
                ProcessCost.ownCpuSeconds() - farBefore);
    }

    private void tell(long startNs) {
        double seconds = (System.nanoTime() - startNs) / 1e9;
        progress.accept("%d tunnels stand after %.1f s".formatted(countUp(startNs), seconds));
    }

    private long countUp(long startNs) {
        return tunnels.stream()
                .mapToLong(FarTunnel::upSinceNs)
                .filter(upNs -> upNs != 0 && upNs - startNs > 0)
                .count();
    }

    /** None broke while nothing happened: each session that there was is the first. */
    private void requireUp() throws IOException {
        if (toPeers.established.get() != tunnels.size()) {
            throw new IOException(
                    "%d sessions for %d tunnels"
                            .formatted(toPeers.established.get(), tunnels.size()));
        }
    }

    private static void awaitCloud(LocalNode site) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        while (!isConnected(site)) {
            if (!site.process().isAlive() || System.nanoTime() - startNs > CLOUD_MS * 1_000_000) {
                throw new IOException("no PoP\n" + site.process().lastWords());
            }
            Thread.sleep(CHECK_MS);
        }
    }

    private static boolean isConnected(LocalNode site) {
        try {
            return SiteStatus.parse(site.process().ask("status")).isPopConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Path place(String name) throws IOException {
        Path place = Files.createDirectories(directory.resolve(name));
        Path identity =
                account.identify(CertifiedName.site(FarAccount.NAME, FarSites.OWN_ID, "appliance"));
        List<String> linkLines = new ArrayList<>();
        for (int link = 0; link < links; link++) {
            linkLines.add(
                    "{name: %s, device: %s, address: %s, port: %d, precedence: 1, mtu: 1500}"
                            .formatted(
                                    FarSites.device(link),
                                    FarSites.device(link),
                                    FarSites.ownAddress(link),
                                    FarSites.PORT));
        }
        String config =
                CONFIG.formatted(
                        FarSites.OWN_ID,
                        FarAccount.NAME,
                        identity,
                        Files.createDirectories(place.resolve("state")),
                        LocalNode.socket(place),
                        FarAccount.POP,
                        FarSites.FAR_POP_ADDRESS,
                        FarSites.POP_PORT,
                        FarSites.POP_PORT,
                        String.join(", ", linkLines));
        Files.writeString(place.resolve("node.yaml"), config);
        return place;
    }
}
