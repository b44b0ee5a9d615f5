package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One row of the comparison.
 *
 * @param isOurs is it Spillway
 * @param programs it needs; it is skipped where one is missing
 * @param versionCommand prints its version in the first line; empty: it has none of its own
 */
public record Contender(
        String name,
        boolean isOurs,
        List<String> programs,
        List<String> versionCommand,
        Factory factory) {

    public static final String KERNEL = "kernel";

    public Contender {
        programs = List.copyOf(programs);
        versionCommand = List.copyOf(versionCommand);
    }

    /** Makes the tunnel, not yet started. */
    @FunctionalInterface
    public interface Factory {
        Tunnel create(BenchNetwork network, Path directory) throws IOException;
    }

    /** All that are known, in the order of the table. */
    public static List<Contender> all() {
        return List.of(
                new Contender(
                        KERNEL,
                        false,
                        List.of(),
                        List.of(),
                        (network, directory) -> new KernelForwarding(network)),
                ours(SpillwayCipher.NULL),
                ours(SpillwayCipher.IPSECMB),
                ours(SpillwayCipher.OPENSSL),
                ours(SpillwayCipher.JCE),
                other(
                        "wireguard-go",
                        List.of("wireguard-go", "wg"),
                        List.of("wireguard-go", "--version"),
                        WireGuardGo::new),
                other(
                        "openvpn",
                        List.of("openvpn", "openssl"),
                        List.of("openvpn", "--version"),
                        OpenVpn::new),
                other(
                        "nebula",
                        List.of("nebula", "nebula-cert"),
                        List.of("nebula", "-version"),
                        Nebula::new),
                other("tinc", List.of("tincd"), List.of("tincd", "--version"), Tinc::new),
                other("fastd", List.of("fastd"), List.of("fastd", "--version"), Fastd::new));
    }

    private static Contender ours(SpillwayCipher cipher) {
        return new Contender(
                "spillway-" + cipher.row(),
                true,
                List.of(),
                List.of(),
                (network, directory) -> new SpillwayTunnel(cipher, network, directory, List.of()));
    }

    private static Contender other(
            String name, List<String> programs, List<String> version, Factory factory) {
        return new Contender(name, false, programs, version, factory);
    }

    /** Programs that are not on this machine. */
    public List<String> missing() {
        return programs.stream().filter(program -> !isInPath(program)).toList();
    }

    private static boolean isInPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** In its own words. */
    public String version() throws IOException {
        if (versionCommand.isEmpty()) return "";
        return Programs.outcome(versionCommand)
                .output()
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("")
                .strip();
    }
}
