package io.spillway.node.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Debian's FRR, zebra and bgpd, as a router on the LAN. */
final class FrrRouter {
    static final Path BGPD = Path.of("/usr/lib/frr/bgpd");
    private static final Path ZEBRA = Path.of("/usr/lib/frr/zebra");
    private static final long START_MAX_MS = 5_000;

    private final RouterHost host;
    private final Path directory;
    private Process zebra;
    private Process bgpd;

    FrrRouter(RouterHost host, Path directory, String config) throws Exception {
        this.host = host;
        this.directory = directory;
        // The daemons give up being root.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(directory.resolve("frr.conf"), config);
        start();
    }

    void start() throws Exception {
        zebra = host.start(daemon(ZEBRA, "zebra"));
        await(directory.resolve("zserv.api"));
        bgpd = host.start(daemon(BGPD, "bgpd"));
        await(directory.resolve("bgpd.vty"));
    }

    private List<String> daemon(Path program, String name) {
        return List.of(
                program.toString(),
                "-f",
                directory.resolve("frr.conf").toString(),
                "-i",
                directory.resolve(name + ".pid").toString(),
                "-z",
                directory.resolve("zserv.api").toString(),
                "--vty_socket",
                directory.toString(),
                "-u",
                "frr",
                "-g",
                "frr");
    }

    private static void await(Path socket) throws Exception {
        for (long waitedMs = 0; !Files.exists(socket) && waitedMs < START_MAX_MS; waitedMs += 20) {
            Thread.sleep(20);
        }
    }

    /** As after a power failure: nobody is told. */
    void crash() throws Exception {
        for (Process daemon : List.of(bgpd, zebra)) {
            daemon.destroyForcibly().waitFor();
        }
        Files.deleteIfExists(directory.resolve("zserv.api"));
        Files.deleteIfExists(directory.resolve("bgpd.vty"));
    }

    String show(String command) throws Exception {
        return vtysh(List.of(command));
    }

    void configure(String... lines) throws Exception {
        List<String> all = new ArrayList<>();
        all.add("configure terminal");
        all.addAll(List.of(lines));
        vtysh(all);
    }

    private String vtysh(List<String> commands) throws Exception {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("vtysh", "--vty_socket", directory.toString(), "-d", "bgpd"));
        commands.forEach(each -> command.addAll(List.of("-c", each)));
        return host.run(command);
    }
}
