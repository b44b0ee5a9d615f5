package io.spillway.node.setup;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spillway.node.lab.NodeCommand;
import io.spillway.node.site.RouterHost;
import io.spillway.tap.NetworkNamespace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;

/**
 * A machine that is to become a site: two WAN devices with addresses and gateways, one for the LAN.
 *
 * <pre>
 *   lan0 │ 198.51.100.2/30 wan0, default route, fixed in the configuration
 *        │ 192.0.2.2/30    wan1, default route with a worse metric, strict reverse path filter
 * </pre>
 */
final class SetupNetwork {
    private static final long WAIT_MS = 60_000;

    static final String BRIDGE_NETFILTER = "net.bridge.bridge-nf-call-iptables";

    private static final String SITE =
            """
            site: {id: 1001, name: berlin, account: acme}
            pops: [{name: frankfurt, address: 203.0.113.10}]
            links:
              - {name: fibre, device: wan0, address: 198.51.100.2, port: 20060}
              - {name: lte, device: wan1, port: 20068}
            lan: [{port: spw-lan, bridge: br-lan, networks: [{name: office, gateways: [10.1.0.1/24]}]}]
            """;

    private final Path config;
    private final Path state;
    private final StringWriter said = new StringWriter();
    private RouterHost machine;

    SetupNetwork(Path directory) throws Exception {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        if (!isRoot && "true".equals(System.getenv("CI"))) {
            fail("namespaces need root");
        }
        if (!isRoot) {
            System.out.println("skipped: namespaces need root");
        }
        assumeTrue(isRoot, "namespaces need root");
        config = Files.writeString(directory.resolve("site.yaml"), SITE);
        state = directory.resolve("state");
        machine = build();
    }

    private static RouterHost build() throws Exception {
        RouterHost machine = new RouterHost();
        for (String device : List.of("lan0", "wan0", "wan1")) {
            machine.run("ip link add " + device + " type veth peer name far-" + device);
            machine.run("ip link set far-" + device + " up");
        }
        machine.run("ip address add 198.51.100.2/30 dev wan0");
        machine.run("ip address add 192.0.2.2/30 dev wan1");
        machine.run("ip link set wan0 up");
        machine.run("ip link set wan1 up");
        machine.run("ip route add default via 198.51.100.1 dev wan0");
        machine.run("ip route add default via 192.0.2.1 dev wan1 metric 10");
        machine.run("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.wan0.rp_filter=0");
        machine.run("sysctl -qw net.ipv4.conf.wan1.rp_filter=1");
        machine.run("sysctl -eqw " + BRIDGE_NETFILTER + "=0 net.bridge.bridge-nf-call-ip6tables=0");
        return machine;
    }

    /** The machine loses all that its kernel knew. */
    void restart() throws Exception {
        machine.close();
        machine = build();
    }

    /** Exit status of {@code spillway setup}, in this process. */
    int setup(String typed, String... arguments) throws Exception {
        said.getBuffer().setLength(0);
        var input = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
        return inside(call(input, new PrintWriter(said, true), arguments)).get();
    }

    /** The same, and nobody types anything. */
    Future<Integer> beginSetup(String... arguments) {
        InputStream silent = new ByteArrayInputStream(new byte[0]);
        return inside(call(silent, new PrintWriter(new StringWriter()), arguments));
    }

    private Callable<Integer> call(InputStream typed, PrintWriter out, String... arguments) {
        CommandLine command =
                new CommandLine(new SetupCommand(typed))
                        .setOut(out)
                        .setErr(out)
                        .setExecutionExceptionHandler((e, _, _) -> inOneLine(e, out));
        return () -> command.execute(line(arguments));
    }

    /** As the program does it. */
    private static int inOneLine(Exception e, PrintWriter out) {
        out.println(e.getMessage());
        return e instanceof IOException ? 1 : 2;
    }

    /** As a program of its own, to which nobody types. */
    Process startSetup(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("setup"));
        line.addAll(List.of(line(arguments)));
        return machine.start(NodeCommand.product().line(line.toArray(String[]::new)));
    }

    private String[] line(String... arguments) {
        List<String> line = new ArrayList<>(List.of("--config=" + config, "--state=" + state));
        line.addAll(List.of(arguments));
        return line.toArray(String[]::new);
    }

    /** Output and errors of the last one. */
    String said() {
        return said.toString();
    }

    Path state() {
        return state;
    }

    /** Whether the state has that file. */
    boolean has(String name) {
        return Files.exists(state.resolve(name));
    }

    String run(String command) throws Exception {
        return machine.run(command);
    }

    /** All that an ended program said. */
    static String output(Process ended) {
        try {
            return new String(ended.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that a setup may change. */
    String picture() throws Exception {
        String links = run("ip -o link show");
        StringBuilder picture = new StringBuilder();
        for (String line : links.lines().toList()) {
            String[] words = line.split(" ");
            boolean isUp = line.contains(",UP") || line.contains("<UP");
            boolean isPort = line.contains(" master ");
            String master = isPort ? line.replaceAll(".* master (\\S+).*", " in $1") : "";
            picture.append(words[1]).append(isUp).append(master).append('\n');
        }
        return picture
                + run("ip -4 -o address show")
                + run("ip rule show")
                + run("ip -4 route show table all type unicast")
                + run("nft list tables")
                + "rp_filter "
                + run("sysctl -n net.ipv4.conf.wan1.rp_filter");
    }

    static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void await(String what, Callable<Boolean> holds) throws Exception {
        long endMs = System.currentTimeMillis() + WAIT_MS;
        while (!holds.call()) {
            if (System.currentTimeMillis() > endMs) {
                fail("not seen: " + what + "\n" + picture());
            }
            Thread.sleep(20);
        }
    }

    private <T> Future<T> inside(Callable<T> body) {
        FutureTask<T> task =
                new FutureTask<>(
                        () -> {
                            NetworkNamespace.enter(machine.namespace());
                            return body.call();
                        });
        Thread.ofPlatform().name("setup").start(task);
        return task;
    }

    void close() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }
}
