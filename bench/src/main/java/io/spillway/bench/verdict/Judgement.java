package io.spillway.bench.verdict;

import java.util.Locale;

/**
 * What became of one {@link Must}.
 *
 * @param measured for people
 * @param ratio to what it is compared with; NaN where there is none
 */
record Judgement(String measured, double ratio, State state) {
    enum State {
        PASS,
        FAIL,
        /** Measured, but not for as long as the promise says. */
        SHORT,
        /** There is no figure to judge. */
        MISSING
    }

    static Judgement of(String measured, double ratio, boolean holds) {
        return new Judgement(measured, ratio, holds ? State.PASS : State.FAIL);
    }

    static Judgement of(String measured, boolean holds) {
        return of(measured, Double.NaN, holds);
    }

    static Judgement missing(String why) {
        return new Judgement(why, Double.NaN, State.MISSING);
    }

    /** It holds so far, but that does not count yet. */
    Judgement shortened() {
        return state == State.PASS ? new Judgement(measured, ratio, State.SHORT) : this;
    }

    static String figure(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
    }
}
