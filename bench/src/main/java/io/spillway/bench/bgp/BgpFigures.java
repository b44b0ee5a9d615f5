package io.spillway.bench.bgp;

/**
 * A whole table through one speaker.
 *
 * @param announcedSeconds from the feeder's first UPDATE until the sink has every prefix
 * @param withdrawnSeconds from the first withdrawal until the sink has none
 * @param residentMib of the speaker's process, with the whole table
 * @param cpuSeconds of it, for both
 */
public record BgpFigures(
        String daemon,
        int prefixes,
        int sets,
        double announcedSeconds,
        double withdrawnSeconds,
        double residentMib,
        double cpuSeconds) {}
