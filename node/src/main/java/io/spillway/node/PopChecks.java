package io.spillway.node;

import java.time.Duration;

/** What must hold between the values of a {@code pop.yaml} and no schema can say. */
final class PopChecks {

    private static final Duration END_OF_STATE_MAX = Duration.ofMinutes(10);

    static void check(PopConfig config, ConfigTree tree) {
        Duration timeout = config.endOfStateTimeout();
        if (timeout.isZero() || timeout.compareTo(END_OF_STATE_MAX) > 0) {
            tree.mistake("endOfStateTimeout", DurationText.of(timeout) + ": expected 1ms..10m");
        }
        int alternate = config.listen().alternatePort();
        if (alternate == config.listen().tunnelPort()) {
            tree.mistake(
                    "listen.alternatePort", alternate + ": expected another port than tunnelPort");
        }
        config.dataPlane().check(tree);
        int portThreads = config.dataPlane().portThreads();
        if (portThreads > 0) {
            tree.mistake("dataPlane.portThreads", portThreads + ": a PoP has no LAN ports");
        }
    }

    private PopChecks() {}
}
