package io.spillway.node.lab;

import tools.jackson.databind.JsonNode;

/** A site's answer to {@code readiness}: connected of expected sites. */
public record Readiness(String status, int connected, int expected) {
    public static final Readiness UNKNOWN = new Readiness("UNKNOWN", 0, 0);

    public static Readiness parse(JsonNode answer) {
        return new Readiness(
                answer.path("status").asString("?"),
                answer.path("connected").asInt(0),
                answer.path("expected").asInt(0));
    }

    /** X/X, where X is every other site of the lab: a site that expects fewer is not ready. */
    public boolean isComplete(int otherSites) {
        return status.equals("READY") && connected == otherSites && expected == otherSites;
    }

    /** Recovery is off there. */
    boolean isDisabled() {
        return status.equals("DISABLED");
    }

    @Override
    public String toString() {
        return status + " " + connected + "/" + expected;
    }
}
