package io.spillway.node.lab;

import java.nio.file.Path;

/**
 * What to run.
 *
 * @param json machine-readable report; null: none
 * @param capture pcap of the Internet to leave; null: none
 * @param recovery whether sites may recover; off, the lab must fail
 * @param freeze whether sites keep the routes of a lost PoP; off, the lab must fail
 * @param cut whether the PoP is really cut; off, the lab must fail
 */
record LabOptions(
        int sites,
        int cuts,
        Path json,
        Path capture,
        boolean keep,
        boolean recovery,
        boolean freeze,
        boolean cut,
        long seed) {}
