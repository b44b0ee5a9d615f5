package io.spillway.bench.scale;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.node.channel.ChannelThread;
import io.spillway.routing.fib.Prefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One PoP, the product's own process, and so many sites that attach to it at once: with the
 * product's channel and its waits, and real data tunnels over each link.
 */
final class ReturnRun {
    private static final long PROBE_NS = 100_000_000L;
    private static final long COMPLETE_MS = 300_000;
    private static final long GONE_MS = 2_000;
    private static final long CHECK_MS = 20;

    private static final String CONFIG =
            """
            pop: {name: %s, account: %s}
            identity: %s
            state: %s
            commandSocket: %s
            listen: {address: %s, device: wan0, tunnelPort: %d, channelPort: %d, mtu: 1500}
            """;

    private final int sites;
    private final int links;
    private final int routes;
    private final Path directory;
    private final Consumer<String> progress;
    private final FarAccount account;
    private final ReturnSite.Tally tally = new ReturnSite.Tally();
    private final FarTunnel.Tally tunnelTally = new FarTunnel.Tally();
    private final List<ReturnSite> all = new ArrayList<>();

    /**
     * @param routes that each site advertises
     * @param directory for everything; a fresh one
     */
    ReturnRun(int sites, int links, int routes, Path directory, Consumer<String> progress)
            throws IOException {
        this.sites = sites;
        this.links = links;
        this.routes = routes;
        this.directory = directory;
        this.progress = progress;
        account = new FarAccount(directory);
    }

    ReturnFigures run() throws IOException, InterruptedException {
        LocalNode.prepareNetwork(1);
        try (FarNetwork network = new FarNetwork();
                ChannelThread channels = ChannelThread.start();
                LocalNode pop = new LocalNode("pop", place())) {
            try {
                return measure(network, channels, pop);
            } finally {
                all.forEach(ReturnSite::close); // before their channels' thread ends
            }
        } finally {
            LocalNode.forgetNetwork();
        }
    }

    private ReturnFigures measure(FarNetwork network, ChannelThread channels, LocalNode pop)
            throws IOException, InterruptedException {
        List<Identity> identities = new ArrayList<>();
        for (int number = 0; number < sites; number++) {
            identities.add(account.site(FarSites.id(number), FarSites.name(number)));
        }
        long firstNs = System.nanoTime();
        pop.process().start();
        for (int number = 0; number < sites; number++) {
            all.add(site(network, channels, number, identities.get(number)));
        }
        double first = seconds(firstNs, await(pop, firstNs));
        progress.accept("all %d sites have everything after %.1f s".formatted(sites, first));

        pop.process().kill();
        Thread.sleep(GONE_MS);
        long bytesBefore = tally.bytes.get();
        long framesBefore = tally.frames.get();
        long startNs = System.nanoTime();
        pop.process().start();
        try (ControlWatch watch = new ControlWatch(pop.process())) {
            long completeNs = await(pop, startNs);
            return new ReturnFigures(
                    sites,
                    routes,
                    first,
                    seconds(startNs, completeNs),
                    seconds(startNs, latest(ReturnSite::upSinceNs)),
                    (tally.bytes.get() - bytesBefore) / (double) (1 << 20),
                    tally.frames.get() - framesBefore,
                    watch.longestMs());
        }
    }

    private ReturnSite site(
            FarNetwork network, ChannelThread channels, int number, Identity identity)
            throws IOException {
        HandshakeFactory handshakes = FarAccount.handshakes(identity);
        List<InetSocketAddress> ends = new ArrayList<>();
        List<FarTunnel> tunnels = new ArrayList<>();
        for (int link = 0; link < links; link++) {
            InetSocketAddress end = FarSites.end(number, link);
            ends.add(end);
            var role = new FarTunnel.Role(FarSites.id(number), link, true, PROBE_NS);
            tunnels.add(
                    new FarTunnel(
                            network,
                            network.open(end),
                            FarSites.ownPop(),
                            handshakes,
                            role,
                            tunnelTally));
        }
        List<Prefix> prefixes = new ArrayList<>();
        for (int route = 0; route < routes; route++) {
            prefixes.add(Prefix.ofIpv4(11 << 24 | (number * routes + route) << 4, 28));
        }
        return new ReturnSite(number, sites, prefixes, ends, tunnels, identity, channels, tally);
    }

    /** When the last of all had everything, by what began since. */
    private long await(LocalNode pop, long sinceNs) throws IOException, InterruptedException {
        while (true) {
            long missing =
                    all.stream()
                            .filter(
                                    site ->
                                            !isSince(site.completeNs(), sinceNs)
                                                    || !isSince(site.upSinceNs(), sinceNs))
                            .count();
            if (missing == 0) {
                return latest(ReturnSite::completeNs);
            }
            if (!pop.process().isAlive() || System.nanoTime() - sinceNs > COMPLETE_MS * 1_000_000) {
                throw new IOException(
                        "%d of %d sites lack something%n%s"
                                .formatted(missing, sites, pop.process().lastWords()));
            }
            Thread.sleep(CHECK_MS);
        }
    }

    private static boolean isSince(long ns, long sinceNs) {
        return ns != 0 && ns - sinceNs > 0;
    }

    private long latest(ToLongFunction<ReturnSite> time) {
        return all.stream().mapToLong(time).max().orElseThrow();
    }

    private static double seconds(long fromNs, long toNs) {
        return (toNs - fromNs) / 1e9;
    }

    private Path place() throws IOException {
        Path place = Files.createDirectories(directory.resolve("measured"));
        String config =
                CONFIG.formatted(
                        FarAccount.POP,
                        FarAccount.NAME,
                        account.identify(CertifiedName.pop(FarAccount.NAME, FarAccount.POP)),
                        Files.createDirectories(place.resolve("state")),
                        LocalNode.socket(place),
                        FarSites.ownAddress(0),
                        FarSites.POP_PORT,
                        FarSites.POP_PORT);
        Files.writeString(place.resolve("node.yaml"), config);
        return place;
    }
}
