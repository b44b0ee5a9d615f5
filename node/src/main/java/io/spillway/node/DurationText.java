package io.spillway.node;

import java.time.Duration;

/** A duration as configuration files write it. */
final class DurationText {

    /** In the largest unit that divides it: 100ms, 8s, 30m, 2h. */
    static String of(Duration duration) {
        long ms = duration.toMillis();
        if (ms == 0 || ms % 1000 != 0) {
            return ms + "ms";
        }
        long s = ms / 1000;
        if (s % 60 != 0) {
            return s + "s";
        }
        return s % 3600 != 0 ? s / 60 + "m" : s / 3600 + "h";
    }

    private DurationText() {}
}
