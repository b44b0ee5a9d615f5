package io.spillway.dataplane.agent;

/**
 * Whether the agent should rest a moment before it looks for the next packet, as a network card's
 * interrupt moderation does. A steady stream of small packets in one direction would wake it for
 * each of them, and waking costs more than the packet; after a rest several are there, leave in one
 * message and arrive in one.
 *
 * <p>Traffic that answers itself (a question and its answer, TCP and its acknowledgments) comes by
 * both sides in turn and is never delayed; nor is what wakes the agent less than two thousand times
 * a second.
 *
 * <p>Owned by the data-plane agent.
 */
final class Moderation {
    /** What a packet of such a stream may wait. */
    static final long REST_NS = 500_000;

    /** Cycles with traffic that are further apart are no stream worth a rest. */
    static final long INTERVAL_MAX_NS = 500_000;

    /** Cycles in a row that make a stream. */
    static final int CYCLES_MIN = 32;

    /** What a rest takes at most on a busy machine, to tell a stream's pause from its end. */
    private static final long RESTED_MAX_NS = 3 * REST_NS;

    private int streak;
    private boolean isDue;
    private boolean isFromLan;
    private long lastNs;

    /**
     * One cycle brought this.
     *
     * @param lan frames of all ports
     * @param wan datagrams of all links
     */
    void note(int lan, int wan, long nowNs) {
        if (lan == 0 && wan == 0) {
            return;
        }
        boolean isOneWay = lan == 0 || wan == 0;
        long restedNs = streak == CYCLES_MIN ? RESTED_MAX_NS : 0;
        boolean isSoon = nowNs - lastNs < INTERVAL_MAX_NS + restedNs;
        boolean goesOn = isOneWay && isFromLan == lan > 0 && isSoon;
        streak = goesOn ? Math.min(streak + 1, CYCLES_MIN) : 0;
        isDue = streak == CYCLES_MIN;
        isFromLan = lan > 0;
        lastNs = nowNs;
    }

    /** Where the last traffic came from. */
    boolean isFromLan() {
        return isFromLan;
    }

    /** How long to rest now that nothing is left to do; 0 for not at all. Once per stream cycle. */
    long takeRestNs() {
        long restNs = isDue ? REST_NS : 0;
        isDue = false;
        return restNs;
    }
}
