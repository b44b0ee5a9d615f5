package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Nebula with AES-256-GCM, the LANs as its unsafe networks. */
final class Nebula extends OtherTunnel {
    private static final String CONFIG =
            """
            pki: {ca: %s, cert: %s, key: %s}
            static_host_map: {"%s": ["%s:4242"]}
            lighthouse: {am_lighthouse: false, hosts: []}
            listen: {host: %s, port: 4242, batch: 64, read_buffer: 8388608, write_buffer: 8388608}
            punchy: {punch: false}
            cipher: aes
            tun:
              dev: %s
              mtu: %d
              tx_queue: 1000
              unsafe_routes: [{route: %s, via: %s}]
            logging: {level: error}
            firewall:
              outbound: [{port: any, proto: any, host: any}]
              inbound: [{port: any, proto: any, host: any}]
            """;

    Nebula(BenchNetwork network, Path directory) {
        super(network, directory);
    }

    @Override
    void prepare() throws IOException {
        Path authority = directory().resolve("ca.crt");
        Path authorityKey = directory().resolve("ca.key");
        Programs.run(
                "nebula-cert ca -name bench -out-crt %s -out-key %s"
                        .formatted(authority, authorityKey));
        for (Side side : Side.values()) {
            Path certificate = directory(side).resolve("host.crt");
            Path key = directory(side).resolve("host.key");
            Programs.run(
                    "nebula-cert sign -name %s -ip %s/24 -subnets %s -ca-crt %s -ca-key %s -out-crt %s -out-key %s"
                            .formatted(
                                    side.site(),
                                    side.tunnelAddress(),
                                    side.lan(),
                                    authority,
                                    authorityKey,
                                    certificate,
                                    key));
            Side other = side.other();
            Files.writeString(
                    config(side),
                    CONFIG.formatted(
                            authority,
                            certificate,
                            key,
                            other.tunnelAddress(),
                            other.wanAddress(),
                            side.wanAddress(),
                            device(side),
                            MTU,
                            other.lan(),
                            other.tunnelAddress()));
        }
    }

    private Path config(Side side) throws IOException {
        return directory(side).resolve("nebula.yaml");
    }

    @Override
    List<String> program(Side side) throws IOException {
        return List.of("nebula", "-config", config(side).toString());
    }

    @Override
    void configure(Side side) {
        // It gives its device address and routes by itself.
    }
}
