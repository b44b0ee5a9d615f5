package io.spillway.routing;

/** Seeds of random tests: {@code -Dspillway.seed=N} repeats a run. */
public final class Seeds {
    private Seeds() {}

    public static long next() {
        return Long.getLong("spillway.seed", System.nanoTime());
    }

    /** Full counts wanted, {@code ./spillway test --long}. */
    public static boolean isLong() {
        return Boolean.getBoolean("spillway.long");
    }
}
