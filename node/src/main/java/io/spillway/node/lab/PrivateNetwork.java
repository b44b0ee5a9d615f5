package io.spillway.node.lab;

import java.io.IOException;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.stream.Stream;

/** The launcher gives a lab a network of its own, in which nothing but the loopback is there. */
public final class PrivateNetwork {
    private PrivateNetwork() {}

    /**
     * Empty in such a network; else for people, what is wrong.
     *
     * @param command that starts it right
     */
    public static Optional<String> obstacle(String command) throws IOException {
        try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
            for (NetworkInterface each : all.toList()) {
                if (each.isUp() && !each.isLoopback()) {
                    return Optional.of(
                            "not in a network namespace of its own (%s is up): start it by the launcher, %s"
                                    .formatted(each.getName(), command));
                }
            }
        }
        return Optional.empty();
    }
}
