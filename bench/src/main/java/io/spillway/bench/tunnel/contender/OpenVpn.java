package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenVPN in user space, tuned: UDP, AES-128-GCM, big buffers, no compression, no ticking. */
final class OpenVpn extends OtherTunnel {
    private static final int BUFFER_LENGTH = 8 << 20;
    private static final String CONFIG =
            """
            dev %s
            dev-type tun
            disable-dco
            proto udp
            local %s
            remote %s
            port 1194
            ifconfig %s %s
            tun-mtu %d
            mssfix 0
            txqueuelen 1000
            fast-io
            sndbuf %d
            rcvbuf %d
            data-ciphers AES-128-GCM
            %s
            cert %s
            key %s
            peer-fingerprint %s
            %s
            reneg-sec 0
            connect-retry 1 1
            verb 1
            """;

    OpenVpn(BenchNetwork network, Path directory) {
        super(network, directory);
    }

    @Override
    void prepare() throws IOException {
        for (Side side : Side.values()) {
            Programs.run(
                    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
                            + " -days 2 -subj /CN=%s -keyout %s -out %s"
                                    .formatted(side.site(), key(side), certificate(side)));
        }
        for (Side side : Side.values()) {
            Files.writeString(config(side), config(side, fingerprint(side.other())));
        }
    }

    private String config(Side side, String fingerprint) throws IOException {
        return CONFIG.formatted(
                device(side),
                side.wanAddress(),
                side.other().wanAddress(),
                side.tunnelAddress(),
                side.other().tunnelAddress(),
                MTU,
                BUFFER_LENGTH,
                BUFFER_LENGTH,
                side == Side.A ? "tls-client" : "tls-server",
                certificate(side),
                key(side),
                fingerprint,
                side == Side.A ? "" : "dh none");
    }

    private String fingerprint(Side side) throws IOException {
        String text =
                Programs.run("openssl x509 -noout -fingerprint -sha256 -in " + certificate(side));
        return text.substring(text.indexOf('=') + 1).strip();
    }

    private Path key(Side side) throws IOException {
        return directory(side).resolve("key.pem");
    }

    private Path certificate(Side side) throws IOException {
        return directory(side).resolve("certificate.pem");
    }

    private Path config(Side side) throws IOException {
        return directory(side).resolve("openvpn.conf");
    }

    @Override
    List<String> program(Side side) throws IOException {
        return List.of("openvpn", "--config", config(side).toString());
    }

    @Override
    void configure(Side side) {
        // It gives its device the address by itself.
    }
}
