package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** tinc 1.0 in router mode with the fastest of its methods that still encrypts and signs. */
final class Tinc extends OtherTunnel {
    private static final String NAME = "site_";
    private static final String CONFIG =
            """
            Name = %s
            Interface = %s
            DeviceType = tun
            Mode = router
            AddressFamily = ipv4
            BindToAddress = %s
            UDPRcvBuf = 8388608
            UDPSndBuf = 8388608
            PingInterval = 3600
            MaxTimeout = 1
            %s
            """;

    private static final String HOST =
            """
            Address = %s
            Subnet = %s
            Cipher = aes-128-cbc
            Digest = sha1
            Compression = 0
            PMTU = %d
            """;

    Tinc(BenchNetwork network, Path directory) {
        super(network, directory);
    }

    @Override
    void prepare() throws IOException {
        for (Side side : Side.values()) {
            String connect = side == Side.A ? "ConnectTo = " + name(Side.B) : "";
            Path home = directory(side);
            Files.createDirectories(home.resolve("hosts"));
            Files.writeString(
                    home.resolve("tinc.conf"),
                    CONFIG.formatted(name(side), device(side), side.wanAddress(), connect));
            Files.writeString(host(side, side), HOST.formatted(side.wanAddress(), side.lan(), MTU));
            // Without a terminal it asks nothing; it adds the public key to its own host file.
            Programs.run("tincd --config=" + home + " --generate-keys=2048");
        }
        for (Side side : Side.values()) {
            Files.write(
                    host(side.other(), side),
                    Files.readAllBytes(host(side, side)),
                    StandardOpenOption.CREATE);
        }
    }

    private static String name(Side side) {
        return NAME + side.letter();
    }

    /** The file by which {@code owner} knows {@code subject}. */
    private Path host(Side owner, Side subject) throws IOException {
        return directory(owner).resolve("hosts").resolve(name(subject));
    }

    @Override
    List<String> program(Side side) throws IOException {
        return List.of(
                "tincd",
                "--no-detach",
                "--config=" + directory(side),
                "--pidfile=" + directory(side).resolve("pid"));
    }

    @Override
    void configure(Side side) {
        // Subnets are in its files; the device needs no address.
    }
}
