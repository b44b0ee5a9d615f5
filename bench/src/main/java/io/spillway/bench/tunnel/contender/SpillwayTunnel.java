package io.spillway.bench.tunnel.contender;

import io.spillway.crypto.CertifiedName;
import io.spillway.node.lab.LabAccount;
import io.spillway.node.lab.NamespaceProcess;
import io.spillway.node.lab.NodeCommand;
import io.spillway.node.lab.NodeProcess;
import io.spillway.node.lab.Readiness;
import io.spillway.node.lab.SiteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Our own: two sites that met at a PoP which is gone when they are measured, so that all traffic
 * takes the direct tunnel in state RECOVERY, with every step of the walk on.
 */
public final class SpillwayTunnel implements Tunnel {
    private static final String ACCOUNT = "bench";
    private static final String POP = "pop";
    private static final long FIRST_SITE_ID = 1001;
    private static final long READY_MS = 60_000;
    private static final long RECOVERY_MS = 10_000;
    private static final long START_MS = 20_000;
    private static final long CHECK_MS = 50;

    private static final String SITE_CONFIG =
            """
            site: {id: %d, name: %s, account: %s}
            identity: %s
            state: %s
            commandSocket: %s
            pops: [{name: %s, address: %s, tunnelPort: 443, channelPort: 443}]
            links: [{name: wan1, device: %s, address: %s, port: 20060, precedence: 1, mtu: %d}]
            lan:
              - port: spw-lan
                bridge: %s
                networks: [{name: office, vlan: 0, gateways: ["%s/24"]}]
            dataPlane: {cipher: %s}
            """;

    private static final String POP_CONFIG =
            """
            pop: {name: %s, account: %s}
            identity: %s
            state: %s
            commandSocket: %s
            listen: {address: %s, device: %s, tunnelPort: 443, channelPort: 443, mtu: 1500}
            dataPlane: {cipher: %s}
            """;

    private final SpillwayCipher cipher;
    private final List<String> javaOptions;
    private final BenchNetwork network;
    private final Path directory;
    private final LabAccount account;
    private final Map<Side, NodeProcess> sites = new EnumMap<>(Side.class);
    private NodeProcess pop;

    /**
     * @param javaOptions further ones for the sites; {@code %s} in them becomes the site's
     *     directory
     */
    public SpillwayTunnel(
            SpillwayCipher cipher, BenchNetwork network, Path directory, List<String> javaOptions)
            throws IOException {
        this.javaOptions = List.copyOf(javaOptions);
        this.cipher = cipher;
        this.network = network;
        this.directory = directory;
        this.account = LabAccount.create(directory.resolve("authority"), ACCOUNT);
    }

    @Override
    public void startFar() throws IOException, InterruptedException {
        network.bridgeLans();
        new PopBranch(network).build();
        pop = newPop();
        pop.start();
        for (Side side : Side.values()) {
            sites.put(side, newSite(side));
        }
        sites.get(Side.B).start();
        awaitConnected(sites.get(Side.B));
    }

    @Override
    public void startNear() throws IOException {
        sites.get(Side.A).start();
    }

    private NodeProcess newPop() throws IOException {
        Path identity = directory(POP).resolve("identity");
        account.identify(identity, CertifiedName.pop(ACCOUNT, POP));
        String text =
                POP_CONFIG.formatted(
                        POP,
                        ACCOUNT,
                        identity,
                        state(POP),
                        socket(POP),
                        PopBranch.ADDRESS,
                        PopBranch.DEVICE,
                        cipher.configured());
        return node(POP, PopBranch.NAMESPACE, "pop", text, List.of());
    }

    private NodeProcess newSite(Side side) throws IOException {
        String name = side.site();
        long id = FIRST_SITE_ID + side.ordinal();
        Path identity = directory(name).resolve("identity");
        account.identify(identity, CertifiedName.site(ACCOUNT, id, name));
        String text =
                SITE_CONFIG.formatted(
                        id,
                        name,
                        ACCOUNT,
                        identity,
                        state(name),
                        socket(name),
                        POP,
                        PopBranch.ADDRESS,
                        BenchNetwork.WAN_DEVICE,
                        side.wanAddress(),
                        network.wanMtu(),
                        BenchNetwork.LAN_BRIDGE,
                        side.gateway(),
                        cipher.configured());
        List<String> options =
                javaOptions.stream()
                        .map(option -> option.replace("%s", of(name).toString()))
                        .toList();
        return node(name, name, "site", text, options);
    }

    private NodeProcess node(
            String name, String namespace, String role, String config, List<String> options)
            throws IOException {
        Path file = Files.writeString(directory(name).resolve("node.yaml"), config);
        NodeCommand command = cipher.command().with(options);
        List<String> program = command.line(role, "--config", file.toString());
        return new NodeProcess(name, namespace, program, socket(name), log(name));
    }

    /** Ready by way of the PoP, then without it. */
    @Override
    public void settle() throws IOException, InterruptedException {
        await("ready", READY_MS, site -> Readiness.parse(site.ask("readiness")).isComplete(1));
        pop.kill();
        await(
                "in recovery",
                RECOVERY_MS,
                site -> SiteStatus.parse(site.ask("status")).isInRecovery());
        for (NodeProcess site : sites.values()) {
            String used = site.ask("status").path("cipher").asString("?");
            if (!used.equals(cipher.label())) {
                throw new IOException(
                        site.name() + " uses the cipher " + used + ", wanted " + cipher.label());
            }
        }
    }

    private void awaitConnected(NodeProcess site) throws IOException, InterruptedException {
        await(
                List.of(site),
                "connected to the PoP",
                START_MS,
                asked -> SiteStatus.parse(asked.ask("status")).isPopConnected());
    }

    private void await(String what, long timeoutMs, Condition condition)
            throws IOException, InterruptedException {
        await(List.copyOf(sites.values()), what, timeoutMs, condition);
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds(NodeProcess site) throws IOException;
    }

    private static void await(
            List<NodeProcess> sites, String what, long timeoutMs, Condition condition)
            throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        for (NodeProcess site : sites) {
            while (!holds(site, condition)) {
                if (!site.isAlive()) throw new IOException(site.name() + " ended by itself");
                if (System.nanoTime() - startNs > timeoutMs * 1_000_000) {
                    throw new IOException(
                            site.name() + " is not " + what + " after " + timeoutMs + " ms");
                }
                Thread.sleep(CHECK_MS);
            }
        }
    }

    /** A site that does not answer yet is not there yet. */
    private static boolean holds(NodeProcess site, Condition condition) {
        try {
            return condition.holds(site);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<NamespaceProcess> processes() {
        return List.copyOf(sites.values());
    }

    /** The process of one site. */
    public NodeProcess site(Side side) {
        return sites.get(side);
    }

    /** Where a site keeps its configuration, log and what its Java options name. */
    public Path directory(Side side) throws IOException {
        return directory(side.site());
    }

    /** One answer of one site, for what else is to be checked. */
    public JsonNode ask(Side side, String question) throws IOException {
        return sites.get(side).ask(question);
    }

    @Override
    public String lastWords() {
        return all().map(node -> "--- " + node.name() + "\n" + node.lastWords())
                .collect(Collectors.joining("\n"));
    }

    private Stream<NodeProcess> all() {
        return Stream.concat(Stream.ofNullable(pop), sites.values().stream());
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(of(name));
    }

    private Path of(String name) {
        return directory.resolve(name);
    }

    private Path state(String name) throws IOException {
        return Files.createDirectories(directory(name).resolve("state"));
    }

    private Path socket(String name) throws IOException {
        return directory(name).resolve("command.sock");
    }

    private Path log(String name) throws IOException {
        return directory(name).resolve("log");
    }

    @Override
    public void close() {
        all().forEach(NodeProcess::terminate);
        all().forEach(NodeProcess::close);
    }
}
