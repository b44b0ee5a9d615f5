package io.spillway.node.lab;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What the streams lost in a window of time. */
record Losses(Map<Direction, StreamLoss> byDirection) {
    /** Those of some directions. */
    Losses of(Predicate<Direction> which) {
        Map<Direction, StreamLoss> some = new LinkedHashMap<>(byDirection);
        some.keySet().removeIf(which.negate());
        return new Losses(some);
    }

    long lost() {
        return byDirection.values().stream().mapToLong(StreamLoss::lost).sum();
    }

    long arrived() {
        return byDirection.values().stream().mapToLong(loss -> loss.sent() - loss.lost()).sum();
    }

    /** The longest of any direction. */
    double outageMs() {
        return byDirection.values().stream().mapToDouble(StreamLoss::outageMs).max().orElse(0);
    }

    /** Each direction's outage. */
    void measureOutages(ScenarioResult.Builder result, double limitMs) {
        byDirection.forEach(
                (direction, loss) ->
                        result.atMost("outageMs " + direction, loss.outageMs(), limitMs, "ms"));
    }
}
