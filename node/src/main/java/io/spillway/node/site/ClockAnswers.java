package io.spillway.node.site;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** The part of {@code status} that tells the time, and how wrong the machine's clock was found. */
final class ClockAnswers {
    private ClockAnswers() {}

    static void describe(ObjectNode node, SiteClock clock) {
        node.put("time", clock.instant().toString());
        boolean isBelieved = !clock.isDeviating();
        node.put("machineClock", isBelieved ? "believed" : clock.machine() + ", not believed");
        if (!isBelieved) {
            node.put("goesOnFrom", clock.source().name());
        }
        if (clock.foundAtMs() != 0) {
            Duration deviation = clock.foundDeviation();
            node.put("foundWrong", Instant.ofEpochMilli(clock.foundAtMs()).toString());
            node.put(deviation.isNegative() ? "behindBy" : "aheadBy", text(deviation));
            node.put("deviationS", deviation.toSeconds());
        }
    }

    private static String text(Duration deviation) {
        return SiteClock.text(deviation.abs());
    }
}
