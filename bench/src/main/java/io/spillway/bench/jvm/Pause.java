package io.spillway.bench.jvm;

/**
 * All threads of a Java machine stood still.
 *
 * @param reason the machine's own name for it
 * @param lengthNs from the request to stand still until all went on
 */
public record Pause(String reason, long lengthNs) {}
