package io.spillway.node.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to run.
 *
 * @param ways to cut the PoP, at least one
 * @param json machine-readable report; null: none
 * @param capture pcap of the Internet to leave; null: none
 * @param svg picture of the first cut to leave; null: none
 * @param recovery whether sites may recover; off, the lab must fail
 * @param freeze whether sites keep the routes of a lost PoP; off, the lab must fail
 * @param cut whether the PoP is really cut; off, the lab must fail
 * @param rttMs between any two of the sites and the PoP; 0: as fast as it goes
 * @param calm what scenarios in which nothing may happen last
 * @param trained cache to make for later starts, {@link LabTraining} instead of cuts; null: none
 */
record LabOptions(
        int sites,
        int cuts,
        List<CutKind> ways,
        Path json,
        Path capture,
        Path svg,
        boolean keep,
        boolean recovery,
        boolean freeze,
        boolean cut,
        int rttMs,
        Duration calm,
        Path trained,
        long seed) {

    /** The way of the cut with this index from 0: all ways in turn, so in equal parts. */
    CutKind way(int index) {
        return ways.get(index % ways.size());
    }
}
