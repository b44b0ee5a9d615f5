package io.spillway.node.channel;

import java.time.Duration;

/**
 * How long things may take on a channel.
 *
 * @param pingInterval between two pings of the site
 * @param idleTimeout without a byte from the far side, or with one that it does not acknowledge,
 *     after which a connection is ended
 * @param handshakeTimeout of the TCP connection, of TLS, and of an enrolment each
 * @param backoffFirst before the first attempt to reconnect
 * @param backoffMax of the doubling waits; a connection that lasted as long starts them over
 */
public record ChannelTiming(
        Duration pingInterval,
        Duration idleTimeout,
        Duration handshakeTimeout,
        Duration backoffFirst,
        Duration backoffMax) {

    public static final ChannelTiming DEFAULT =
            new ChannelTiming(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5));

    public ChannelTiming {
        if (idleTimeout.compareTo(pingInterval) <= 0) {
            throw new IllegalArgumentException(
                    "idle time-out " + idleTimeout + " within one ping interval " + pingInterval);
        }
    }
}
