package io.spillway.routing.bfd;

/**
 * A session as it is shown. Immutable.
 *
 * @param changedNs when it came to this state, by the clock of the speaker's caller
 * @param detectionUs how long the neighbour may be silent now; 0: it is not heard
 * @param upCount how often it came up
 */
public record BfdView(
        BfdConfig config,
        BfdState state,
        BfdDiagnostic diagnostic,
        long changedNs,
        long detectionUs,
        long received,
        long sent,
        long upCount) {}
