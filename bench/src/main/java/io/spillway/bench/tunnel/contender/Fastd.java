package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** fastd in TUN mode with Salsa20/12 and UMAC, the fastest of its methods that still encrypts. */
final class Fastd extends OtherTunnel {
    private static final int PORT = 10000;
    private static final String CONFIG =
            """
            log level warn;
            bind %s:%d;
            mode tun;
            interface "%s";
            mtu %d;
            method "salsa2012+umac";
            secret "%s";
            peer "%s" { key "%s"; remote %s:%d; }
            """;

    private record Keys(String secret, String open) {}

    Fastd(BenchNetwork network, Path directory) {
        super(network, directory);
    }

    @Override
    void prepare() throws IOException {
        Map<Side, Keys> keys = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            String text = Programs.run("fastd --generate-key");
            keys.put(side, new Keys(after(text, "Secret: "), after(text, "Public: ")));
        }
        for (Side side : Side.values()) {
            Side other = side.other();
            Files.writeString(
                    config(side),
                    CONFIG.formatted(
                            side.wanAddress(),
                            PORT,
                            device(side),
                            MTU,
                            keys.get(side).secret(),
                            other.site(),
                            keys.get(other).open(),
                            other.wanAddress(),
                            PORT));
        }
    }

    private static String after(String text, String label) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(label))
                .findFirst()
                .orElseThrow(() -> new IOException("fastd --generate-key: no line " + label))
                .substring(label.length())
                .strip();
    }

    private Path config(Side side) throws IOException {
        return directory(side).resolve("fastd.conf");
    }

    @Override
    List<String> program(Side side) throws IOException {
        return List.of("fastd", "--config", config(side).toString());
    }

    @Override
    void configure(Side side) {
        // One peer: whatever is routed to the device goes there.
    }
}
