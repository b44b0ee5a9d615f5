package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** WireGuard in user space. */
final class WireGuardGo extends OtherTunnel {
    private static final int PORT = 51820;
    private static final String CONFIG =
            """
            [Interface]
            PrivateKey = %s
            ListenPort = %d
            [Peer]
            PublicKey = %s
            AllowedIPs = 0.0.0.0/0
            Endpoint = %s:%d
            """;

    WireGuardGo(BenchNetwork network, Path directory) {
        super(network, directory);
    }

    @Override
    void prepare() throws IOException {
        Map<Side, String> keys = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            keys.put(side, Programs.run("wg genkey").strip());
        }
        for (Side side : Side.values()) {
            String peer = publicKey(keys.get(side.other()));
            String address = side.other().wanAddress();
            String text = CONFIG.formatted(keys.get(side), PORT, peer, address, PORT);
            Files.writeString(config(side), text);
        }
    }

    private static String publicKey(String key) throws IOException {
        return Programs.run(List.of("sh", "-c", "echo " + key + " | wg pubkey")).strip();
    }

    private Path config(Side side) throws IOException {
        return directory(side).resolve("wg.conf");
    }

    @Override
    List<String> program(Side side) {
        return List.of("env", "LOG_LEVEL=error", "wireguard-go", "--foreground", device(side));
    }

    @Override
    void configure(Side side) throws IOException, InterruptedException {
        Path socket = Path.of("/var/run/wireguard", device(side) + ".sock");
        await(side, "no control socket " + socket, () -> Files.exists(socket));
        in(side, "wg setconf " + device(side) + " " + config(side));
    }
}
