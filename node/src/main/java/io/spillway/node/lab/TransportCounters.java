package io.spillway.node.lab;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** What a site counts of one of its rules for other sites. */
final class TransportCounters {
    private static final long GROWTH_MS = 300;

    private final NodeProcess site;
    private final String rule;

    TransportCounters(NodeProcess site, String rule) {
        this.site = site;
        this.rule = rule;
    }

    /** Packets for which the first choice was not there. */
    long bySecondary() throws IOException {
        return bySecondary(ask());
    }

    /** Whether packets go by the first choice alone, for a moment. */
    boolean isByFirst() throws IOException {
        JsonNode before = ask();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(GROWTH_MS));
        JsonNode now = ask();
        return byFirst(now) > byFirst(before) && bySecondary(now) == bySecondary(before);
    }

    private JsonNode ask() throws IOException {
        for (JsonNode row : site.ask("firewall").path("wanRules")) {
            if (row.path("wanRule").asString("").equals(rule)) {
                return row;
            }
        }
        throw new IOException(site.name() + " has no rule " + rule);
    }

    private static long byFirst(JsonNode row) {
        return row.path("packets").asLong(0);
    }

    private static long bySecondary(JsonNode row) {
        return row.path("packetsBySecondary").asLong(0);
    }
}
