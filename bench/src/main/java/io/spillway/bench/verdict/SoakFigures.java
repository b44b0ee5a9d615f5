package io.spillway.bench.verdict;

import java.time.Duration;

/**
 * What a soak found, both sites together: "early" is after a fifth of it.
 *
 * @param lostSlots packet slots that were free before and are not free afterwards
 * @param pauses of the sites' Java machines, without those the soak itself caused
 */
record SoakFigures(
        Duration duration,
        double gigabits,
        long packets,
        int lostSlots,
        double earlyHeapKib,
        double lateHeapKib,
        double earlyResidentKib,
        double lateResidentKib,
        Pauses pauses) {}
