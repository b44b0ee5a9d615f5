package io.spillway.node.lab;

import java.util.List;
import java.util.Map;

/**
 * Everything a run of the lab found out; {@link LabChecks} judges it.
 *
 * @param readiness by site, before the first cut
 * @param lanMarked packets with the marker seen on each site's LAN in a second
 * @param troubles nodes and threads that ended by themselves
 */
record LabResult(
        int sites,
        Map<String, Readiness> readiness,
        List<CutResult> cuts,
        List<LabEvent> events,
        Tcp tcp,
        Streams streams,
        List<String> unansweredPings,
        int pingsSent,
        CaptureCheck internet,
        long internetDropped,
        Map<String, Long> lanMarked,
        List<String> troubles,
        LabEnvironment environment) {

    /** The long session. */
    record Tcp(boolean survived, String failure, long longestGapMs, long bytesChecked) {}

    /** All UDP streams over the whole run. */
    record Streams(long arrived, long duplicates, long reordered) {}
}
