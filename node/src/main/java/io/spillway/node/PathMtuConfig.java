package io.spillway.node;

import java.time.Duration;

/**
 * How tunnels find out what their paths carry.
 *
 * @param raiseInterval between attempts to send larger packets
 */
public record PathMtuConfig(Duration raiseInterval) {
    private static final Duration RAISE_MIN = Duration.ofSeconds(1);
    private static final Duration RAISE_MAX = Duration.ofHours(1);

    void check(ConfigTree tree) {
        if (raiseInterval.compareTo(RAISE_MIN) < 0 || raiseInterval.compareTo(RAISE_MAX) > 0) {
            tree.mistake(
                    "pmtu.raiseInterval", DurationText.of(raiseInterval) + ": expected 1s..1h");
        }
    }
}
