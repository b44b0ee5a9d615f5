package io.spillway.dataplane.agent;

/**
 * Whether the agent should rest a moment before it looks for the next packet, as a network card's
 * interrupt moderation does. A steady stream of small packets in one direction would wake it for
 * each of them, and waking costs more than the packet; after a rest several are there, leave in one
 * message and arrive in one.
 *
 * <p>Traffic that answers itself (a question and its answer, TCP and its acknowledgments) comes by
 * both sides in turn and is never delayed; nor is what wakes the agent less than two thousand times
 * a second. A probe now and then against the stream does not end it.
 *
 * <p>Owned by one agent.
 */
final class Moderation {
    /** What a packet of such a stream may wait; that of a faster one waits less. */
    static final long REST_MAX_NS = 1_000_000;

    static final long REST_MIN_NS = 100_000;

    /** What a rest should bring: less spares little, more would fill the kernel's queue. */
    static final int PACKETS_PER_REST = 32;

    /** Cycles with traffic that are further apart are no stream worth a rest. */
    static final long INTERVAL_MAX_NS = 500_000;

    /** Cycles one way that make a stream. */
    static final int CYCLES_MIN = 32;

    /** How many of them one cycle the other way takes back. */
    static final int SETBACK = 8;

    /** Looks that find nothing before the stream counts as interrupted. */
    static final int EMPTY_LOOKS_MAX = 2;

    /** What a rest takes at most on a busy machine, to tell a stream's pause from its end. */
    private static final long RESTED_MAX_NS = 3 * REST_MAX_NS;

    /** Weight of a cycle in the stream's pace: 1 / 8. */
    private static final int PACE_SHIFT = 3;

    private int cycles;
    private int emptyLooks;
    private boolean isFromLan;
    private long lastNs;
    private long paceNs;

    /**
     * One cycle brought this.
     *
     * @param lan frames of all ports
     * @param wan datagrams of all links
     */
    void note(int lan, int wan, long nowNs) {
        if (lan == 0 && wan == 0) {
            emptyLooks = Math.min(emptyLooks + 1, EMPTY_LOOKS_MAX + 1);
            return;
        }
        long pauseMaxNs = INTERVAL_MAX_NS + (isStream() ? RESTED_MAX_NS : 0);
        long pauseNs = nowNs - lastNs;
        boolean isBegin = cycles == 0 || pauseNs >= pauseMaxNs;
        if (isBegin) {
            isFromLan = lan > 0;
            cycles = 1;
            paceNs = INTERVAL_MAX_NS;
        } else if (isFromLan ? wan == 0 : lan == 0) {
            cycles = Math.min(cycles + 1, CYCLES_MIN);
            paceNs += (pauseNs / (lan + wan) - paceNs) >> PACE_SHIFT;
        } else {
            cycles = Math.max(cycles - SETBACK, 0);
        }
        emptyLooks = 0;
        lastNs = nowNs;
    }

    /** Where the stream comes from, or what may become one. */
    boolean isFromLan() {
        return isFromLan;
    }

    /** How long to rest now that nothing is left to do; 0 for not at all. */
    long restNs() {
        if (!isStream() || emptyLooks > EMPTY_LOOKS_MAX) {
            return 0;
        }
        return Math.clamp(PACKETS_PER_REST * paceNs, REST_MIN_NS, REST_MAX_NS);
    }

    private boolean isStream() {
        return cycles == CYCLES_MIN;
    }
}
