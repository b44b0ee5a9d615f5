package io.spillway.bench.verdict;

import java.time.Duration;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * What the lab found of recovery, in its own reports.
 *
 * @param cuts of the PoP, by all ways in turn
 * @param rttMs between any two of the sites and the PoP
 * @param p50Ms median outage of the worst way
 * @param p99Ms of the worst way
 * @param returnLost packets, in all returns
 * @param slow on a slow, jittery, lossy path
 * @param load under full forwarding load
 * @param bfdDown how often a BFD session went down in it; empty where none was spoken
 */
record RecoveryFigures(
        int cuts,
        int rttMs,
        double p50Ms,
        double p99Ms,
        long returnLost,
        Calm slow,
        Calm load,
        OptionalLong bfdDown) {
    static final String SLOW = "slow-path";
    static final String LOAD = "full-load";
    static final String LOAD_AND_BFD = "full-load-bfd";

    /** A time in which nobody should have left the cloud, and how often somebody did. */
    record Calm(Duration watched, long recoveries) {
        /** Of a report of scenarios; null if that one did not come to its end. */
        static Calm of(JsonNode report, String scenario) {
            for (JsonNode each : report.path("scenarios")) {
                JsonNode measured = each.path("measured");
                if (each.path("name").asString("").equals(scenario) && measured.has("recoveries")) {
                    double seconds = measured.path("watchedS").path("value").asDouble(0);
                    return new Calm(
                            Duration.ofMillis(Math.round(seconds * 1000)),
                            measured.path("recoveries").path("value").asLong());
                }
            }
            return null;
        }
    }

    /**
     * @param cuts report of the cuts, whole
     * @param calm report of the scenarios
     */
    static RecoveryFigures of(JsonNode cuts, JsonNode calm) {
        double p50Ms = 0;
        double p99Ms = 0;
        for (JsonNode way : cuts.at("/recovery/outageMs/byCut")) {
            p50Ms = Math.max(p50Ms, way.path("p50").asDouble(0));
            p99Ms = Math.max(p99Ms, way.path("p99").asDouble(0));
        }
        Calm withBfd = Calm.of(calm, LOAD_AND_BFD);
        return new RecoveryFigures(
                cuts.path("cuts").size(),
                cuts.at("/environment/rttMs").asInt(0),
                p50Ms,
                p99Ms,
                cuts.at("/return/lostPackets").asLong(),
                Calm.of(calm, SLOW),
                withBfd == null ? Calm.of(calm, LOAD) : withBfd,
                bfdDown(calm));
    }

    private static OptionalLong bfdDown(JsonNode calm) {
        for (JsonNode each : calm.path("scenarios")) {
            JsonNode down = each.path("measured").path("bfdDown");
            if (!down.isMissingNode()) return OptionalLong.of(down.path("value").asLong());
        }
        return OptionalLong.empty();
    }
}
