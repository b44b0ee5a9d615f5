package io.spillway.routing.bgp;

/** A timer that its owner asks. */
final class Deadline {
    private boolean isArmed;
    private long ns;

    void arm(long nowNs, long afterNs) {
        isArmed = true;
        ns = nowNs + afterNs;
    }

    void disarm() {
        isArmed = false;
    }

    boolean isArmed() {
        return isArmed;
    }

    boolean isDue(long nowNs) {
        return isArmed && nowNs - ns >= 0;
    }

    /** Whether it has come; it does so once. */
    boolean take(long nowNs) {
        boolean isDue = isDue(nowNs);
        isArmed &= !isDue;
        return isDue;
    }

    /** The earlier of the two. */
    long earlier(long otherNs) {
        return isArmed && ns - otherNs < 0 ? ns : otherNs;
    }
}
