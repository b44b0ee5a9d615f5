package io.spillway.node;

import io.spillway.routing.fib.IpAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A checked {@code pop.yaml}. Immutable. Defaults stand in {@code pop.schema.json}.
 *
 * @param identity directory of the PoP's key and certificates
 * @param state directory of what survives a restart, the expected sites among it
 * @param authority directory of the account's certificate authority; null: no enrolment here
 * @param innerAddress source of its own ICMP errors; null: it sends none
 */
public record PopConfig(
        Pop pop,
        Path identity,
        Path state,
        Path commandSocket,
        Path authority,
        Listen listen,
        IpAddress innerAddress,
        Duration endOfStateTimeout,
        DataPlaneConfig dataPlane) {

    /** Reads and checks {@code file}; the exception lists all mistakes in it. */
    public static PopConfig read(Path file) throws ConfigException {
        return ConfigFile.POP.read(file);
    }

    public record Pop(String name, String account) {}

    /**
     * @param alternatePort takes tunnels too, and tells sites what their NAT does (D56)
     * @param mtu 0: the device's
     */
    public record Listen(
            InetAddress address,
            String device,
            int tunnelPort,
            int alternatePort,
            int channelPort,
            int mtu) {}
}
