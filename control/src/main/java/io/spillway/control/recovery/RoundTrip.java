package io.spillway.control.recovery;

import java.util.OptionalLong;

/** Round-trip time as RFC 6298 §2 smooths it, and jitter as RFC 3550 §6.4.1 does. */
final class RoundTrip {
    /** RFC 6298 (2.1): what to wait while nothing is known. */
    static final long INITIAL_WAIT_NS = 1_000_000_000L;

    /** Ours: a sample above is a queue that drained, and would blind the detection for long. */
    static final long SAMPLE_MAX_NS = 3_000_000_000L;

    private boolean isKnown;
    private long smoothedNs;
    private long variationNs;
    private long lastNs;
    private boolean hasJitter;
    private long jitterNs;

    void sample(long roundTripNs) {
        long sampleNs = Math.clamp(roundTripNs, 0, SAMPLE_MAX_NS);
        if (isKnown) {
            variationNs += (Math.abs(smoothedNs - sampleNs) - variationNs) / 4;
            smoothedNs += (sampleNs - smoothedNs) / 8;
            jitterNs += (Math.abs(sampleNs - lastNs) - jitterNs) / 16;
            hasJitter = true;
        } else {
            smoothedNs = sampleNs;
            variationNs = sampleNs / 2;
            isKnown = true;
        }
        lastNs = sampleNs;
    }

    void forget() {
        isKnown = false;
        hasJitter = false;
        jitterNs = 0;
    }

    /** SRTT + 4·RTTVAR: nearly every reply that comes has come by then. */
    long replyWaitNs() {
        return isKnown ? smoothedNs + 4 * variationNs : INITIAL_WAIT_NS;
    }

    OptionalLong smoothedNs() {
        return isKnown ? OptionalLong.of(smoothedNs) : OptionalLong.empty();
    }

    OptionalLong jitterNs() {
        return hasJitter ? OptionalLong.of(jitterNs) : OptionalLong.empty();
    }
}
