package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Where and with what the lab ran. The last three are what the first site says of itself. */
record LabEnvironment(
        String kernel,
        String jdk,
        int cores,
        int rttMs,
        long seed,
        String cipher,
        String loop,
        String backOffFirst,
        String backOffMax) {

    static LabEnvironment of(LabOptions options, JsonNode status) throws IOException {
        JsonNode backOff = status.path("returnBackoff");
        return new LabEnvironment(
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                Runtime.version().toString(),
                Runtime.getRuntime().availableProcessors(),
                options.rttMs(),
                options.seed(),
                status.path("cipher").asString("unknown"),
                status.path("loop").asString("unknown"),
                backOff.path("first").asString("unknown"),
                backOff.path("max").asString("unknown"));
    }
}
