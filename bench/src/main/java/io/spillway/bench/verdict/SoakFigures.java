package io.spillway.bench.verdict;

import java.time.Duration;
import java.util.List;

/**
 * What a soak found, both sites together: "early" is after a fifth of it.
 *
 * @param lostSlots packet slots that were free before and are not free afterwards
 * @param pausesNs of the sites' Java machines, sorted; without those the soak itself caused
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
        List<Long> pausesNs) {
    SoakFigures {
        pausesNs = List.copyOf(pausesNs);
    }

    /** The pause that all but one in a thousand do not exceed; 0 without pauses. */
    double pauseMs() {
        if (pausesNs.isEmpty()) return 0;
        int index = (int) Math.ceil(0.999 * pausesNs.size()) - 1;
        return pausesNs.get(index) / 1e6;
    }
}
